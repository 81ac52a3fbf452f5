"""`parity` that is killed, at whatever stage, leaves no process, and no temporary folder beyond the next start."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.serving_processes import alive, descendants, wait_until

PROJECT = Path(__file__).parents[3]

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found through /proc")


REMOVE = "from parity.local.processes.scratch import remove_left_behind; remove_left_behind()"


def start(command: str, temporary: Path, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
    """Starts a command, with a folder for temporary files of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "parity.cli", command, str(PROJECT), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(PROJECT), **environment},
        cwd=temporary.parent,
        start_new_session=True,
    )


def reached(stage: str, process: "subprocess.Popen[str]", temporary: Path, outputs: Path) -> bool:
    """Whether the process has got as far as that."""
    assert process.poll() is None, process.communicate()[0]
    match stage:
        case "the program runs":
            return len(descendants(process.pid)) >= 1
        case "backends are started":
            return any(temporary.iterdir()) and len(descendants(process.pid)) >= 2
        case _:
            return outputs.exists()


@pytest.mark.parametrize(
    ("command", "stage", "arguments"),
    [
        ("serve", "the program runs", []),
        ("serve", "backends are started", []),
        ("serve", "it serves", []),
        ("serve", "it watches", ["--watch"]),
        ("compare", "backends are started", []),
    ],
)
def test_a_killed_process_takes_its_children_along_and_its_folders_are_removed_later(
    tmp_path: Path, command: str, stage: str, arguments: list[str]
) -> None:
    temporary, outputs = tmp_path / "temporary", tmp_path / "outputs.json"
    temporary.mkdir()
    written = ["--outputs", str(outputs)] if command == "serve" else []
    killed = start(command, temporary, *written, *arguments)
    wait_until(lambda: reached(stage, killed, temporary, outputs))
    started = descendants(killed.pid)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    wait_until(lambda: not alive(started))
    subprocess.run([sys.executable, "-c", REMOVE], env={**os.environ, "TMPDIR": str(temporary)}, check=True)
    assert list(temporary.iterdir()) == []


def test_the_next_start_removes_what_a_killed_process_left(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    (temporary / "parity-999999999-left").mkdir()
    following = start("serve", temporary, "--outputs", str(tmp_path / "following.json"))
    wait_until((tmp_path / "following.json").exists)
    assert {folder.name.split("-")[1] for folder in temporary.iterdir()} == {str(following.pid)}
    following.terminate()
    assert following.wait(20) == 0
    assert list(temporary.iterdir()) == []
    following.communicate()


def test_a_killed_child_leaves_the_others_and_nothing_behind(tmp_path: Path) -> None:
    temporary, outputs = tmp_path / "temporary", tmp_path / "outputs.json"
    temporary.mkdir()
    serving = start("serve", temporary, "--outputs", str(outputs))
    wait_until(outputs.exists)
    started = descendants(serving.pid)
    assert len(started) >= 2
    for child in started:
        os.kill(child, signal.SIGKILL)
    wait_until(lambda: not alive(started))
    assert serving.poll() is None
    serving.terminate()
    text, _ = serving.communicate(timeout=20)
    assert serving.returncode == 0
    assert "Traceback" not in text
    assert list(temporary.iterdir()) == []


def test_a_program_whose_process_is_killed_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: slow\nruntime: python\n")
    (tmp_path / "__main__.py").write_text("import pathlib, time\npathlib.Path('begun').touch()\ntime.sleep(600)\n")
    serving = subprocess.Popen(
        [sys.executable, "-m", "parity.cli", "serve", str(tmp_path)], stderr=subprocess.PIPE, text=True
    )
    wait_until((tmp_path / "begun").exists)
    (worker,) = descendants(serving.pid)
    os.kill(worker, signal.SIGKILL)
    _, text = serving.communicate(timeout=20)
    assert (serving.returncode, text) == (1, "parity: the program's process ended early by SIGKILL\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_comparison_that_is_ended_by_a_signal_ends_all_that_it_started(
    tmp_path: Path, number: signal.Signals
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    comparing = start("compare", temporary)
    wait_until(lambda: reached("backends are started", comparing, temporary, temporary))
    started = descendants(comparing.pid)
    comparing.send_signal(number)
    text, _ = comparing.communicate(timeout=30)
    assert comparing.returncode == 128 + number
    assert "Traceback" not in text
    wait_until(lambda: not alive(started))
    assert list(temporary.iterdir()) == []


def test_two_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    outputs = [tmp_path / "first.json", tmp_path / "second.json"]
    both = [start("serve", temporary, "--outputs", str(file)) for file in outputs]
    wait_until(lambda: all(file.exists() for file in outputs))
    assert len(list(temporary.iterdir())) == 2
    both[0].kill()
    both[0].communicate()
    assert both[1].poll() is None
    both[1].terminate()
    both[1].communicate(timeout=20)
    assert both[1].returncode == 0


def test_with_standard_error_closed_it_serves(tmp_path: Path) -> None:
    outputs = tmp_path / "outputs.json"
    command = f"exec '{sys.executable}' -m parity.cli serve '{PROJECT}' --outputs '{outputs}' 2>&- <&-"
    serving = subprocess.Popen(["/bin/sh", "-c", command], stdout=subprocess.PIPE, text=True, cwd=PROJECT)
    wait_until(lambda: outputs.exists() or serving.poll() is not None)
    serving.terminate()
    text, _ = serving.communicate(timeout=20)
    assert serving.returncode == 0, text
    assert "Try it" in text


def test_without_a_home_folder_it_serves(tmp_path: Path) -> None:
    temporary, outputs = tmp_path / "temporary", tmp_path / "outputs.json"
    temporary.mkdir()
    serving = start("serve", temporary, "--outputs", str(outputs), HOME="/no/such/folder", USER="")
    wait_until(lambda: outputs.exists() or serving.poll() is not None)
    serving.terminate()
    text, _ = serving.communicate(timeout=20)
    assert serving.returncode == 0, text
