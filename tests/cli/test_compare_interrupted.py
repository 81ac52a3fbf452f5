"""Ctrl-C on `parity compare` leaves nothing behind, whenever it comes."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found through /proc")


def _parents() -> dict[int, int]:
    """The parent of each running process."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue  # it has ended meanwhile
        if state != "Z":
            parents[int(stat.parent.name)] = int(parent)
    return parents


def _descendants(ancestor: int) -> set[int]:
    parents = _parents()
    found, generation = set(), {ancestor}
    while generation := {child for child, parent in parents.items() if parent in generation}:
        found |= generation
    return found


def _wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("processes", [1, 3], ids=["while the program runs", "when backends have been started"])
def test_an_interrupted_comparison_ends_all_that_it_started(processes: int, tmp_path: Path) -> None:
    many = tmp_path / "many.yaml"  # so many that the comparison is still under way when the signal comes
    many.write_text("".join(f"- {{name: case-{number}, path: /a}}\n" for number in range(5000)))
    comparing = subprocess.Popen(
        [sys.executable, "-m", "parity.cli", "compare", str(PROJECT), "--cases", str(many)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    _wait_until(lambda: len(_descendants(comparing.pid)) >= processes)
    started = _descendants(comparing.pid)

    comparing.send_signal(signal.SIGINT)
    _, error = comparing.communicate(timeout=60)

    assert error == ""
    assert comparing.returncode in (130, -signal.SIGINT)
    _wait_until(lambda: not started & _parents().keys())
