"""Waiting for a container's health ends when whoever waits gives up."""

import asyncio
import contextlib

from parity.local.containers.health import wait_until_healthy


async def test_a_wait_that_is_cancelled_at_any_moment_ends() -> None:
    """Python 3.11's `asyncio.wait_for` drops a cancellation that comes just as its future is done (gh-86296)."""

    async def healthy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, EOFError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(healthy, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        for steps in range(60):
            waiting = asyncio.create_task(wait_until_healthy([port], "/", is_running=lambda: True))
            for _ in range(steps):
                await asyncio.sleep(0)
            was_waiting = waiting.cancel()
            await asyncio.wait([waiting])
            assert waiting.cancelled() is was_waiting
