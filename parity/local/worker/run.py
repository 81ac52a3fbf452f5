"""One run of a Pulumi program inside the worker process."""

from __future__ import annotations

import asyncio
import gc
import inspect
import json
import logging
import os
import runpy
import socket
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, BinaryIO, cast

import pulumi
import pulumi.runtime
from pulumi.runtime.proto import resource_pb2_grpc

from parity.local.resources.account import EmulatedAccount
from parity.local.worker.local_urls import with_local_urls
from parity.local.worker.monitor import Monitor
from parity.local.worker.sdk_patches import speed_up_sdk


def serve_job(descriptor: int) -> None:
    """Reads one job from the socket and runs it.

    The job: `program` (path of a folder or file), `directory` (to run it in), `root` (folder of Pulumi.yaml),
    `project`, `stack`, `config` (namespaced key to text), `secret_keys`, `account_id`, `region`,
    `answers` (the file of answers), `environment` (variables to set).
    The answers: `resource`, `outputs`, `notice`, `origin` (a question: the URL of an API), then `done` or `failed`.
    """
    channel = socket.socket(fileno=descriptor)
    stream = cast(BinaryIO, channel.makefile("rwb"))
    line = stream.readline()
    if not line:
        os._exit(0)  # the caller gave up before it had a job
    job = json.loads(line)
    send = _Sender(stream)
    problem = _run(job, stream, send)
    send({"kind": "done"} if problem is None else {"kind": "failed", "error": problem})
    stream.flush()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # what a program leaves running must not keep the caller waiting, and freeing memory takes time


class _Sender:
    """Writes messages to the serving process, the invoke URLs in them replaced by local ones.

    Args:
        stream: the socket.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.origin_of: Callable[[str], str | None] = lambda _: None

    def __call__(self, message: dict[str, Any]) -> None:
        """Writes one message."""
        text = with_local_urls(json.dumps(message, separators=(",", ":")), self.origin_of)
        self._stream.write(text.encode() + b"\n")


def _run(job: dict[str, Any], stream: BinaryIO, send: _Sender) -> str | None:
    """Runs the job's program; returns what went wrong, or None."""

    def ask_origin(urn: str) -> str:
        send({"kind": "origin", "urn": urn})
        stream.flush()
        return str(json.loads(stream.readline())["origin"])

    emulated_account = EmulatedAccount(
        project=job["project"],
        stack=job["stack"],
        region=job["region"],
        account_id=job["account_id"],
        root=job["root"],
        ask_origin=ask_origin,
        answers=job["answers"],
    )
    send.origin_of = emulated_account.origin
    os.environ.update(job["environment"])
    monitor = _SdkMonitor(emulated_account, send)
    _configure(job, monitor)
    monitor.unanswered.install()
    return _run_program(job["program"])


def _configure(job: dict[str, Any], monitor: Monitor) -> None:
    """Sets up the SDK as Pulumi's language host does."""
    pulumi.runtime.set_all_config(job["config"], job["secret_keys"])
    settings = {
        "project": job["project"],
        "stack": job["stack"],
        "monitor": monitor,
        "parallel": 16,
        "dry_run": False,
        "organization": "organization",
        "root_directory": job["root"],
    }
    known = inspect.signature(pulumi.runtime.Settings.__init__).parameters  # an older SDK knows fewer
    pulumi.runtime.configure(
        pulumi.runtime.Settings(**{name: value for name, value in settings.items() if name in known})
    )
    speed_up_sdk()
    os.chdir(job["directory"])
    sys.argv = [job["program"]]


_Stub: Any = resource_pb2_grpc.ResourceMonitorStub


class _SdkMonitor(Monitor, _Stub):  # type: ignore[misc]
    """A monitor that an SDK takes for one: an older one has transforms only with the stub's own class."""


class _Loop(asyncio.SelectorEventLoop):
    """An event loop that answers the SDK's calls of the monitor at once, in place of a hop through a thread."""

    def run_in_executor(  # type: ignore[override]
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Runs the SDK's own functions here and now; anything else as ever."""
        if executor is not None or not str(getattr(func, "__module__", "")).startswith("pulumi.runtime."):
            return super().run_in_executor(executor, func, *args)
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future


def _run_program(program: str) -> str | None:
    # Outputs that nobody awaits after a failure are no news to the program's author.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    loop = _Loop()
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(lambda: _execute(program)))
    except pulumi.RunError as error:
        return str(error)
    except SystemExit as error:
        return None if not error.code else f"the program exited with status {error.code}"
    except BaseException as error:
        return "the program failed with an unhandled exception:\n" + _program_traceback(error, program)
    finally:
        gc.freeze()
    return None


def _execute(program: str) -> None:
    if Path(program).is_file():
        sys.path.insert(0, str(Path(program).parent))  # as runpy does for a folder
    if Path(program).is_dir() and not (Path(program) / "__main__.py").is_file():
        raise pulumi.RunError(f"unable to find main python program `__main__.py` in `{program}`")
    runpy.run_path(program, run_name="__main__")


def _program_traceback(error: BaseException, program: str) -> str:
    """The traceback from the program's first frame on: what is above it is not its author's concern."""
    main = Path(program) / "__main__.py" if Path(program).is_dir() else Path(program)
    frames = traceback.extract_tb(error.__traceback__)
    first = next((index for index, frame in enumerate(frames) if Path(frame.filename) == main), None)
    limit = None if first is None else -(len(frames) - first)
    return "".join(traceback.format_exception(type(error), error, error.__traceback__, limit=limit)).rstrip()
