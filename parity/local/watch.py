"""Takes what is saved: runs the program again and serves its new version, from the next request on."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable, Iterable
from pathlib import Path
from typing import Protocol

import watchfiles

from parity.errors import UserError
from parity.local.session import Session

_IGNORED_FOLDERS = (*watchfiles.DefaultFilter.ignore_dirs, ".venv", "venv", ".pulumi")
_STEP_MS = 30
_DEBOUNCE_MS = 300

Changes = set[tuple[watchfiles.Change, str]]


class Note(Protocol):
    """Takes what happened to the session."""

    def __call__(self, text: str, *, failed: bool = False) -> None:
        """Takes one text; `failed` when the last good version is kept because of it."""
        ...


class Watcher:
    """Notices what is saved in a folder, from `start` on.

    Args:
        folder: the folder, with all that is in it but caches, version control and virtual environments.
        ignored: files that are written by Parity itself.
    """

    def __init__(self, folder: Path, ignored: Iterable[Path] = ()) -> None:
        self._folder = folder.resolve()
        self._ignored = {path.resolve() for path in ignored}
        self._digests: dict[Path, bytes] = {}
        self._changes: AsyncGenerator[Changes, None] = watchfiles.awatch(
            self._folder,
            watch_filter=watchfiles.DefaultFilter(ignore_dirs=_IGNORED_FOLDERS),
            step=_STEP_MS,
            debounce=_DEBOUNCE_MS,
        )
        self._next: asyncio.Task[Changes] | None = None

    async def start(self) -> None:
        """Begins to notice; what is saved later is not missed, even while nobody waits for it."""
        self._next = asyncio.ensure_future(self._step())
        await asyncio.sleep(0)  # in its first step the generator sets the watch up

    async def saved(self) -> list[str]:
        """Waits for the next files that were saved with another content.

        Returns:
            Their paths within the folder.
        """
        while True:
            changes = await (self._next or asyncio.ensure_future(self._step()))
            self._next = asyncio.ensure_future(self._step())
            paths = sorted({Path(path) for _, path in changes})
            found = [path for path in paths if path not in self._ignored and self._differs(path)]
            if found:
                return [str(path.relative_to(self._folder)) for path in found]

    def stop(self) -> None:
        """Ends the watch."""
        if self._next is not None:
            self._next.cancel()

    async def _step(self) -> Changes:
        return await anext(self._changes)

    def _differs(self, path: Path) -> bool:
        """Whether a file has another content than when it was last noticed: a program may write the same again."""
        try:
            digest = hashlib.sha256(path.read_bytes()).digest()
        except OSError:
            digest = b""
        known = self._digests.get(path)
        self._digests[path] = digest
        return digest != known


async def serve_what_is_saved(
    session: Session, watcher: Watcher, *, on_change: Callable[[], None], on_note: Note
) -> None:
    """Serves the latest saved version of a session's program until it is cancelled.

    A version that fails is told with its error, and the last good one keeps serving. Ports stay as they are.

    Args:
        session: the session, started.
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
            on_note(f"{error}\nthe last good version keeps serving", failed=True)
        else:
            on_change()
