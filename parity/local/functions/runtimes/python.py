"""Lambda's Python runtimes: the declared version where it is installed, with the packages that they have.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from parity.local.functions.runtimes.python_client.bootstrap import CLIENT_PACKAGES, SDK_PACKAGES, SDK_PYTHON
from parity.local.functions.runtimes.runtime import Runtime, RuntimeUnavailableError

PYTHON_RUNTIME = re.compile(r"python3\.(\d+)")
OLDEST_PYTHON = (3, 9)
"""AWS's runtime interface client runs on none older."""

_BOOTSTRAP = Path(__file__).with_name("python_client") / "bootstrap.py"
_PATIENCE_SECONDS = 10


def python_runtime(
    runtime: str, *, handler: str, code: Path, layers: Sequence[Path], environment: Mapping[str, str]
) -> Runtime:
    """How a Python function is started.

    Args:
        runtime: `python3.13`.
        handler: `module.function`.
        code: the function's folder.
        layers: the folders of its layers, in the function's order.
        environment: the function's own environment variables.

    Raises:
        RuntimeUnavailableError: it has no handler.
    """
    if not handler:
        raise RuntimeUnavailableError("has no handler: set handler='module.function'")
    version = (3, int(runtime.rpartition(".")[2]))
    python = interpreter_of(version)
    running = version if python else sys.version_info[:2]
    python = python or Path(sys.executable)
    python_path = [environment.get("PYTHONPATH", ""), *_layer_folders(layers, runtime)]
    return Runtime(
        # -B: a function's code is read-only on AWS, and a new file in its folder would change what is deployed.
        arguments=[str(python), "-s", "-S", "-B", str(_BOOTSTRAP), os.pathsep.join(_package_folders()), handler],
        folder=code,
        variables={"PYTHONPATH": os.pathsep.join(path for path in python_path if path)},
        programs=python.parent,
        version=f"python:{running[0]}.{running[1]}",
        note=_note(version, running),
    )


@cache
def interpreter_of(version: tuple[int, int]) -> Path | None:
    """An installed Python of that version: this process's own, or one of uv's, pyenv's or the PATH's; else None."""
    if version == sys.version_info[:2]:
        # The base of a virtual environment: what a function starts must not find the environment's packages either.
        return Path(getattr(sys, "_base_executable", None) or sys.executable)
    if version < OLDEST_PYTHON:
        return None
    name = f"python{version[0]}.{version[1]}"
    for path in _managed(version, name):
        if os.access(path, os.X_OK):
            return path
    on_path = shutil.which(name)
    return Path(on_path) if on_path and _runs(Path(on_path), version) else None


def _managed(version: tuple[int, int], name: str) -> Iterator[Path]:
    """The interpreters of that version that uv and pyenv have installed."""
    home = Path(os.environ.get("HOME") or "/")
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python")
    yield from sorted(uv.glob(f"cpython-{version[0]}.{version[1]}.*/bin/{name}"), reverse=True)
    pyenv = Path(os.environ.get("PYENV_ROOT") or home / ".pyenv")
    yield from sorted(pyenv.glob(f"versions/{version[0]}.{version[1]}.*/bin/{name}"), reverse=True)


def _runs(path: Path, version: tuple[int, int]) -> bool:
    """Whether that is a Python of the version: a name on the PATH may be a launcher without a Python behind it."""
    command = [str(path), "-I", "-S", "-c", "import sys; print(*sys.version_info[:2])"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_PATIENCE_SECONDS, check=False, text=True)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.stdout.split() == [str(number) for number in version]


def _note(version: tuple[int, int], running: tuple[int, int]) -> str:
    if running == version:
        old = version < SDK_PYTHON
        return f"runs without the AWS SDK, which needs Python {SDK_PYTHON[0]}.{SDK_PYTHON[1]} or newer" if old else ""
    wanted = f"{version[0]}.{version[1]}"
    runs = f"declares python{wanted}, and runs with Python {sys.version_info[0]}.{sys.version_info[1]}"
    if version < OLDEST_PYTHON:
        return f"{runs}: AWS's runtime client needs Python {OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]} or newer"
    return f"{runs}: there is no Python {wanted} here; install it, for example by `uv python install {wanted}`"


@cache
def _package_folders() -> tuple[str, ...]:
    """The folders in which the packages of Lambda's runtimes are installed."""
    names = CLIENT_PACKAGES | SDK_PACKAGES
    folders = (Path(folder) for folder in sys.path if folder)
    return tuple(str(folder.absolute()) for folder in folders if any((folder / name).is_dir() for name in names))


def _layer_folders(layers: Sequence[Path], runtime: str) -> list[str]:
    """The layers' folders on Python's path; a later layer comes before an earlier one, which it hides."""
    packages = Path("python", "lib", runtime, "site-packages")
    found = (folder for root in reversed(layers) for folder in (root / packages, root / "python"))
    return [str(folder) for folder in found if folder.is_dir()]
