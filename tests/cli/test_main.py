"""The command line teaches what it can do."""

import importlib.metadata
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from parity.cli.main import main
from parity.cli.parser import COMMANDS
from tests.cli.commands_page import PAGE, page


def test_help_lists_every_command() -> None:
    shown = subprocess.run([sys.executable, "-m", "parity.cli", "--help"], capture_output=True, text=True, check=True)
    assert all(f"    {name}" in shown.stdout for name in COMMANDS)


def parity(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "parity.cli", *arguments], capture_output=True, text=True, check=False)


def test_a_misspelt_command_is_answered_with_the_one_that_was_meant() -> None:
    done = parity("comprae")
    assert done.returncode == 2
    assert "did you mean compare?" in done.stderr


def test_a_wrong_option_is_answered_with_the_usage_of_its_command() -> None:
    done = parity("serve", "--prot", "80")
    assert done.returncode == 2
    assert "usage: parity serve" in done.stderr
    assert "did you mean --port?" in done.stderr


def test_the_version_is_printed() -> None:
    done = parity("--version")
    assert done.stdout == f"parity {importlib.metadata.version('parity')}\n"


def test_a_stack_without_a_file_is_an_error_that_lists_the_stacks(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: own\nruntime: python\n")
    (tmp_path / "Pulumi.prod.yaml").write_text("config: {}\n")
    done = parity("lint", str(tmp_path), "--stack", "prdo")
    assert done.returncode == 2
    assert "did you mean prod?" in done.stderr
    assert "The stacks are prod" in done.stderr


@pytest.mark.parametrize("redirection", [">/dev/full", ">&-"])
def test_an_output_that_cannot_be_written_is_one_clear_line(tmp_path: Path, redirection: str) -> None:
    (tmp_path / "a.vtl").write_text("{}")
    command = f"'{sys.executable}' -m parity.cli render '{tmp_path / 'a.vtl'}' {redirection}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("parity: standard output ")
    assert done.stderr.count("\n") == 1


def completion(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["completion", shell]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "tcsh"])
def test_a_shells_script_has_commands_and_options(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    script = completion(shell, capsys)
    assert all(word in script for word in ("compare", "left", "stage-variable"))
    if shutil.which(shell):
        assert subprocess.run([shell, "-n"], input=script, text=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("parity com", ["compare", "completion"]),
        ("parity compare --le", ["--left"]),
        ("parity serve ap", ["api.yaml"]),
        ("parity workbench --u", ["--ui-port"]),
        ("parity init fo", ["folder"]),
    ],
)
def test_bash_completes_commands_options_and_files(
    line: str, found: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "api.yaml").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "format.yaml").touch()
    words = " ".join(line.split())
    script = f"""{completion("bash", capsys)}
COMP_WORDS=({words}); COMP_CWORD={len(line.split()) - 1}; COMPREPLY=(); _shtab_parity
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(["bash"], input=script, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == found


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish_completes_commands_options_and_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "api.yaml").touch()
    script = completion("fish", capsys)
    for line in ("parity com", "parity compare --le", "parity serve ap"):
        script += f"\ncomplete -C '{line}'"
    done = subprocess.run(["fish"], input=script, cwd=tmp_path, capture_output=True, text=True, check=True)
    found = [suggestion.split("\t")[0] for suggestion in done.stdout.splitlines()]
    assert found == ["compare", "completion", "--left", "api.yaml"]


def test_the_workbench_shows_no_option_that_it_always_has() -> None:
    """`parity serve --ui` is the workbench too."""
    assert "--ui " in parity("serve", "--help").stdout
    workbench = parity("workbench", "--help").stdout
    assert "--ui-port PORT" in workbench
    assert "  --ui " not in workbench
    assert "[--ui]" not in workbench


def test_the_page_of_commands_is_that_of_the_commands() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.cli.commands_page"
