"""The gateway under load: the bare HTTP backend, the same through the gateway, and Lambda, in one run.

The backend is the echo service on uvicorn with uvloop and httptools; the gateway is one `parity serve` process; load
comes from `benchmarks/_load.py`, eight connections with a request under way on each. The program is in
`gateway_program/`: an HTTP and a Lambda custom integration, both with the template of AWS's article.
"""

import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks._load import Load, cpu_seconds, put_load, resident_megabytes

ROUNDS = 3
SECONDS = 4.0
CONNECTIONS = 8
AIM = 0.75
MEMORY_AIM = 120.0
PATH = "/path1/path2?query1=querystring1&query2=querystring2"
HEADERS = {"Content-Type": "application/json", "header1": "value1", "header2": "value2", "User-Agent": "load"}
BODY = b'{"keybody":"valuebody"}'
PROGRAM = Path(__file__).parent / "gateway_program"
DEADLINE_SECONDS = 30.0


def main() -> None:
    """Prints a table: requests a second and latencies of each, by the median of some rounds, and the memory."""
    with _backend() as (server_process, backend), _gateway(backend) as (process, url):
        origin, _, stage = url.removeprefix("http://").partition("/")
        targets = {
            "bare HTTP backend": (backend, PATH, server_process.pid),
            "HTTP custom integration": (f"http://{origin}", f"/{stage}/http{PATH}", process.pid),
            "Lambda custom integration": (f"http://{origin}", f"/{stage}/lambda{PATH}", process.pid),
        }
        rounds: dict[str, list[Load]] = {name: [] for name in targets}
        processor = dict.fromkeys(targets, 0.0)
        for _ in range(ROUNDS):
            for name, (server, path, pid) in targets.items():
                before = cpu_seconds(pid)
                load = put_load(
                    server, path, headers=HEADERS, body=BODY, connections=CONNECTIONS, seconds=SECONDS / ROUNDS
                )
                processor[name] += cpu_seconds(pid) - before
                rounds[name].append(load)
        memory = resident_megabytes(process.pid)
    _print(rounds, processor, memory)


def _print(rounds: dict[str, list[Load]], processor: dict[str, float], memory: float) -> None:
    print(f"{CONNECTIONS} connections, {ROUNDS} rounds of {SECONDS / ROUNDS:.1f} s each, medians; the last column is")
    print("the processor time of the backend (first row) or of the gateway for a request")
    print(f"{'':<28}{'requests/s':>12}{'p50 ms':>10}{'p99 ms':>10}{'failures':>10}{'CPU µs':>9}")
    for name, loads in rounds.items():
        used = processor[name] / sum(load.requests for load in loads) * 1e6
        rate = statistics.median(load.requests_per_second for load in loads)
        p50 = statistics.median(load.p50_ms for load in loads)
        p99 = statistics.median(load.p99_ms for load in loads)
        failures = sum(load.failures for load in loads)
        print(f"{name:<28}{rate:>12,.0f}{p50:>10.2f}{p99:>10.2f}{failures:>10}{used:>9.0f}")
    bare, through, *_ = rounds.values()
    # Each round's own ratio: what else the machine does changes from round to round.
    ratio = statistics.median(
        after.requests_per_second / before.requests_per_second for before, after in zip(bare, through, strict=True)
    )
    print(f"through the gateway: {ratio:.0%} of the bare backend's rate   (aim: at least {AIM:.0%})")
    print(f"memory of the gateway process: {memory:.0f} MB   (aim: under {MEMORY_AIM:.0f} MB)")


@contextmanager
def _backend() -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """The echo service as a process; yields it and its URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "backend_http.app:app", "--port", str(port)]
    options = ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
    process = subprocess.Popen([*command, *options], cwd=PROGRAM.parents[1])
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url + "/healthz")
        yield process, url
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _gateway(backend: str) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """`parity serve` as a process; yields it and the stage's URL."""
    with tempfile.TemporaryDirectory() as folder:
        outputs = Path(folder) / "outputs.json"
        command = [sys.executable, "-m", "parity.cli", "serve", str(PROGRAM), "--config", f"httpBackend={backend}"]
        log = Path(folder) / "serve.log"
        with log.open("wb") as sink:
            process = subprocess.Popen([*command, "--outputs", str(outputs)], stdout=sink, stderr=sink)
        try:
            deadline = time.monotonic() + DEADLINE_SECONDS
            while not outputs.exists():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"the gateway did not come up:\n{log.read_text()}")
                time.sleep(0.02)
            yield process, json.loads(outputs.read_text())["url"]
        finally:
            process.terminate()
            process.wait()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise SystemExit(f"{url} did not answer") from None
            time.sleep(0.05)
