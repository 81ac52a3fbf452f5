"""What of a streamed answer has come and is not yet sent on."""

import asyncio
from collections import deque
from typing import Final

MOST_WAITING_BYTES: Final = 256 * 1024
"""How much of a stream may wait to be sent on before its backend is not read any more."""


class PieceQueue:
    """The pieces of a stream in their order. Where they come from is paused while too many of them wait."""

    def __init__(self) -> None:
        self._pieces: deque[bytes] = deque()
        self._bytes = 0
        self._news = asyncio.Event()
        self._source: asyncio.ReadTransport | None = None

    def __bool__(self) -> bool:
        return bool(self._pieces)

    def put(self, piece: bytes, source: asyncio.ReadTransport | None) -> None:
        """Takes a piece as it comes from its source."""
        self._pieces.append(piece)
        self._bytes += len(piece)
        self._source = source
        if self._bytes > MOST_WAITING_BYTES and source is not None:
            source.pause_reading()
        self.notify()

    def get(self) -> bytes:
        """The oldest piece."""
        piece = self._pieces.popleft()
        self._bytes -= len(piece)
        return piece

    def notify(self) -> None:
        """Lets who waits look again: a piece came, or none will."""
        self._news.set()

    async def wait(self, deadline: float) -> None:
        """Waits for news.

        Args:
            deadline: how long at most, by the event loop's clock, in seconds.

        Raises:
            TimeoutError: there were none.
        """
        self._resume()
        self._news.clear()
        async with asyncio.timeout_at(deadline):
            await self._news.wait()

    def drop(self) -> None:
        """Forgets what waits, and lets its source go on."""
        self._pieces.clear()
        self._bytes = 0
        self._resume()

    def _resume(self) -> None:
        source = self._source
        if source is not None and not source.is_closing() and not source.is_reading():
            source.resume_reading()
