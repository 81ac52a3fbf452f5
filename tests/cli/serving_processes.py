"""`parity serve` as a process, and the processes that it starts."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

DEADLINE_SECONDS = 60


@contextmanager
def serving(program: Path, folder: Path, *arguments: str) -> Iterator[tuple["subprocess.Popen[str]", dict[str, Any]]]:
    """Runs `parity serve` until the context ends; yields the process and the program's outputs."""
    outputs = folder / "outputs.json"
    with (folder / "serve.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "parity.cli", "serve", str(program), "--outputs", str(outputs), *arguments],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    try:
        wait_until(lambda: outputs.exists() or process.poll() is not None)
        assert outputs.exists(), (folder / "serve.log").read_text()
        yield process, json.loads(outputs.read_text())
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def wait_until(condition: Any) -> None:
    """Waits until a condition holds; fails when it does not in time."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


def descendants(process_id: int) -> set[int]:
    """The ids of the processes that a process started, and that those started."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            status = _stat(entry)
            if status is not None:
                parents[int(entry.name)] = int(status[1])
    found: set[int] = set()
    while new := {child for child, parent in parents.items() if parent in found | {process_id}} - found:
        found |= new
    return found


def alive(process_ids: set[int]) -> set[int]:
    """Those of the processes that have not ended; one that waits to be collected by its parent has."""
    states = {process_id: _stat(Path("/proc") / str(process_id)) for process_id in process_ids}
    return {process_id for process_id, state in states.items() if state is not None and state[0] != "Z"}


def _stat(folder: Path) -> list[str] | None:
    try:
        return (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
