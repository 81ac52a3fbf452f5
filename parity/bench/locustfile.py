"""The load of `parity bench`: the same requests to one integration after the other, by the same number of users.

It imports nothing of Parity, so that a machine with Locust alone can join: `locust -f - --worker --master-host HOST`.
What it needs to know comes with `--plan`, which Locust passes on to its workers. Response times are kept here, to
three digits, because Locust's own are rounded to whole milliseconds.
https://docs.locust.io/en/stable/running-distributed.html
"""

import json
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

from locust import FastHttpUser, LoadTestShape, constant, events, task
from locust.env import Environment

GAP_SECONDS = 1
"""Time between the phases, in which the users of one stop: Locust changes the kind of its users only on the way up."""

measured: dict[str, Counter[str]] = {}
"""By phase: how often each response time in milliseconds was seen, and each failure as `!` with its reason."""


@events.init_command_line_parser.add_listener  # type: ignore[untyped-decorator]
def add_arguments(parser: Any) -> None:
    """Adds `--plan` (JSON: phases with their requests, users, warm_up_seconds, seconds) and `--result` (a file)."""
    parser.add_argument("--plan", include_in_web_ui=False, default="{}", help="what to send, as JSON")
    parser.add_argument("--result", include_in_web_ui=False, default="", help="where to write what was measured")


@events.report_to_master.add_listener  # type: ignore[untyped-decorator]
def send_measured(data: dict[str, Any], **_: Any) -> None:
    """Hands what this worker measured since its last report to the master."""
    data["measured"] = {phase: dict(counts) for phase, counts in measured.items()}
    measured.clear()


@events.worker_report.add_listener  # type: ignore[untyped-decorator]
def add_measured(data: dict[str, Any], **_: Any) -> None:
    """Adds a worker's measurements to the master's."""
    for phase, counts in data.get("measured", {}).items():
        measured.setdefault(phase, Counter()).update(counts)


@events.quitting.add_listener  # type: ignore[untyped-decorator]
def write_result(environment: Environment, **_: Any) -> None:
    """Writes what was measured, all workers together."""
    result = environment.parsed_options.result if environment.parsed_options else ""
    if result:
        Path(result).write_text(json.dumps(measured), encoding="utf-8")


def plan_of(environment: Environment) -> dict[str, Any]:
    """The plan that this run was given."""
    plan: dict[str, Any] = json.loads(environment.parsed_options.plan if environment.parsed_options else "{}")
    return plan


class IntegrationUser(FastHttpUser):
    """A client that sends the plan's requests, in random order and without a pause, over a connection of its own."""

    abstract = True
    wait_time = constant(0)
    host = "http://unset.invalid"
    phase = 0
    network_timeout = 35.0
    connection_timeout = 10.0

    def on_start(self) -> None:
        """Looks up this phase's integration; the time in which responses count begins after the warm-up."""
        plan = plan_of(self.environment)
        phase = plan["phases"][self.phase]
        self.label, self.base = phase["name"], phase["url"].rstrip("/")
        self.requests = list(zip(phase["requests"], phase["headers"], strict=True))
        self.order = random.Random(0)  # noqa: S311 - the order of requests is no secret
        self.counts_from = time.perf_counter() + plan["warm_up_seconds"]
        self.counts_until = self.counts_from + plan["seconds"]

    @task
    def send(self) -> None:
        """Sends one request; an answer with another status than the plan's is a failure."""
        request, added_headers = self.order.choice(self.requests)
        start = time.perf_counter()
        with self.client.request(
            request["method"],
            self.base + request["target"],
            name=f"{self.label} {request['name']}",
            headers=dict(request["headers"]) | added_headers,
            data=request["body"],
            catch_response=True,
            allow_redirects=False,
        ) as response:
            end = time.perf_counter()
            status, expected = response.status_code, request["status"]
            outcome = f"{(end - start) * 1000:.3g}"
            if status == expected or (expected is None and 200 <= status < 400):
                response.success()
            else:
                outcome = f"!{request['name']}: status {status}, expected {'success' if expected is None else expected}"
                response.failure(outcome[1:])
        if self.counts_from <= end <= self.counts_until:
            measured.setdefault(self.label, Counter())[outcome] += 1


class FirstIntegrationUser(IntegrationUser):
    """A client of the plan's first phase."""

    phase = 0


class SecondIntegrationUser(IntegrationUser):
    """A client of the plan's second phase."""

    phase = 1


class OneAfterTheOther(LoadTestShape):
    """All users on one integration, then all on the next."""

    def tick(self) -> tuple[int, float, list[type[IntegrationUser]]] | None:  # type: ignore[override]
        """The number of users of the present phase, or None at the end."""
        plan = plan_of(self.runner.environment)  # type: ignore[union-attr]
        length = plan["warm_up_seconds"] + plan["seconds"]
        phase, within = divmod(self.get_run_time(), length + GAP_SECONDS)  # type: ignore[no-untyped-call]
        if phase >= len(plan["phases"]):
            return None
        users = plan["users"] if within < length else 0
        return users, max(plan["users"], 1), [(FirstIntegrationUser, SecondIntegrationUser)[int(phase)]]
