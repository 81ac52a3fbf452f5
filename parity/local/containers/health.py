"""Waits until a container serves, asking often: a start that is noticed late is a start that is slow."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Sequence

POLL_SECONDS = 0.008
ANSWER_SECONDS = 5.0


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def port_taken(port: int) -> bool:
    """Whether something listens at a port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
        return False


async def wait_until_healthy(ports: Sequence[int], path: str | None, *, is_running: Callable[[], bool]) -> int | None:
    """Waits until one of the ports answers.

    Args:
        ports: the ports of 127.0.0.1 that the container may listen at.
        path: the path that must answer with a status below 400; without it an accepted connection is enough.
        is_running: whether the container's process still runs.

    Returns:
        The port that answers, or None when the process has ended.
    """
    while is_running():
        for port in ports:
            if await _answers(port, path):
                return port
        await asyncio.sleep(POLL_SECONDS)
    return None


async def _answers(port: int, path: str | None) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    try:
        if path is None:
            return True
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        async with asyncio.timeout(ANSWER_SECONDS):
            status_line = await reader.readline()
        words = status_line.split()
        return len(words) > 1 and words[1].isdigit() and 200 <= int(words[1]) < 400
    except (OSError, TimeoutError):
        return False
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
