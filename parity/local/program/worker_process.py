"""Runs a Pulumi program in a worker process and collects the resources that it registers."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from parity.errors import UserError
from parity.local.program.configuration import Configuration
from parity.local.program.interpreter import interpreter_of
from parity.local.program.project import ACCOUNT_ID, Project
from parity.local.program.records import ResourceRecord

_LONGEST_LINE = 1 << 30
_HOME = Path(__file__).resolve().parents[3]
# The program's own Python may not know Parity: its folder comes last, and goes before the program's modules are sought.
# The current folder goes first: it is not the program's, and the option -P is no older than Python 3.11.
_START = (
    "import sys; '' in sys.path[:1] and sys.path.pop(0); sys.path.append(sys.argv.pop(1)); "
    "from parity.local.worker.main import main; main()"
)


class ProgramError(UserError):
    """The program raised, or did what cannot be done without an engine; its text ends with the program's traceback."""


@dataclass(slots=True, kw_only=True)
class ProgramResult:
    """What a program declared. `secrets` names the outputs that are secret; `notices` says what was left out."""

    resources: list[ResourceRecord] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
    notices: list[str] = field(default_factory=list)


class Worker:
    """The process in which one program runs once. It is started at once, so that it imports while others work.

    Args:
        program: the program's folder or file, which may ask for a Python of its own.

    Raises:
        UserError: the virtual environment that it asks for is missing.
    """

    def __init__(self, program: Path) -> None:
        interpreter = interpreter_of(program)
        ours, theirs = socket.socketpair()
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONHASHSEED": "0"}
        # The program's standard output belongs to its author's eyes, not to what a command prints for machines.
        self._process = subprocess.Popen(
            [interpreter, "-c", _START, str(_HOME), str(theirs.fileno()), str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=2,
            pass_fds=[theirs.fileno()],
            env=environment,
            start_new_session=True,
        )
        theirs.close()
        self._socket = ours
        self._ended = False

    async def run(
        self,
        project: Project,
        stack: str,
        configuration: Configuration,
        *,
        origin_of: Callable[[str], str],
        on_resource: Callable[[ResourceRecord], None] = lambda _: None,
    ) -> ProgramResult:
        """Runs the program to its end.

        Args:
            project: the project.
            stack: the stack's name.
            configuration: the stack's configuration.
            origin_of: answers the URL, without a path, of the REST API with a URN.
            on_resource: gets each resource as soon as it is registered.

        Raises:
            ProgramError: the program failed.
        """
        try:
            reader, writer = await asyncio.open_connection(sock=self._socket, limit=_LONGEST_LINE)
        except BaseException:
            self.kill()
            raise
        try:
            writer.write(_job(project, stack, configuration))
            return await self._collect(reader, writer, origin_of, on_resource)
        finally:
            writer.close()
            self.kill()

    async def _collect(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        origin_of: Callable[[str], str],
        on_resource: Callable[[ResourceRecord], None],
    ) -> ProgramResult:
        result = ProgramResult()
        while line := await reader.readline():
            message = json.loads(line)
            kind = message["kind"]
            if kind == "resource":
                record = ResourceRecord.from_json(message["resource"])
                result.resources.append(record)
                on_resource(record)
            elif kind == "outputs":
                result.outputs, result.secrets = message["outputs"], frozenset(message["secrets"])
            elif kind == "notice":
                result.notices.append(message["text"])
            elif kind == "origin":
                writer.write(json.dumps({"origin": origin_of(message["urn"])}).encode() + b"\n")
            elif kind == "failed":
                raise ProgramError(message["error"])
            else:
                return result
        raise ProgramError(f"the program's process ended early{_ending(self._process)}")

    def kill(self) -> None:
        """Ends the process, and what the program started and left behind in its session. May be called again."""
        if self._ended:
            return
        self._ended = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._socket.close()


def _ending(process: "subprocess.Popen[bytes]") -> str:
    try:
        status = process.wait(1)
    except subprocess.TimeoutExpired:
        return ""
    return f" with status {status}" if status >= 0 else f" by {signal.Signals(-status).name}"


def _job(project: Project, stack: str, configuration: Configuration) -> bytes:
    """The job of `parity.local.worker.run`, one line of JSON."""
    job = {
        "program": str(project.program),
        "directory": str(project.directory),
        "root": str(project.root),
        "project": project.name,
        "stack": stack.rpartition("/")[2],
        "config": dict(configuration.values),
        "secret_keys": sorted(configuration.secrets),
        "account_id": ACCOUNT_ID,
        "region": configuration.values["aws:region"],
        "answers": configuration.answers,
        "environment": dict(configuration.environment),
    }
    return json.dumps(job).encode() + b"\n"
