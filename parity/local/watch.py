"""Takes what is saved: runs the program again and serves its new version, from the next request on."""

import asyncio
import hashlib
import os
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

import watchfiles

from parity.errors import UserError
from parity.local.session import Session

MOST_FILES = 5_000
"""In a folder with more files a request does not look for changes itself, and waits only for those noticed already."""

_IGNORED_FOLDERS = frozenset({*watchfiles.DefaultFilter.ignore_dirs, "venv", ".pulumi"})
_IGNORED_SUFFIXES = (".pyc", ".pyo", ".swp", ".swx", "~")
_STEP_MS = 30
_DEBOUNCE_MS = 300

_Stamps = dict[str, tuple[int, int]]


class Note(Protocol):
    """Takes what happened to the session."""

    def __call__(self, text: str, *, failed: bool = False) -> None:
        """Takes one text; `failed` when the last good version is kept because of it."""
        ...


class Watcher:
    """Notices what is saved in a folder, from `start` on.

    Args:
        folder: the folder, with all that is in it but caches, version control and virtual environments.
        ignored: files that are written by Parity itself, or the beginnings of their paths.
    """

    def __init__(self, folder: Path, ignored: Iterable[Path] = ()) -> None:
        self._folder = folder.resolve()
        self._ignored = tuple(str(path.resolve()) for path in ignored)
        self._stamps: _Stamps = {}
        self._digests: dict[str, bytes] = {}
        self._asked = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()
        self._changes: AsyncGenerator[object, None] = watchfiles.awatch(
            self._folder, watch_filter=self._is_watched, step=_STEP_MS, debounce=_DEBOUNCE_MS
        )
        self._next: asyncio.Task[object] | None = None

    async def start(self) -> None:
        """Begins to notice; what is saved later is not missed, even while nobody waits for it."""
        self._stamps = self._look()
        self._next = asyncio.ensure_future(self._step())
        await asyncio.sleep(0)  # in its first step the generator sets the watch up

    async def saved(self) -> list[str]:
        """Waits for the next files that were saved with another content. Until it is called again, `settled` waits.

        Returns:
            Their paths within the folder.
        """
        while True:
            self._settled.set()
            asked = asyncio.ensure_future(self._asked.wait())
            self._next = self._next or asyncio.ensure_future(self._step())
            try:
                await asyncio.wait((asked, self._next), return_when=asyncio.FIRST_COMPLETED)
            finally:
                asked.cancel()
            if self._next.done():
                self._next.result()
                self._next = None
            self._asked.clear()
            found = self._saved_now()
            if found:
                self._settled.clear()
                return sorted(os.path.relpath(path, self._folder) for path in found)

    async def settled(self) -> None:
        """Waits until what has been saved so far was taken or refused; returns at once when nothing was."""
        if self._settled.is_set() and len(self._stamps) <= MOST_FILES and self._look() != self._stamps:
            self._settled.clear()
            self._asked.set()
        await self._settled.wait()

    def stop(self) -> None:
        """Ends the watch, and lets go who waits."""
        if self._next is not None:
            self._next.cancel()
        self._settled.set()

    async def _step(self) -> object:
        return await anext(self._changes)

    def _saved_now(self) -> list[str]:
        """The files that have another content than before: a program may write the same again when it runs."""
        before, self._stamps = self._stamps, self._look()
        touched = [path for path in {*before, *self._stamps} if before.get(path) != self._stamps.get(path)]
        found = []
        for path in touched:
            digest = _digest(path)
            if self._digests.get(path) != digest:
                found.append(path)
            self._digests[path] = digest
        return found

    def _look(self) -> _Stamps:
        """The time of change and the size of every watched file."""
        return dict(self._files(str(self._folder)))

    def _files(self, folder: str) -> Iterator[tuple[str, tuple[int, int]]]:
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        if entry.name not in _IGNORED_FOLDERS:
                            yield from self._files(entry.path)
                    elif self._is_watched(None, entry.path) and (stamp := _stamp(entry)) is not None:
                        yield entry.path, stamp
        except OSError:
            return  # the folder was removed meanwhile

    def _is_watched(self, _: object, path: str) -> bool:
        if path.endswith(_IGNORED_SUFFIXES) or path.startswith(self._ignored):
            return False
        parts = path.removeprefix(str(self._folder)).split(os.sep)  # noqa: PTH206 - for every file at every request
        return not _IGNORED_FOLDERS.intersection(parts)


def _stamp(file: "os.DirEntry[str]") -> tuple[int, int] | None:
    """The time of change and the size; None when it was removed meanwhile, as an editor's temporary file is."""
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


def _digest(path: str) -> bytes:
    try:
        return hashlib.sha256(Path(path).read_bytes()).digest()
    except OSError:
        return b""


async def serve_what_is_saved(
    session: Session, watcher: Watcher, *, on_change: Callable[[], None], on_note: Note
) -> None:
    """Serves the latest saved version of a session's program until it is cancelled.

    A version that fails is reported with its error, and the last good one keeps serving. Ports stay as they are.

    Args:
        session: the session, started; with `watcher.settled` as its `before_request`, a request that comes after a
            file was saved is answered by the version with that file.
        watcher: the watcher of the program's folder, started.
        on_change: called after each version that was taken.
        on_note: told what was saved and what failed.
    """
    while True:
        paths = await watcher.saved()
        on_note(f"saved: {', '.join(paths[:3])}{' …' if len(paths) > 3 else ''}")
        try:
            await session.start()
        except UserError as error:
            on_note(f"{error}\nstill serving the last working version", failed=True)
        else:
            on_change()
