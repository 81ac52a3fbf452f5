"""How many execution environments a function has, and which invocation runs in which."""

import asyncio
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from parity.gateway.model.backends import LambdaResult, LambdaUnavailableError
from parity.local.functions import function as function_module
from parity.local.functions.concurrency import AccountConcurrency
from tests.local.functions.running_functions import is_running, running_function

PID = """
import os, time
calls = 0
def handler(event, context):
    global calls
    calls += 1
    time.sleep(event)
    return [os.getpid(), calls]
"""


def pids(results: Iterable[LambdaResult]) -> set[int]:
    return {json.loads(result.payload)[0] for result in results}


async def test_one_environment_serves_invocations_that_follow_each_other(tmp_path: Path) -> None:
    async with running_function(tmp_path, PID) as function:
        results = [await function.invoke(b"0") for _ in range(20)]
    assert len(pids(results)) == 1
    assert [json.loads(result.payload)[1] for result in results] == list(range(1, 21))
    assert ["Init Duration" in result.log for result in results] == [True] + [False] * 19


MEETING = """
import os, time
def handler(event, context):
    open(f"met-{event['round']}-{os.getpid()}", "w").close()
    while sum(name.startswith(f"met-{event['round']}-") for name in os.listdir()) < event["count"]:
        time.sleep(0.005)
    return [os.getpid()]
"""


async def test_invocations_at_the_same_time_get_environments_of_their_own(tmp_path: Path) -> None:
    """Each invocation waits for the others, so that they end only if they run at the same time."""
    async with running_function(tmp_path, MEETING, timeout_seconds=10) as function:
        results = await asyncio.gather(*(function.invoke(b'{"round": 1, "count": 3}') for _ in range(3)))
        again = await asyncio.gather(*(function.invoke(b'{"round": 2, "count": 3}') for _ in range(3)))
    assert len(pids(results)) == 3
    assert pids(again) == pids(results)


async def test_invocations_wait_while_environments_are_started_and_take_those_that_get_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(function_module, "MOST_STARTING", 1)
    async with running_function(tmp_path, PID) as function:
        results = await asyncio.gather(*(function.invoke(b"0") for _ in range(20)))
    assert 1 <= len(pids(results)) < 10  # an answer takes a millisecond, and a start a hundred


async def test_many_slow_invocations_at_once_all_succeed(tmp_path: Path) -> None:
    """None ends before all run: each waits until as many have begun."""
    async with running_function(tmp_path, MEETING.replace("0.005", "0.2"), timeout_seconds=90) as function:
        results = await asyncio.gather(*(function.invoke(b'{"round": 1, "count": 40}') for _ in range(40)))
    assert [result.function_error for result in results] == [None] * 40
    assert len(pids(results)) == 40


async def test_the_accounts_concurrency_is_shared_by_the_functions_that_reserve_none(tmp_path: Path) -> None:
    account = AccountConcurrency(limit=3)
    folders = [tmp_path / name for name in ("first", "second", "reserving")]
    for folder in folders:
        folder.mkdir()
    async with (
        running_function(folders[0], PID, account=account) as first,
        running_function(folders[1], PID, account=account) as second,
        running_function(folders[2], PID, account=account, reserved_concurrency=1) as reserving,
    ):
        running = [asyncio.create_task(function.invoke(b"0.5")) for function in (first, second, reserving)]
        await asyncio.sleep(0)
        for function in (first, second):  # two are left of three, since one is reserved
            with pytest.raises(LambdaUnavailableError, match="ConcurrentInvocationLimitExceeded") as refused:
                await function.invoke(b"0")
            assert refused.value.status == 429
        await asyncio.gather(*running)
        await asyncio.gather(*(function.invoke(b"0") for function in (first, second)))
    (line,) = (line for line in first.lines if "throttled" in line)
    assert line.startswith("an invocation was throttled: 2 run already, the most that AWS lets run at once")


async def test_an_asynchronous_event_that_is_throttled_runs_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(function_module, "THROTTLED_RETRY_SECONDS", 0.02)
    async with running_function(tmp_path, PID, reserved_concurrency=1) as function:
        first = asyncio.create_task(function.invoke(b"0.2"))
        await asyncio.sleep(0)
        await function.invoke(b"0", asynchronous=True)
        await first
        async with asyncio.timeout(5):
            while sum(line.startswith("REPORT") for line in function.lines) < 2:
                await asyncio.sleep(0.01)


async def test_environments_that_stay_idle_are_ended_but_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(function_module, "IDLE_SECONDS", 0.05)
    async with running_function(tmp_path, MEETING, timeout_seconds=10) as function:
        started = pids(await asyncio.gather(*(function.invoke(b'{"round": 1, "count": 4}') for _ in range(4))))
        async with asyncio.timeout(5):
            while sum(is_running(pid) for pid in started) > 1:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
        assert pids([await function.invoke(b'{"round": 2, "count": 1}')]) <= started


async def test_reserved_concurrency_throttles_as_lambda_does(tmp_path: Path) -> None:
    async with running_function(tmp_path, PID, reserved_concurrency=1) as function:
        first = asyncio.create_task(function.invoke(b"0.3"))
        await asyncio.sleep(0)
        with pytest.raises(LambdaUnavailableError, match="TooManyRequestsException") as refused:
            await function.invoke(b"0")
        await first
        assert pids([await function.invoke(b"0")]) == pids([first.result()])
    assert refused.value.status == 429


async def test_a_started_function_has_an_environment_ready(tmp_path: Path) -> None:
    async with running_function(tmp_path, PID + "print('loaded')\n") as function:
        await function.start()
        async with asyncio.timeout(5):
            while "loaded" not in function.lines:
                await asyncio.sleep(0.01)
        await function.invoke(b"0")
        assert function.lines.count("loaded") == 1


async def test_an_invocation_that_is_given_up_runs_to_its_end(tmp_path: Path) -> None:
    async with running_function(tmp_path, PID) as function:
        first = await function.invoke(b"0")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(function.invoke(b"0.3"), 0.1)
        async with asyncio.timeout(5):
            while sum(line.startswith("REPORT") for line in function.lines) < 2:
                await asyncio.sleep(0.01)
        third = await function.invoke(b"0")
    assert pids([third]) == pids([first])
    assert json.loads(third.payload)[1] == 3


async def test_an_environment_that_dies_while_idle_is_replaced(tmp_path: Path) -> None:
    source = """
import os, threading, time
def handler(event, context):
    if event:
        threading.Timer(0.05, os._exit, [1]).start()
    return os.getpid()
"""
    async with running_function(tmp_path, source) as function:
        first = json.loads((await function.invoke(b"1")).payload)
        async with asyncio.timeout(5):
            while is_running(first):
                await asyncio.sleep(0.01)
        assert json.loads((await function.invoke(b"0")).payload) != first


async def test_closing_ends_what_still_runs(tmp_path: Path) -> None:
    async with running_function(tmp_path, PID) as function:
        pid = json.loads((await function.invoke(b"0")).payload)[0]
        running = asyncio.create_task(function.invoke(b"60"))
        await asyncio.sleep(0.05)
        await function.aclose()
        assert not is_running(pid)
        result = await asyncio.wait_for(running, 5)
        assert json.loads(result.payload)["errorType"] == "Runtime.ExitError"
        with pytest.raises(LambdaUnavailableError, match="shut down"):
            await function.invoke(b"0")
