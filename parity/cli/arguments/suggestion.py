"""What somebody who misspelt a name may have meant."""

from collections.abc import Iterable


def suggestion(word: str, known: Iterable[str]) -> str | None:
    """The known name that is most like a word, None if none is like it."""
    import difflib

    lower = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), lower, n=1, cutoff=0.6)
    return lower[close[0]] if close else None
