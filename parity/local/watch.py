"""Takes what is saved: runs the program again and serves its new version, from the next request on."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import watchfiles

from parity.errors import UserError
from parity.local.session import Session

_IGNORED_FOLDERS = watchfiles.DefaultFilter.ignore_dirs
_SETTLE_MS = 50


class Note(Protocol):
    """Takes what happened to the session."""

    def __call__(self, text: str, *, failed: bool = False) -> None:
        """Takes one text; `failed` when the last good version is kept because of it."""
        ...


async def watch(session: Session, *, on_change: Callable[[], None], on_note: Note) -> None:
    """Serves the latest saved version of a session's program until it is cancelled.

    A version that fails is told with its error, and the last good one keeps serving. Ports stay as they are.

    Args:
        session: the session, started.
        on_change: called after each version that was taken.
        on_note: told what was saved and what failed.
    """
    changes = watchfiles.awatch(session.root, watch_filter=_Filter(session.root), step=_SETTLE_MS, debounce=400)
    async for changed in changes:
        paths = sorted({_shown(Path(path), session.root) for _, path in changed})
        on_note(f"saved: {', '.join(paths[:3])}{' …' if len(paths) > 3 else ''}")
        try:
            await session.start()
        except UserError as error:
            on_note(f"{error}\nthe last good version keeps serving", failed=True)
        except asyncio.CancelledError:
            raise
        else:
            on_change()


class _Filter(watchfiles.DefaultFilter):
    """Leaves out what editors, interpreters and version control write."""

    def __init__(self, root: Path) -> None:
        super().__init__(ignore_dirs=(*_IGNORED_FOLDERS, ".venv", "venv", ".git", ".pulumi"))
        self._root = root


def _shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
