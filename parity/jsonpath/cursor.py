"""A position in the text of a JSONPath expression."""

from typing import Final

from parity.jsonpath.tokens import InvalidPathError

_UNICODE_DIGITS: Final = 4
_ESCAPES: Final = {"r": "\r", "f": "\f", "t": "\t", "n": "\n", "b": "\b"}


class Cursor:
    """A text and a position in it. Reading beyond the end gives the empty string.

    Args:
        text: the expression, or the part of it that is to be read.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.end = len(text)

    def at(self, position: int) -> str:
        """The character at a position, or the empty string outside the text."""
        return self.text[position] if 0 <= position < self.end else ""

    @property
    def current(self) -> str:
        """The character at the position."""
        return self.at(self.position)

    @property
    def at_tail(self) -> bool:
        """Whether the position is at the last character, or beyond it."""
        return self.position >= self.end - 1

    def skip_blanks(self) -> "Cursor":
        """Moves on to the next character that is not a space."""
        while self.position < self.end - 1 and self.text[self.position] == " ":
            self.position += 1
        return self

    def next_significant(self, position: int | None = None) -> int:
        """The position of the next character after `position` that is not a space; the end where there is none."""
        found = (self.position if position is None else position) + 1
        while found < self.end and self.text[found] == " ":
            found += 1
        return found

    def previous_significant(self) -> str:
        """The last character before the position that is not a space."""
        return self.text[: self.position].rstrip(" ")[-1:]

    def take(self, text: str) -> bool:
        """Skips blanks, and moves past `text` if it stands here."""
        self.skip_blanks()
        if not self.text.startswith(text, self.position, self.end):
            return False
        self.position += len(text)
        return True

    def closing_quote(self, start: int) -> int:
        """The position of the unescaped character that is equal to the one at `start`.

        Raises:
            InvalidPathError: there is none.
        """
        quote = self.text[start]
        position = start + 1
        while position < self.end:
            if self.text[position] == "\\":
                position += 1
            elif self.text[position] == quote:
                return position
            position += 1
        raise InvalidPathError(f"{quote} is not closed in {self.text}")

    def closing_bracket(self, start: int, opening: str, closing: str, *, skip_regex: bool = False) -> int:
        """The position of the bracket that closes the one at `start`, strings left aside; -1 if there is none."""
        depth = 1
        position = start + 1
        while position < self.end:
            if self.text[position] in "'\"" or (skip_regex and self.text[position] == "/"):
                position = self.closing_quote(position) + 1
                continue
            if self.text[position] == opening:
                depth += 1
            elif self.text[position] == closing:
                depth -= 1
                if depth == 0:
                    return position
            position += 1
        return -1


def unescape(text: str) -> str:
    """A string literal's text without its backslashes.

    Raises:
        InvalidPathError: `\\u` is not followed by hexadecimal digits.
    """
    if "\\" not in text:
        return text
    parts: list[str] = []
    position = 0
    while position < len(text):
        character = text[position]
        position += 1
        if character != "\\" or position == len(text):
            parts.append(character)
            continue
        escaped = text[position]
        position += 1
        if escaped == "u":
            digits = text[position : position + _UNICODE_DIGITS]
            position += _UNICODE_DIGITS
            try:
                parts.append(chr(int(digits, 16)))
            except ValueError as error:
                raise InvalidPathError(f"\\u{digits} is not a character") from error
        else:
            parts.append(_ESCAPES.get(escaped, escaped))
    return "".join(parts)
