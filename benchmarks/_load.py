"""A load generator: some keep-alive connections, each with one request under way, as `wrk` would; on uvloop.

It is run as a process of its own (`python -m benchmarks._load`), and shares nothing with what it measures.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import uvloop


@dataclass(frozen=True, slots=True)
class Load:
    """What was measured: requests a second, latencies in milliseconds, and answers that were not 200."""

    requests_per_second: float
    p50_ms: float
    p99_ms: float
    requests: int
    failures: int


class _Connection(asyncio.Protocol):
    """One connection: sends the request, reads the answer by its Content-Length, and again."""

    def __init__(self, request: bytes, latencies: list[float], until: float) -> None:
        self._request = request
        self._latencies = latencies
        self._until = until
        self._buffer = b""
        self._sent = 0.0
        self.failures = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data if self._buffer else data
        end = buffer.find(b"\r\n\r\n")
        if end < 0:
            self._buffer = buffer
            return
        at = buffer.lower().find(b"content-length:", 0, end)
        length = int(buffer[at + 15 : buffer.find(b"\r\n", at)])
        if len(buffer) < end + 4 + length:
            self._buffer = buffer
            return
        self._buffer = b""
        now = time.perf_counter()
        self._latencies.append(now - self._sent)
        if buffer[9:12] != b"200":
            self.failures += 1
        if now < self._until:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, _: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def _run(host: str, port: int, request: bytes, connections: int, seconds: float) -> Load:
    loop = asyncio.get_running_loop()
    latencies: list[float] = []
    started = time.perf_counter()
    opened = [
        (await loop.create_connection(lambda: _Connection(request, latencies, started + seconds), host, port))[1]
        for _ in range(connections)
    ]
    async with asyncio.timeout(seconds + 30):
        await asyncio.gather(*(connection.done for connection in opened))
    elapsed = time.perf_counter() - started
    ordered = sorted(latencies)
    return Load(
        requests_per_second=len(ordered) / elapsed,
        p50_ms=ordered[len(ordered) // 2] * 1000,
        p99_ms=ordered[int(len(ordered) * 0.99)] * 1000,
        requests=len(ordered),
        failures=sum(connection.failures for connection in opened),
    )


def put_load(
    url: str, path: str, *, headers: dict[str, str], body: bytes = b"", connections: int = 8, seconds: float = 5.0
) -> Load:
    """Sends one request over and over from another process.

    Args:
        url: `http://host:port`.
        path: path and query string.
        headers: the request's headers.
        body: the request's body; sent with POST, no body with GET.
        connections: how many requests are under way at a time.
        seconds: for how long.
    """
    host, _, port = url.removeprefix("http://").partition(":")
    lines = [f"{'POST' if body else 'GET'} {path} HTTP/1.1", f"Host: {host}:{port}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    request = "\r\n".join([*lines, "", ""]).encode() + body
    job = {
        "host": host,
        "port": int(port),
        "request": request.decode("latin-1"),
        "connections": connections,
        "seconds": seconds,
    }
    finished = subprocess.run(
        [sys.executable, "-m", "benchmarks._load"], input=json.dumps(job), capture_output=True, text=True, check=True
    )
    return Load(**json.loads(finished.stdout))


def resident_megabytes(pid: int) -> float:
    """The memory that a process holds, in megabytes, by /proc."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def cpu_seconds(pid: int) -> float:
    """The processor time that a process has used, by /proc."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Reads a job from standard input and prints its result, both as JSON."""
    job = json.load(sys.stdin)
    job["request"] = job["request"].encode("latin-1")
    load = uvloop.run(_run(**job))
    print(
        json.dumps(
            {
                "requests_per_second": load.requests_per_second,
                "p50_ms": load.p50_ms,
                "p99_ms": load.p99_ms,
                "requests": load.requests,
                "failures": load.failures,
            }
        )
    )


if __name__ == "__main__":
    main()
