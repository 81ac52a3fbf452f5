"""What the local Lambda Runtime API adds to a call of the bare handler, and what an environment's start takes."""

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvloop

from parity.local.functions.concurrency import AccountConcurrency
from parity.local.functions.configuration import LambdaConfiguration
from parity.local.functions.function import LambdaFunction

CALLS = 3000
WARM_UP_CALLS = 200
STARTS = 15

HANDLER = """
import json


def handler(event, context):
    return {"statusCode": 200, "body": json.dumps(event)}
"""

EVENT = {
    "method": "POST",
    "authcontext": "",
    "body-json": {"key": "value", "numbers": [1, 2, 3]},
    "params": {
        "path": {"proxy": "path1/path2"},
        "querystring": {"query1": "value1", "query2": "value2"},
        "header": {"Content-Type": "application/json", "Accept": "*/*", "Host": "127.0.0.1"},
    },
}


def main() -> None:
    """Prints a table: the bare handler, the handler through the Runtime API, and the start of an environment."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "function.py").write_text(HANDLER)
        bare = _time_bare_handler(Path(folder))
        through, starts = uvloop.run(_time_function(Path(folder)))
    _print_row("bare handler", bare)
    _print_row("through the Runtime API", through)
    _print_row("an environment's start, with a first call", starts)
    added = statistics.median(through) - statistics.median(bare)
    print(f"{'added by the Runtime API at the median':<44}{added * 1000:9.3f} ms   (aim: at most 1.5 ms)")


def _time_bare_handler(folder: Path) -> list[float]:
    """Seconds of each call, from the event's JSON to the result's, as the runtime has to convert them too."""
    namespace: dict[str, Any] = {}
    exec(compile((folder / "function.py").read_text(), "function.py", "exec"), namespace)
    handler: Callable[[Any, None], Any] = namespace["handler"]
    payload = json.dumps(EVENT)
    times = []
    for _ in range(WARM_UP_CALLS + CALLS):
        begin = time.perf_counter()
        json.dumps(handler(json.loads(payload), None))
        times.append(time.perf_counter() - begin)
    return times[WARM_UP_CALLS:]


async def _time_function(folder: Path) -> tuple[list[float], list[float]]:
    """Seconds of each invocation of a warm function, and of each first invocation of a cold one."""
    payload = json.dumps(EVENT).encode()
    function = _function(folder)
    times = []
    for _ in range(WARM_UP_CALLS + CALLS):
        begin = time.perf_counter()
        await function.invoke(payload)
        times.append(time.perf_counter() - begin)
    await function.aclose()
    starts = []
    for _ in range(STARTS):
        function = _function(folder)
        begin = time.perf_counter()
        await function.invoke(payload)
        starts.append(time.perf_counter() - begin)
        await function.aclose()
    return times[WARM_UP_CALLS:], starts


def _function(folder: Path) -> LambdaFunction:
    configuration = LambdaConfiguration(
        name="benchmark",
        arn="arn:aws:lambda:us-east-1:000000000000:function:benchmark",
        code=folder,
        handler="function.handler",
        runtime="python3.13",  # from 3.12 on the runtime client polls in a thread of its own, which costs most
        environment={},
        timeout_seconds=10,
        memory_size_mb=128,
        layers=[],
        region="us-east-1",
    )
    return LambdaFunction(configuration, concurrency=AccountConcurrency().of_function(None), log=lambda _: None)


def _print_row(name: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    p50, p99 = statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
    print(f"{name:<44}{p50 * 1000:9.3f} ms   p99 {p99 * 1000:9.3f} ms   {len(seconds)} calls")


if __name__ == "__main__":
    main()
