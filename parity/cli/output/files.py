"""The files that commands write."""

import os
import stat
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
    """Writes a file that its owner alone may read, for bodies are in it, and says so. Half a character, which a request
    may hold and UTF-8 may not, becomes a question mark.

    Raises:
        UserError: the file cannot be written.
    """
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                os.fchmod(file.fileno(), 0o600)  # also of a file that was there
            file.write(text.encode("utf-8", "replace"))
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror})") from error
    print(f"wrote {path}", file=sys.stderr)
