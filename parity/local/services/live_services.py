"""AWS services for a program: an emulator that is started when the program needs it, or other endpoints in its place.

The emulator is bound to a port of loopback at once, so that functions and containers can be told where it answers; its
process begins with the first integration, event source or function that needs it, at the latest with the first call.
"""

import asyncio
import base64
import contextlib
import importlib.util
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from parity.gateway.model.backends import LambdaResult, LambdaUnavailableError
from parity.local.aws_calls.variables import ALL_SERVICES
from parity.local.program.records import ResourceRecord
from parity.local.services.resource_types import (
    BUCKET_NOTIFICATION,
    EVENT_SOURCE_MAPPING,
    EVENT_TARGET,
    SERVICE_TYPES,
    TOPIC_SUBSCRIPTION,
)

INSTALL = "install the emulator: python -m pip install 'parity[aws]', or name an endpoint with --aws-endpoint URL"
LONGEST_START_SECONDS = 60.0

_HOME = Path(__file__).resolve().parents[3]
_LONGEST_LINE = 1 << 30
_SDK_NAMES = {"states": "stepfunctions", "sfn": "stepfunctions", "events": "eventbridge"}

_SERVICE_URI = re.compile(r"arn:[a-z-]+:apigateway:[^:]*:(?!lambda:)[^:/\s]+:(path|action)/")

Invoke = Callable[..., Awaitable[LambdaResult]]


def emulator_is_installed() -> bool:
    """Whether moto, and what its server needs, can be imported."""
    return all(importlib.util.find_spec(name) is not None for name in ("moto", "boto3", "flask", "flask_cors"))


