"""Measures both integrations under the same load, by Locust, on this computer and on as many others as join."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from parity.compare.authorization import Authorization
from parity.compare.case import Case
from parity.compare.comparison import expected_status
from parity.compare.output.latency import Latency
from parity.compare.settings import Side
from parity.errors import UserError

if TYPE_CHECKING:
    from parity.compare.pair.pair import Pair

LOCUSTFILE = Path(__file__).with_name("locustfile.py")
GRACE_SECONDS = 60
"""How long after its planned end a run may still take to stop its users and report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is sent: `users` clients, each with a connection of its own and without a pause between its requests.

    `seconds` is how long each integration is measured, after `warm_up_seconds` that are not counted.
    """

    users: int = 8
    seconds: int = 10
    warm_up_seconds: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """Who sends: `processes` on this computer, or, when `expected` is not 0, that many workers that join over TCP.

    `bind_host` and `bind_port` are where the workers find this process.
    """

    processes: int = 1
    expected: int = 0
    bind_host: str = "*"
    bind_port: int = 5557


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What one integration did under the load.

    `latency` holds the response times of the requests that succeeded, to three digits; `failures` maps a reason to how
    often it was; both count only the `seconds` after the warm-up.
    """

    latency: Latency
    failures: Mapping[str, int]
    seconds: float

    @property
    def requests(self) -> int:
        """How many requests ended, well or not."""
        return len(self.latency.values_ms) + sum(self.failures.values())

    @property
    def requests_per_second(self) -> float:
        """The throughput, failures included."""
        return self.requests / self.seconds

    def to_json(self) -> dict[str, object]:
        """The figures for machines; times are in milliseconds."""
        return {
            "requests": self.requests,
            "requests_per_second": round(self.requests_per_second, 1),
            "failures": dict(self.failures),
            "latency_ms": self.latency.to_json(),
        }


def measure(
    urls: Mapping[Side, str],
    cases: Sequence[Case],
    load: Load,
    workers: Workers | None = None,
    *,
    authorization: Authorization | None = None,
    pair: "Pair | None" = None,
    on_waiting: Callable[[str], None] | None = None,
) -> dict[Side, Measurement]:
    """Puts the load on one integration after the other.

    Args:
        urls: the base URL of each integration.
        cases: the requests, which each user sends in random order.
        load: how much and how long.
        workers: who sends; one local process by default.
        authorization: what lets the requests call the API; signed requests count for five minutes.
        pair: the two routes, where these were named; each gets the requests as they are for it.
        on_waiting: told the command with which another machine joins, where workers are expected.

    Raises:
        UserError: Locust is not installed, or it could not run.
    """
    workers = workers or Workers()
    plan = json.dumps(
        {
            "phases": [_phase(side, url, cases, authorization, pair) for side, url in urls.items()],
            "users": load.users,
            "warm_up_seconds": load.warm_up_seconds,
            "seconds": load.seconds,
        }
    )
    with tempfile.TemporaryDirectory(prefix="parity-bench-") as folder:
        result = Path(folder) / "result.json"
        command = [sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--headless", "--only-summary"]
        command += ["--loglevel", "WARNING", "--exit-code-on-error", "0", "--stop-timeout", "2"]
        command += ["--plan", plan, "--result", str(result), *_worker_arguments(workers)]
        if workers.expected and on_waiting:
            on_waiting(f"locust -f - --worker --master-host {_reachable(workers)} --master-port {workers.bind_port}")
        timeout = None if workers.expected else (load.seconds + load.warm_up_seconds) * len(urls) + GRACE_SECONDS
        _run(command, timeout)
        if not result.exists():
            raise UserError("bench: Locust ended without a result; run it again, or with fewer --users")
        return _measurements(json.loads(result.read_text(encoding="utf-8")), urls, load)


def _added_headers(case: Case, url: str, authorization: Authorization | None) -> dict[str, str]:
    """What lets a request call the API; a signature is made once, and AWS takes it for five minutes."""
    if authorization is None:
        return {}
    parts = urlsplit(url)
    target = parts.path.rstrip("/") + case.target
    added = authorization.headers_for(case.method, target, case.header("Host") or parts.netloc, case.body or b"")
    return {name: value for name, value in added if case.header(name) is None}


def _phase(
    side: Side, url: str, cases: Sequence[Case], authorization: Authorization | None, pair: "Pair | None"
) -> dict[str, object]:
    """The requests to one side. Of a route that somebody named no status is expected but one of success."""
    if pair is not None:
        endpoint = pair.endpoints[side]
        authorization = endpoint.authorization
        cases = [endpoint.request(case) for case in cases]
    return {
        "name": side.value,
        "url": url,
        "headers": [_added_headers(case, url, authorization) for case in cases],
        "requests": [_request(case, None if pair is not None else expected_status(case)) for case in cases],
    }


def _request(case: Case, status: int | None) -> dict[str, object]:
    return {
        "name": case.name,
        "method": case.method,
        "target": case.target,
        "headers": list(case.headers),
        "body": case.body_text if case.body is not None else None,
        "status": status,
    }


def _worker_arguments(workers: Workers) -> list[str]:
    if workers.expected:
        bind = ["--master-bind-host", workers.bind_host, "--master-bind-port", str(workers.bind_port)]
        return ["--master", "--expect-workers", str(workers.expected), *bind]
    return ["--processes", str(workers.processes)] if workers.processes > 1 else []


def _reachable(workers: Workers) -> str:
    return "THIS-MACHINE" if workers.bind_host in ("*", "0.0.0.0") else workers.bind_host  # noqa: S104 - compared only


def _run(command: Sequence[str], timeout: float | None) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired as error:
        raise UserError(f"bench: Locust was still running {timeout:.0f} s after its start and was ended") from error
    if "No module named locust" in done.stderr:
        raise UserError("bench: Locust is not installed here; install it with: pip install locust")
    if done.returncode != 0:
        raise UserError(f"bench: Locust ended with status {done.returncode}:\n{done.stderr.strip()[-2000:]}")


def _measurements(
    measured: Mapping[str, Mapping[str, int]], urls: Mapping[Side, str], load: Load
) -> dict[Side, Measurement]:
    found = {}
    for side in urls:
        counts = measured.get(side.value, {})
        found[side] = Measurement(
            latency=Latency.of([float(key) for key, count in counts.items() if key[0] != "!" for _ in range(count)]),
            failures={key[1:]: count for key, count in counts.items() if key.startswith("!")},
            seconds=load.seconds,
        )
    return found
