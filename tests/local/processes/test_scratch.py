"""Temporary folders: they end with their process, or at the next start when it was killed."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from parity.local.processes import scratch
from parity.local.processes.scratch import ScratchError, remove_left_behind, scratch_folder

OWNER = """
import sys, time
from parity.local.processes.scratch import scratch_folder
(scratch_folder("test") / "file").touch()
print("made", flush=True)
if sys.argv[1:]:
    time.sleep(600)
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files of its own, for this process and those that it starts."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setattr(scratch, "_root", scratch._Root())
    return folder


def owner(*arguments: str) -> "subprocess.Popen[str]":
    """A process that has made a temporary folder; with an argument it stays."""
    process = subprocess.Popen([sys.executable, "-c", OWNER, *arguments], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "made\n"
    process.stdout.close()
    return process


def test_a_folder_ends_with_its_process(temporary: Path) -> None:
    assert owner().wait(10) == 0
    assert list(temporary.iterdir()) == []


def test_what_a_killed_process_left_is_removed_and_nothing_that_is_in_use(temporary: Path) -> None:
    running, killed = owner("stay"), owner("stay")
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    others = [temporary / "parity-notes", temporary / "parity-1-x.txt", temporary / "other"]
    for folder in others:
        folder.mkdir()
    own = scratch_folder("own")
    assert len(list(temporary.glob("parity-[0-9]*-*"))) == 4
    remove_left_behind()
    kept = {folder for folder in temporary.iterdir() if folder not in others}
    assert kept == {own.parent, next(temporary.glob(f"parity-{running.pid}-*"))}
    running.kill()
    running.wait()


def test_a_folder_that_was_just_made_is_not_taken_for_one_that_was_left(temporary: Path) -> None:
    """Its process, this one, has not locked it yet; an old one whose process id was given anew is locked by nobody."""
    young, old = (temporary / f"parity-{os.getpid()}-{name}" for name in ("young", "old"))
    young.mkdir()
    old.mkdir()
    long_ago = time.time() - 3600
    os.utime(old, (long_ago, long_ago))
    remove_left_behind()
    assert (young.exists(), old.exists()) == (True, False)


def test_a_link_is_not_followed(temporary: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (temporary / "parity-999999999-link").symlink_to(tmp_path / "precious")
    remove_left_behind()
    assert (tmp_path / "precious").is_dir()


def test_no_room_for_temporary_files_is_one_clear_line(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device", str(temporary))

    monkeypatch.setattr(tempfile, "mkdtemp", full)
    with pytest.raises(ScratchError, match=r"can be made in .*temporary: No space left on device; set TMPDIR"):
        scratch_folder("test")
