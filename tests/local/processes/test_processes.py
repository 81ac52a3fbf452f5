"""Child processes: their output, their end, and that none outlives its parent."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from parity.local.processes.processes import MAX_LINE_BYTES, ChildProcess
from tests.local.functions.running_functions import is_running


def python(source: str, lines: list[str]) -> ChildProcess:
    return ChildProcess([sys.executable, "-c", source], environment={}, folder=Path.cwd(), on_line=lines.append)


async def test_output_comes_line_by_line_and_the_last_one_too() -> None:
    lines: list[str] = []
    process = python("import sys; print('one'); print('two', file=sys.stderr); print('three', end='')", lines)
    await process.start()
    assert await process.wait() == 0
    assert sorted(lines) == ["one", "three", "two"]


async def test_a_line_without_end_comes_in_pieces() -> None:
    lines: list[str] = []
    process = python(f"print('x' * {3 * MAX_LINE_BYTES})", lines)
    await process.start()
    await process.wait()
    assert len(lines) > 1
    assert "".join(lines) == "x" * 3 * MAX_LINE_BYTES


async def test_the_exit_status_is_the_programs_or_its_signal() -> None:
    process = python("raise SystemExit(7)", [])
    await process.start()
    assert await process.wait() == 7
    process = python("import time; time.sleep(60)", [])
    await process.start()
    process.send_signal(signal.SIGKILL)
    assert await process.wait() == -signal.SIGKILL


async def test_a_program_that_does_not_exist_is_an_error() -> None:
    process = ChildProcess(["/no/such/program"], environment={}, folder=Path.cwd(), on_line=print)
    with pytest.raises(FileNotFoundError):
        await process.start()
    assert not process.running
    await process.stop()  # there is nothing to wait for


async def test_stop_asks_first_and_insists_then() -> None:
    lines: list[str] = []
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    polite = (
        "import os, signal, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: (os.write(1, b'bye\\n'), os._exit(0)))\n"
        "print('polite', flush=True); time.sleep(60)"
    )
    processes = [python(deaf, lines), python(polite, lines)]
    for process in processes:
        await process.start()
    async with asyncio.timeout(5):
        while sorted(lines) != ["deaf", "polite"]:
            await asyncio.sleep(0.005)
    await asyncio.gather(*(process.stop(0.2) for process in processes))
    assert await processes[0].wait() == -signal.SIGKILL
    assert await processes[1].wait() == 0
    assert "bye" in lines


async def test_what_a_program_started_ends_with_it() -> None:
    lines: list[str] = []
    process = python("import subprocess; print(subprocess.Popen(['sleep', '600']).pid, flush=True)", lines)
    await process.start()
    await process.wait()
    grandchild = int(lines[0])
    async with asyncio.timeout(5):
        while is_running(grandchild):
            await asyncio.sleep(0.005)


CHILD = """
import os, subprocess, time
print(os.getpid(), subprocess.Popen(["sleep", "600"]).pid, flush=True)
time.sleep(600)
"""

PARENT = f"""
import asyncio, sys
from pathlib import Path
from parity.local.processes.processes import ChildProcess

async def main():
    command = [sys.executable, "-c", {CHILD!r}]
    for _ in range(2):
        child = ChildProcess(command, environment={{}}, folder=Path.cwd(), on_line=lambda line: print(line, flush=True))
        await child.start()
    await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_child_outlives_its_parent_however_that_ends(number: signal.Signals) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert parent.stdout is not None
    pids = [int(pid) for _ in range(2) for pid in parent.stdout.readline().split()]
    assert len(pids) == 4
    assert all(is_running(pid) for pid in pids)
    parent.send_signal(number)
    parent.wait(5)
    parent.stdout.close()
    wait_for_the_end_of(pids)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found through /proc")
def test_a_guard_that_is_killed_is_replaced() -> None:
    """Else nobody would end the children of a parent that is killed after it."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert parent.stdout is not None
    pids = [int(pid) for _ in range(2) for pid in parent.stdout.readline().split()]
    (guard,) = guards_of(parent.pid)
    os.kill(guard, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while guards_of(parent.pid) in ([], [guard]) and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.2)  # it is told the children after it was started
    parent.kill()
    parent.wait(5)
    parent.stdout.close()
    wait_for_the_end_of(pids)


def guards_of(parent: int) -> list[int]:
    """The running guards that a process started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_text()
        except OSError:
            continue
        if int(status[1]) == parent and status[0] != "Z" and command.endswith("guard.py\0"):
            found.append(int(folder.name))
    return found


def wait_for_the_end_of(pids: list[int]) -> None:
    deadline = time.monotonic() + 5
    while any(is_running(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [pid for pid in pids if is_running(pid)] == []
