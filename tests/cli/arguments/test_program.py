"""Which program a command takes, and what it says when that is not the one that was meant."""

import argparse
import os
from pathlib import Path

import pytest

from parity.cli.arguments.program import PROJECT_ROOT, add_run_arguments, program_of
from parity.cli.main import main


def options_of(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_run_arguments(parser)
    return parser.parse_args(arguments)


def project_in(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "Pulumi.yaml").write_text("name: mine\nruntime: python\n")
    (folder / "__main__.py").write_text("")
    return folder


def test_outside_any_program_paritys_own_is_taken_and_named_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    options = options_of()
    assert program_of(options) == program_of(options) == PROJECT_ROOT
    note = f"parity: no Pulumi.yaml in this folder or above it: using Parity's own program, {PROJECT_ROOT}\n"
    assert capsys.readouterr().err == note


def test_a_program_that_is_named_or_around_the_folder_needs_no_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = project_in(tmp_path / "mine")
    monkeypatch.chdir(tmp_path)
    assert program_of(options_of("mine")) == Path("mine")
    (mine / "functions").mkdir()
    os.chdir(mine / "functions")
    assert program_of(options_of()) == mine
    os.chdir(PROJECT_ROOT / "docs")
    assert program_of(options_of()) == PROJECT_ROOT
    assert capsys.readouterr().err == ""


def test_lint_says_which_program_it_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = project_in(tmp_path / "mine")
    monkeypatch.chdir(mine)
    assert main(["lint"]) == 0
    assert capsys.readouterr().out == f"nothing found in 0 REST APIs of {mine}\n"


@pytest.mark.parametrize("arguments", [["nosuch.yaml"], ["nosuch"], ["nosuch.yaml", "--function", "f=folder"]])
@pytest.mark.parametrize("command", ["serve", "lint"])
def test_a_program_that_does_not_exist_is_said_not_to(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    arguments: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([command, *arguments]) == 1
    named = "a folder with a Pulumi.yaml, a Python file, or an OpenAPI document"
    assert f"parity: {tmp_path / arguments[0]} does not exist. Name {named}\n" in capsys.readouterr().err


def test_a_stack_of_a_program_without_stack_files_is_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = project_in(tmp_path / "mine")
    options = options_of(str(mine), "--stack", "nosuch")
    assert program_of(options) == program_of(options) == mine
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("parity: warning: --stack nosuch: there is no Pulumi.nosuch.yaml, nor the file of another")
    assert str(mine) in line


def test_a_stack_with_a_file_and_no_stack_at_all_need_no_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = project_in(tmp_path / "mine")
    program_of(options_of(str(mine)))
    (mine / "Pulumi.test.yaml").write_text("")
    program_of(options_of(str(mine), "--stack", "test"))
    assert capsys.readouterr().err == ""
