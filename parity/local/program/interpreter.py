"""The Python that a program runs with: that of the virtual environment which its Pulumi.yaml asks for.

https://www.pulumi.com/docs/iac/languages-sdks/python/#virtual-environments
"""

import contextlib
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from parity.errors import UserError
from parity.local.program.project import PROJECT_FILES, is_document

_HOME = Path(__file__).resolve().parents[3]
_POETRY_SECONDS = 60


def interpreter_of(program: Path) -> str:
    """The path of the Python for a program: as `runtime: options:` asks for it, or Parity's own.

    `virtualenv` names a folder, from Pulumi.yaml's on. Without it, `toolchain: uv` has `.venv` beside Pulumi.yaml or
    beside the nearest uv.lock above it, and `toolchain: poetry` has `.venv` there or what `poetry env info` names.

    The file is not parsed: that takes longer than a process takes to start, and a wrong file is reported later.

    Args:
        program: the program's folder or file.

    Raises:
        UserError: the virtual environment is missing, or is not one.
    """
    root = program.absolute() if program.is_dir() else program.absolute().parent
    if root == _HOME or is_document(program):
        return sys.executable  # this project's own program: its environment is the one that Parity runs in
    for name in PROJECT_FILES:
        with contextlib.suppress(OSError):
            text = (root / name).read_text(encoding="utf-8", errors="replace")
            folder = _environment(root, _option(text, "virtualenv"), _option(text, "toolchain"))
            if folder is None or (folder.is_dir() and folder.samefile(sys.prefix)):
                return sys.executable
            return str(folder / "bin" / "python")
    return sys.executable


def _option(text: str, name: str) -> str:
    """The value of an option in the text of a Pulumi.yaml, in block or flow style; empty when it is not there."""
    value = r"""(?:"([^"\n]+)"|'([^'\n]+)'|([^\s'",}#]+))"""
    found = re.search(rf"(?:^[ \t]+|[{{,][ \t]*){name}:[ \t]*{value}", text, re.MULTILINE)
    return next((group for group in found.groups() if group), "") if found else ""


def _environment(root: Path, named: str, toolchain: str) -> Path | None:
    """The virtual environment of a program; None when it asks for none.

    Raises:
        UserError: it is missing.
    """
    if toolchain == "uv":
        folder = root / named if named else _of_uv(root)
        make = "uv sync"
    elif toolchain == "poetry":
        folder = _of_poetry(root)
        make = "poetry install --no-root"
    elif named:
        folder = root / named
        quoted = shlex.quote(named)
        make = f"python3 -m venv {quoted} && {quoted}/bin/pip install -r requirements.txt"
    else:
        return None
    if (folder / "bin" / "python").is_file():
        return folder
    problem = "is not a virtual environment (it has no bin/python)" if folder.is_dir() else "does not exist"
    asked = f"virtualenv: {named}" if named and toolchain != "poetry" else f"toolchain: {toolchain}"
    raise UserError(
        f"{root / PROJECT_FILES[0]} says {asked}, but {folder} {problem}; make it: "
        f"cd {shlex.quote(str(root))} && {make}  (or: pulumi install)"
    )


def _of_uv(root: Path) -> Path:
    """uv's environment: `.venv` beside Pulumi.yaml, or that of the workspace, beside its uv.lock."""
    beside = root / ".venv"
    if beside.exists():
        return beside
    workspace = next((folder for folder in (root, *root.parents) if (folder / "uv.lock").is_file()), root)
    return workspace / ".venv"


def _of_poetry(root: Path) -> Path:
    """Poetry's environment: `.venv` beside Pulumi.yaml if there is one, else where Poetry keeps it."""
    beside = root / ".venv"
    if not beside.exists() and shutil.which("poetry"):
        with contextlib.suppress(subprocess.SubprocessError):
            found = subprocess.run(
                ["poetry", "env", "info", "--path"],
                cwd=root,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                timeout=_POETRY_SECONDS,
                check=True,
            )
            return Path(found.stdout.strip() or beside)
    return beside
