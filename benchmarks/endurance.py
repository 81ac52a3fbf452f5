"""The gateway under a long, mixed load whose backends fail: does it grow, and is every answer right?

`python -m benchmarks.endurance [MINUTES]`, 10 minutes without. Requests go to a Lambda function, an HTTP and an
HTTP_PROXY integration; some ask the backend to stall, to garble its answer, or to end in the middle of it. Meanwhile
the backend's process or one of the function's is killed at random, and the template is saved anew, which
`serve --watch` reloads. An answer is wrong if it is another request's, of an older template than an answer before it, a
success where a fault was asked for, an error without a fault or a kill of its backend, or does not come within 10
seconds.
"""

import http.client
import json
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks._load import resident_megabytes

MINUTES = 10.0
THREADS = 8
FAULTS = ("stall", "garble", "cut")
FAULT_SHARE = 0.12
EVENT_SECONDS = 4.0
"""The mean time between two kills or saved templates."""
RECOVERY_SECONDS = 1.5
"""How long after a kill an error is no wrong answer."""
PATIENCE_SECONDS = 10.0
ROWS = 6
EVENTS = HTTP_KILLED, FUNCTION_KILLED, SAVED = (
    "the HTTP backend killed",
    "a process of the function killed",
    "the template saved",
)
PROGRAM = Path(__file__).parent / "endurance_program"
ROOT = PROGRAM.parents[1]


@dataclass(slots=True)
class Sample:
    """What the gateway's process holds at a moment: megabytes, open descriptors, and child processes."""

    second: float
    requests: int
    megabytes: float
    descriptors: int
    children: int


@dataclass
class Run:
    """A run of the load: where it is sent to, and what was counted. Shared by the threads."""

    url: str
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    events: Counter[str] = field(default_factory=Counter)
    version: int = 0
    disturbed_until: dict[str, float] = field(default_factory=dict)
    ended: bool = False

    def expect_errors(self, *routes: str) -> None:
        """Lets routes answer with errors, from now on for a while."""
        self.disturbed_until.update(dict.fromkeys(routes, time.monotonic() + RECOVERY_SECONDS))

    def send_requests(self, seed: int) -> None:
        """Sends one request after the other until the run has ended."""
        chance = random.Random(seed)
        number = 0
        while not self.ended:
            number += 1
            route = chance.choice(("lambda", "http", "proxy"))
            fault = chance.choice(FAULTS) if chance.random() < FAULT_SHARE else "echo"
            self._send(route, fault, f"{seed}-{number}")

    def _send(self, route: str, fault: str, token: str) -> None:
        sent_at, version = time.monotonic(), self.version
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=PATIENCE_SECONDS)
        try:
            body = json.dumps({"token": token, "version": -1})
            headers = {"Content-Type": "application/json"}
            connection.request("POST", f"{parts.path}/{route}/{fault}?token={token}", body, headers)
            answer = connection.getresponse()
            problem = self._problem(answer.status, answer.read(), route, fault, token, version, sent_at)
            self.answers[f"{answer.status}"] += 1
        except (OSError, http.client.HTTPException) as error:
            self.answers["none"] += 1
            problem = f"no answer: {error!r}"
        finally:
            connection.close()
        if problem:
            self.wrong.append(f"/{route}/{fault}: {problem}")

    def _problem(
        self, status: int, body: bytes, route: str, fault: str, token: str, version: int, sent_at: float
    ) -> str:
        """What is wrong with an answer; empty if nothing is."""
        if status >= 500:
            expected = fault != "echo" or sent_at <= self.disturbed_until.get(route, 0.0)
            return "" if expected else f"{status} {body[:200]!r}"
        if status != 200 or fault != "echo":
            return f"{status} {body[:200]!r}"
        document = json.loads(body)
        if document["token"] != token:
            return f"another request's answer: {body[:200]!r}"
        if route != "proxy":
            if document["version"] < version:
                return f"version {document['version']} of the template after {version}"
            self.version = max(self.version, document["version"])
        return ""