class LiveServices:
    """The AWS services of one version of a program.

    Args:
        directory: the folder that the program's relative paths begin at.
        given: the endpoints that are used in place of the emulator: URLs by service, `ALL_SERVICES` for all others.
        invoke: invokes a function by its name or ARN, as `parity.gateway.model.backends.Backends.invoke`.
        log: gets a line for each thing that the user should know.

    Attributes:
        needed: whether something that the program declares, or a call, needs the emulator.
    """

    def __init__(
        self, directory: Path, given: Mapping[str, str], *, invoke: Invoke, log: Callable[[str], None]
    ) -> None:
        self._directory = directory
        self._given = {name.lower(): url for name, url in given.items()}
        self._invoke = invoke
        self._log = log
        self._listener: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._starting: asyncio.Task[None] | None = None
        self._provisioned = asyncio.Event()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - for as long as the process lives
        self._records: list[ResourceRecord] = []
        self.needed = False
        self._known = asyncio.Event()
        if ALL_SERVICES not in self._given and emulator_is_installed():
            self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)

    @property
    def endpoints(self) -> Mapping[str, str]:
        """Where functions and containers reach services, by service; empty when nothing answers."""
        if self._listener is None:
            return self._given
        return {ALL_SERVICES: f"http://127.0.0.1:{self._listener.getsockname()[1]}", **self._given}

    def endpoint(self, service: str) -> str | None:
        """The URL at which a service answers, by its name in integration URIs; None when nothing does."""
        names = (service, _SDK_NAMES.get(service, service), ALL_SERVICES)
        return next((self.endpoints[name] for name in names if name in self.endpoints), None)

    @property
    def origin(self) -> str:
        """Where the emulator answers, once it is needed; else empty."""
        return self.endpoints[ALL_SERVICES] if self.needed and self._listener is not None else ""

    def watch(self) -> None:
        """Starts the emulator with the first call, if it has not been started by then."""
        if self._listener is not None:
            asyncio.get_running_loop().add_reader(self._listener.fileno(), self.need)

    def add(self, record: ResourceRecord) -> None:
        """Takes a resource of the program as soon as it is registered."""
        if record.type in SERVICE_TYPES:
            self._records.append(record)
        if _brings_events(record) or _SERVICE_URI.search(str(record.inputs.get("uri") or record.inputs.get("body"))):
            self.need()

    def serve(self, environment: Mapping[str, str]) -> None:
        """Starts the emulator if one of a function's or container's environment variables names a resource."""
        values = "\n".join(environment.values())
        if any(name in values for record in self._records for name in _names(record)):
            self.need()

    def need(self) -> None:
        """Starts the emulator's process; again does nothing."""
        self.needed = True
        if self._listener is not None:
            asyncio.get_running_loop().remove_reader(self._listener.fileno())
        if self._starting is None and emulator_is_installed():
            self._starting = asyncio.ensure_future(self._run())

    async def ready(self) -> None:
        """Waits, where the services are needed, until the program's resources exist in them. All are known by now."""
        self._known.set()
        if self.needed and self._starting is not None:
            try:
                async with asyncio.timeout(LONGEST_START_SECONDS):
                    await self._provisioned.wait()
            except TimeoutError:
                self._log(f"the emulator of AWS services was not ready in {LONGEST_START_SECONDS:.0f} s")
        elif self.needed and not self.endpoints:
            self._log(f"AWS services are not emulated: {INSTALL}")
        elif self.needed and self._records:
            self._log(f"the program's resources are not created at the endpoint that was given: {INSTALL}")

    async def _run(self) -> None:
        """Starts the process, gives it the resources once all are known, and answers it until it ends."""
        ours, theirs = socket.socketpair()
        listener = self._listener.fileno() if self._listener is not None else None
        job = {"listener": listener, "channel": theirs.fileno(), "parent": os.getpid(), "endpoints": self._given}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _START, str(_HOME), json.dumps(job)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            pass_fds=[descriptor for descriptor in (listener, theirs.fileno()) if descriptor is not None],
            start_new_session=True,
            cwd=self._directory,
        )
        theirs.close()
        reader, self._writer = await asyncio.open_connection(sock=ours, limit=_LONGEST_LINE)
        await self._known.wait()
        self._send({"kind": "provision", "records": [record.to_json() for record in self._records]})
        while line := await reader.readline():
            self._take(json.loads(line))
        if not self._provisioned.is_set():
            self._log(f"the emulator of AWS services ended before it was ready: {self._last_error()}")
            self._provisioned.set()

    def _last_error(self) -> str:
        """The last line that the process wrote to its standard error."""
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "it says nothing"

    def _take(self, message: dict[str, Any]) -> None:
        if message["kind"] == "provisioned":
            for problem in message["problems"]:
                self._log(problem)
            self._provisioned.set()
        elif message["kind"] == "log":
            self._log(message["line"])
        elif message["kind"] == "invoke":
            task = asyncio.ensure_future(self._invoked(message))
            self._tasks.append(task)
            task.add_done_callback(self._tasks.remove)

    async def _invoked(self, message: dict[str, Any]) -> None:
        """Invokes a function for the emulator's process and sends it the result."""
        answer: dict[str, Any] = {"kind": "result", "id": message["id"]}
        try:
            result = await self._invoke(
                message["function"], base64.b64decode(message["payload"]), asynchronous=message["async"]
            )
            answer.update(payload=base64.b64encode(result.payload).decode(), function_error=result.function_error)
        except LambdaUnavailableError as error:
            answer["error"] = str(error)
        self._send(answer)

    def _send(self, message: dict[str, Any]) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(json.dumps(message).encode() + b"\n")

    async def aclose(self) -> None:
        """Ends the emulator's process."""
        if self._listener is not None:
            asyncio.get_running_loop().remove_reader(self._listener.fileno())
            self._listener.close()
        tasks = [*self._tasks, *([self._starting] if self._starting is not None else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._errors.close()
        if self._writer is not None:
            self._writer.close()
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await asyncio.to_thread(self._process.wait)


_START = "import sys; sys.path.append(sys.argv.pop(1)); from parity.local.services.emulator.main import main; main()"


def _brings_events(record: ResourceRecord) -> bool:
    """Whether a resource brings events to a function."""
    if record.type == EVENT_SOURCE_MAPPING:
        return True
    if record.type == BUCKET_NOTIFICATION:
        return bool(record.inputs.get("lambdaFunctions"))
    if record.type == TOPIC_SUBSCRIPTION:
        return record.inputs.get("protocol") == "lambda"
    return record.type == EVENT_TARGET and ":lambda:" in str(record.inputs.get("arn"))


def _names(record: ResourceRecord) -> tuple[str, ...]:
    outputs = record.outputs
    return tuple(str(outputs[name]) for name in ("arn", "url", "name", "bucket", "id") if outputs.get(name))
