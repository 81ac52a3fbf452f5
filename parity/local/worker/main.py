"""Runs one Pulumi program with the real Pulumi SDK and streams what it registers.

Started by `parity.local.program.worker_process`.

Its arguments are FD and PARENT_PID. FD is a socket, whose first line is the job (see `run.serve_job`), a JSON
object; what the program registers goes back as lines of JSON. The SDK is imported while the job is still on its way.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import sys
from pathlib import Path

from parity.local.program.older_python import OLDEST


def main() -> None:
    """The entry point of the process."""
    gc.disable()  # a short life: nothing that a collection could free is worth the time that it takes
    descriptor, parent = int(sys.argv[1]), int(sys.argv[2])
    from parity.local.processes.parent_death import die_with_parent

    die_with_parent(parent)
    if sys.version_info < OLDEST:
        _fail(descriptor, f"it is Python {_version(sys.version_info)}; make it anew with {_version(OLDEST)} or newer")
    try:
        from parity.local.worker.run import serve_job
    except ModuleNotFoundError as error:
        name = str(error.name).partition(".")[0]
        if name == "parity":
            raise
        install = "install the program's requirements there, pulumi among them"
        _fail(descriptor, f"it has no package {name!r}; {install}: {sys.executable} -m pip install -r requirements.txt")
    sys.path.remove(str(Path(__file__).resolve().parents[3]))  # what is beside Parity is not the program's
    serve_job(descriptor)


def _version(version: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in version[:2])


def _fail(descriptor: int, problem: str) -> None:
    """Ends the process with an error about the program's virtual environment."""
    text = f"the program's virtual environment {sys.prefix} cannot run it: {problem}"
    socket.socket(fileno=descriptor).sendall(json.dumps({"kind": "failed", "error": text}).encode() + b"\n")
    os._exit(0)
