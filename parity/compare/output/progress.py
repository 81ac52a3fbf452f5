"""One line that tells what is being done, on a terminal only; a pipe gets nothing."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from parity.compare.comparison import CaseResult
from parity.terminal import visible

CLEAR_LINE = "\r\x1b[2K"


class Progress:
    """A line that is written over by the next one. Safe to call from several threads."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._closed = not file.isatty()

    def show(self, text: str) -> None:
        """Shows a text in place of the one before."""
        with self._lock:
            if not self._closed:
                self._file.write(CLEAR_LINE + visible(text)[: shutil.get_terminal_size().columns - 1])
                self._file.flush()

    def counting(self, total: int) -> Callable[[CaseResult], None]:
        """A function that shows how many of `total` results are there, each time it gets one."""
        done = 0

        def count(result: CaseResult) -> None:
            nonlocal done
            done += 1
            self.show(f"comparing {done}/{total} {result.case.name}")

        return count

    def close(self) -> None:
        """Takes the line away."""
        with self._lock:
            if not self._closed:
                self._file.write(CLEAR_LINE)
                self._file.flush()
            self._closed = True


@contextmanager
def progress_on(file: IO[str]) -> Iterator[Progress]:
    """A progress line for as long as the context lasts."""
    progress = Progress(file)
    try:
        yield progress
    finally:
        progress.close()
