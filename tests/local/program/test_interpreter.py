"""A program's Python is the one that its Pulumi.yaml asks for."""

import ast
import sys
import venv
from pathlib import Path

import pytest

import parity
from parity.errors import UserError
from parity.local.program.interpreter import interpreter_of
from parity.local.program.older_python import OLDEST
from parity.local.program.worker_process import ProgramError
from tests.local.running_programs import run_program, write_program

PACKAGE = Path(parity.__file__).parent
IN_THE_WORKER = [
    *(PACKAGE / "local" / "worker").glob("*.py"),
    *(PACKAGE / "local" / "resources").glob("*.py"),
    *(PACKAGE / "local" / "program" / name for name in ("records.py", "resource_index.py", "older_python.py")),
    PACKAGE / "local" / "processes" / "parent_death.py",
    PACKAGE / "local" / "__init__.py",
    PACKAGE / "errors.py",
]


def project(folder: Path, options: str) -> Path:
    """A program whose Pulumi.yaml has these options of its runtime."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Pulumi.yaml").write_text(f"name: p\nruntime: {{name: python, options: {{{options}}}}}\n")
    return folder


def environment(folder: Path) -> str:
    """Makes a virtual environment in `folder`; answers its Python."""
    venv.create(folder, symlinks=True)
    return str(folder / "bin" / "python")


@pytest.mark.parametrize("options", ["virtualenv: venv", "toolchain: pip, virtualenv: 'venv'", 'virtualenv: "venv"'])
def test_a_named_folder_is_beside_the_project_file(tmp_path: Path, options: str) -> None:
    python = environment(tmp_path / "venv")
    assert interpreter_of(project(tmp_path, options)) == python
    (tmp_path / "Pulumi.yaml").write_text(
        "name: p\nruntime:\n  name: python\n  options:\n    # virtualenv: other\n    virtualenv: venv # own\n"
    )
    assert interpreter_of(tmp_path) == python


@pytest.mark.parametrize("toolchain", ["uv", "poetry"])
def test_uv_and_poetry_have_a_folder_of_their_own(tmp_path: Path, toolchain: str) -> None:
    python = environment(tmp_path / ".venv")
    assert interpreter_of(project(tmp_path, f"toolchain: {toolchain}")) == python


def test_uv_has_the_environment_of_its_workspace(tmp_path: Path) -> None:
    python = environment(tmp_path / ".venv")
    (tmp_path / "uv.lock").write_text("version = 1\n")
    assert interpreter_of(project(tmp_path / "members" / "infra", "toolchain: uv")) == python


def test_poetry_says_where_its_environment_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = environment(tmp_path / "cache" / "p-py3")
    (tmp_path / "bin").mkdir()
    poetry = tmp_path / "bin" / "poetry"
    poetry.write_text(f'#!/bin/sh\n[ "$*" = "env info --path" ] && echo {tmp_path / "cache" / "p-py3"}\n')
    poetry.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    assert interpreter_of(project(tmp_path / "project", "toolchain: poetry")) == python


@pytest.mark.parametrize("options", ["toolchain: pip", "typechecker: mypy"])
def test_without_an_environment_it_is_paritys_own(tmp_path: Path, options: str) -> None:
    assert interpreter_of(project(tmp_path, options)) == sys.executable


@pytest.mark.parametrize(
    ("options", "fix"),
    [
        ("virtualenv: venv", "python3 -m venv venv && venv/bin/pip install -r requirements.txt"),
        ("toolchain: uv", "uv sync"),
        ("toolchain: poetry", "poetry install"),
    ],
)
def test_a_missing_environment_says_how_to_make_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: str, fix: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError) as caught:
        interpreter_of(project(tmp_path, options))
    folder = tmp_path / ("venv" if "venv" in options else ".venv")
    assert f"{folder} does not exist; make it: cd {tmp_path} && {fix}" in str(caught.value)


def test_a_folder_that_is_no_environment_is_refused(tmp_path: Path) -> None:
    (tmp_path / "venv").mkdir()
    with pytest.raises(UserError, match="is not a virtual environment"):
        interpreter_of(project(tmp_path, "virtualenv: venv"))


def test_an_environment_without_pulumi_is_named(tmp_path: Path) -> None:
    environment(tmp_path / "venv")
    write_program(tmp_path, "import pulumi\n")
    with pytest.raises(ProgramError, match=r"venv cannot run it: it has no package '\w+'; install the program's req"):
        run_program(project(tmp_path, "virtualenv: venv"))


@pytest.mark.parametrize("file", IN_THE_WORKER, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_what_runs_in_a_programs_python_has_the_oldest_syntax(file: Path) -> None:
    tree = ast.parse(file.read_text(), feature_version=OLDEST)
    unions = [
        node
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "isinstance"
        for node in ast.walk(call.args[1])
        if isinstance(node, ast.BinOp)
    ]
    assert not unions
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    annotated = any(isinstance(node, ast.FunctionDef | ast.AnnAssign) for node in ast.walk(tree))
    assert not annotated or "__future__" in imported
