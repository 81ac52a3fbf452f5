"""The running of `parity serve`: its event loop, what it prints, and its end."""

import argparse
import asyncio
import contextlib
import gc
import json
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path

from parity.cli.arguments.program import run_options
from parity.cli.output.request_log import RequestLog
from parity.cli.output.serve_output import LogPrinter, Style, description, nothing_to_serve
from parity.errors import UserError
from parity.local.program.worker_process import Worker
from parity.local.session import Session
from parity.local.session_options import SessionOptions

GC_THRESHOLD = 20_000
"""Objects made before the collector looks; Python's own default is 700."""


class Serving:
    """Serves one program until a signal ends it.

    Args:
        program: the program's folder or file.
        options: the parsed arguments of `parity serve`.
        worker: the process in which the program will be run.
    """

    def __init__(self, program: Path, options: argparse.Namespace, worker: Worker) -> None:
        self._logs = LogPrinter(sys.stderr)
        self._requests = None if options.quiet else RequestLog(sys.stderr, program)
        self._options = SessionOptions(
            program=program,
            **run_options(options),
            host=options.host,
            port=options.port,
            log_sink=self._logs.write,
            on_exchange=self._requests.add if self._requests is not None else None,
            on_progress=self._logs.note if sys.stderr.isatty() else None,
            record=options.ui,
        )
        self._session = Session(self._options)
        self._outputs_file: Path | None = options.outputs
        self._watch: bool = options.watch
        self._ui_port: int | None = options.ui_port if options.ui else None
        self._worker = worker
        self._shown = ""

    def run(self) -> int:
        """Serves; returns the exit status.

        Raises:
            UserError: the program cannot be served.
        """
        import uvloop

        if self._outputs_file is not None:
            with contextlib.suppress(OSError):  # it is reported when the file is written
                self._outputs_file.unlink()  # who waits for it must not find that of an earlier run
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(self._serve())

    async def _serve(self) -> int:
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, ended.set)
        serving = asyncio.ensure_future(self._run())
        waiting = asyncio.ensure_future(ended.wait())
        try:
            await asyncio.wait((serving, waiting), return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                await serving
        finally:
            for task in (serving, waiting):
                task.cancel()
            await asyncio.gather(serving, waiting, return_exceptions=True)
            self._worker.kill()
            await self._session.aclose()
            if self._requests is not None:
                self._requests.flush()
        return 0

    async def _run(self) -> None:
        """Serves the program, and each version of it that is saved when they are watched."""
        if not self._watch:
            await self._session.start(self._worker)
            self._show()
            if not self._session.apis:
                raise UserError(nothing_to_serve(self._session.resources))
            collect_rarely()
            async with self._workbench(self._session.start):
                await asyncio.Event().wait()
        from parity.local.watch import Watcher, serve_what_is_saved

        program = self._options.program
        watcher = Watcher(program if program.is_dir() else program.parent, self._own_files())
        self._session = Session(replace(self._options, before_request=watcher.settled))
        try:
            await watcher.start()
            await self._session.start(self._worker)
            self._show()
            collect_rarely()
            async with self._workbench(watcher.settled):
                await serve_what_is_saved(self._session, watcher, on_change=self._show, on_note=self._logs.note)
        finally:
            watcher.stop()

    @contextlib.asynccontextmanager
    async def _workbench(self, reload: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
        """Serves the workbench while the context lasts, if it is asked for."""
        if self._ui_port is None:
            yield
            return
        from parity.workbench.serving import serving_workbench

        async with serving_workbench(self._session, self._ui_port, reload) as url:
            print(f"\nWorkbench  {url}", flush=True)
            yield

    def _own_files(self) -> list[Path]:
        """The outputs file, and how the file is called while it is written."""
        file = self._outputs_file
        return [file, file.with_name(f".{file.name}.")] if file else []

    def _show(self) -> None:
        """Prints what is served, if it is not what was printed last, and writes the outputs file."""
        text = description(self._session, Style(sys.stdout))
        if text == self._shown:
            self._logs.note("reloaded")
        else:
            self._shown = text
            print(text, end="", flush=True)
        if self._outputs_file is not None:
            write_outputs(self._outputs_file, self._session.outputs)


def collect_rarely() -> None:
    """Lets the garbage collector look rarely: what exists once the program is served lives as long as this process, and
    a request's own objects need no collector. For the command alone, which ends with its process."""
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD)


def write_outputs(file: Path, outputs: Mapping[str, object]) -> None:
    """Writes outputs as JSON; a reader sees the old file or the new one, never a part. Only its owner may read it:
    secrets stand in it in the clear.

    Raises:
        UserError: the file cannot be written.
    """
    file = file.absolute()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                json.dump(outputs, stream, indent=2, ensure_ascii=False)
                stream.write("\n")
            Path(temporary).replace(file)
        finally:
            Path(temporary).unlink(missing_ok=True)  # it is there only when something failed
    except OSError as error:
        raise UserError(f"--outputs {file} cannot be written: {error.strerror}") from error
