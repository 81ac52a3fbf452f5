"""Temporary folders of this process: removed at its end, or, when it was killed, at the next start of Parity.

All are in one folder, `parity-PID-…` in the folder for temporary files, which is locked while the process runs.
"""

import atexit
import contextlib
import fcntl
import os
import re
import shutil
import tempfile
import threading
import time
from pathlib import Path

from parity.errors import UserError

_NAME = re.compile(r"parity-(\d+)-\w+")
_YOUNG_SECONDS = 60.0


class ScratchError(UserError):
    """No temporary folder can be made."""


def scratch_folder(purpose: str) -> Path:
    """A new, empty folder, which whoever asks for it removes; else it ends with the process.

    Args:
        purpose: the beginning of its name.

    Raises:
        ScratchError: it cannot be made.
    """
    try:
        return Path(tempfile.mkdtemp(prefix=f"{purpose}-", dir=_root.folder()))
    except OSError as error:
        where = error.filename or "TMPDIR, /tmp and /var/tmp"
        raise ScratchError(
            f"no temporary folder can be made in {where}: {error.strerror}; set TMPDIR to a folder that has room"
        ) from error


def remove_left_behind() -> None:
    """Removes the folders of processes of this user that were killed."""
    with contextlib.suppress(OSError):
        for entry in os.scandir(tempfile.gettempdir()):
            name = _NAME.fullmatch(entry.name)
            if name is not None and entry.is_dir(follow_symlinks=False):
                with contextlib.suppress(OSError):  # it is another user's, or was removed in between
                    _remove_unless_in_use(Path(entry.path), int(name[1]))


def _remove_unless_in_use(folder: Path, process_id: int) -> None:
    state = folder.lstat()
    # A folder that was just made is not yet locked; and a process in another container may have the id of none here.
    if state.st_uid != os.getuid() or (_exists(process_id) and time.time() - state.st_mtime < _YOUNG_SECONDS):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(descriptor)


def _exists(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class _Root:
    """The process's own folder, made when it is first needed. Sessions may live in several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._folder: Path | None = None
        self._process_id = 0

    def folder(self) -> Path:
        with self._lock:
            if self._folder is None or self._process_id != os.getpid() or not self._folder.is_dir():
                self._folder = Path(tempfile.mkdtemp(prefix=f"parity-{os.getpid()}-"))
                self._process_id = os.getpid()
                descriptor = os.open(self._folder, os.O_RDONLY)  # never closed: the lock is the process's
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                atexit.register(self._remove, self._folder, os.getpid())
            return self._folder

    def _remove(self, folder: Path, process_id: int) -> None:
        if process_id == os.getpid():  # not in a child that was forked
            shutil.rmtree(folder, ignore_errors=True)


_root = _Root()
