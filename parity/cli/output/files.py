"""The files that commands write."""

import sys
from pathlib import Path

from parity.errors import UserError


def require_folder(path: Path | None) -> None:
    """Checks that the folder of a file exists, before what is to be written there has taken its time.

    Args:
        path: the file that will be written; nothing is checked when None.

    Raises:
        UserError: there is no such folder.
    """
    if path is not None and not path.absolute().parent.is_dir():
        raise UserError(f"{path}: its folder does not exist; make it first", status=2)


def write_file(path: Path, text: str) -> None:
    """Writes a file and says so; half a character, which a request may hold and UTF-8 may not, becomes a question mark.

    Raises:
        UserError: the file cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror})") from error
    print(f"wrote {path}", file=sys.stderr)