class Backend:
    """The HTTP backend's process, always at the same port."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    def start(self) -> None:
        """Starts the process."""
        command = [sys.executable, "-m", "benchmarks._faulty_backend", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT)

    def kill(self) -> None:
        """Ends the process at once."""
        self.process.kill()
        self.process.wait()


def children(pid: int) -> list[int]:
    """The processes that a process started and that have not ended."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def functions(pid: int) -> list[int]:
    """The processes of the function, among the children of the gateway's."""
    return [child for child in children(pid) if b"bootstrap.py" in _command(child)]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def disturb(run: Run, backend: Backend, gateway: int, template: Path, chance: random.Random) -> None:
    """One event: a backend's process is killed, or the template saved."""
    event = chance.choice(EVENTS)
    if event == HTTP_KILLED:
        run.expect_errors("http", "proxy")
        backend.kill()
        time.sleep(chance.random() * 0.5)
        backend.start()
        run.expect_errors("http", "proxy")
    elif event == FUNCTION_KILLED:
        run.expect_errors("lambda")
        for child in functions(gateway)[:1]:
            os.kill(child, signal.SIGKILL)
    else:
        start = template.read_text().rpartition('"version"')[0]
        template.write_text(f'{start}"version": {run.events[event] + 1}}}\n')
    run.events[event] += 1


def measure(run: Run, gateway: int, started: float) -> Sample:
    """What the gateway holds now."""
    return Sample(
        second=time.monotonic() - started,
        requests=sum(run.answers.values()),
        megabytes=resident_megabytes(gateway),
        descriptors=len(list(Path(f"/proc/{gateway}/fd").iterdir())),
        children=len(children(gateway)),
    )


def load(run: Run, backend: Backend, gateway: int, template: Path, seconds: float) -> list[Sample]:
    """Sends the load, and disturbs it; a sample a second, the last one after the load."""
    chance = random.Random(1)
    threads = [threading.Thread(target=run.send_requests, args=(seed,)) for seed in range(THREADS)]
    started = time.monotonic()
    following = started + EVENT_SECONDS
    for thread in threads:
        thread.start()
    samples = []
    while time.monotonic() < started + seconds:
        time.sleep(1)
        samples.append(measure(run, gateway, started))
        if time.monotonic() >= following:
            disturb(run, backend, gateway, template, chance)
            following = time.monotonic() + chance.uniform(0.5, 1.5) * EVENT_SECONDS
    run.ended = True
    for thread in threads:
        thread.join()
    time.sleep(3)
    return [*samples, measure(run, gateway, started)]


def main(minutes: float = MINUTES) -> None:
    """Runs the load, and prints its table."""
    with tempfile.TemporaryDirectory() as folder:
        program, outputs, log = Path(folder) / "program", Path(folder) / "outputs.json", Path(folder) / "log"
        shutil.copytree(PROGRAM, program)
        backend = Backend()
        options = ["--watch", "--outputs", str(outputs), "--config", f"httpBackend=http://127.0.0.1:{backend.port}"]
        with log.open("wb") as sink:
            gateway = subprocess.Popen(
                [sys.executable, "-m", "parity.cli", "serve", str(program), *options], stdout=sink, stderr=sink
            )
        try:
            deadline = time.monotonic() + 60
            while not outputs.exists():
                if gateway.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"the gateway did not come up:\n{log.read_text()}")
                time.sleep(0.05)
            run = Run(json.loads(outputs.read_text())["url"])
            samples = load(run, backend, gateway.pid, program / "request.vtl", minutes * 60)
        finally:
            gateway.terminate()
            gateway.wait()
            backend.kill()
    _print(run, samples)


def _print(run: Run, samples: list[Sample]) -> None:
    *loaded, rest = samples
    print(f"{'seconds':>14}{'requests':>10}{'MB, median':>12}{'descriptors, median':>21}{'children, most':>16}")
    size = max(1, len(loaded) // ROWS)
    for begin in range(0, size * ROWS, size):
        part = loaded[begin : begin + size]
        if part:
            span = f"{part[0].second:.0f} to {part[-1].second:.0f}"
            memory = statistics.median(sample.megabytes for sample in part)
            descriptors = statistics.median(sample.descriptors for sample in part)
            most = max(sample.children for sample in part)
            print(f"{span:>14}{part[-1].requests:>10}{memory:>12.0f}{descriptors:>21.0f}{most:>16}")
    print(f"{'after the load':>14}{rest.requests:>10}{rest.megabytes:>12.0f}{rest.descriptors:>21}{rest.children:>16}")
    print("answers: " + ", ".join(f"{count} {status}" for status, count in sorted(run.answers.items())))
    print("events: " + ", ".join(f"{count} times {event}" for event, count in sorted(run.events.items())))
    print(f"wrong answers: {len(run.wrong)}")
    for problem in run.wrong[:10]:
        print(f"  {problem}")


if __name__ == "__main__":
    main(*map(float, sys.argv[1:2]))
