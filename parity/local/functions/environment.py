"""One Lambda execution environment: a process with the function's runtime, which handles one invocation at a time.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

import asyncio
import json
import re
import signal
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from parity.gateway.model.backends import LambdaResult
from parity.local.functions.configuration import LambdaConfiguration
from parity.local.functions.log import (
    LambdaLog,
    end_line,
    init_report_line,
    memory_used_mb,
    report_line,
    start_line,
    timeout_line,
)
from parity.local.functions.runtime_api import MAX_PAYLOAD_BYTES, Invocation, RuntimeApi
from parity.local.functions.runtimes.runtime import Runtime
from parity.local.processes.processes import ChildProcess

AWS_SDK_MISSING = re.compile(r"No module named '(boto3|botocore)'")
"""AWS's own Python runtimes have it: https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html"""


class EnvironmentLostError(Exception):
    """The environment ended before it took the event: another one can handle it."""


class InitError(Exception):
    """An environment could not be started.

    Attributes:
        error_type: Lambda's name of the error, `Runtime.ImportModuleError`.
        reason: its text, without the request's id.
        payload: what the runtime told, or None when it could not.
        log: the end of the log of the start.
    """

    def __init__(self, error_type: str, reason: str, payload: bytes | None, log: str) -> None:
        super().__init__(f"{error_type}: {reason}")
        self.error_type = error_type
        self.reason = reason
        self.payload = payload
        self.log = log

    def result(self, request_id: str) -> LambdaResult:
        """What the invocation gets that the environment was started for."""
        payload = self.payload or error_payload(self.error_type, f"RequestId: {request_id} Error: {self.reason}")
        return LambdaResult(payload=payload, function_error="Unhandled", log=self.log)


class InitTimeoutError(InitError):
    """An environment did not get ready in time."""


def error_payload(error_type: str, message: str) -> bytes:
    """An error of Lambda's own, as it gives it back in place of the function's result."""
    return json.dumps({"errorType": error_type, "errorMessage": message}, separators=(",", ":")).encode()


class LambdaEnvironment:
    """An execution environment, from its start to its end.

    Args:
        configuration: the function's.
        runtime: what it is started with.
        write_log: gets each event of the function's log.
        on_free: is called each time the environment can take the next invocation.
        on_end: is called once, when it can take none any more.

    Attributes:
        idle_since: when it got idle, by the monotonic clock; kept by the function.
    """

    def __init__(
        self,
        configuration: LambdaConfiguration,
        runtime: Runtime,
        write_log: Callable[[str], None],
        *,
        on_free: Callable[["LambdaEnvironment"], None],
        on_end: Callable[["LambdaEnvironment"], None],
    ) -> None:
        self._configuration = configuration
        self._runtime = runtime
        self._log = LambdaLog(write_log)
        self._on_free = on_free
        self._on_end = on_end
        self._api = RuntimeApi(self)
        self._process: ChildProcess | None = None
        self._exit_watcher: asyncio.Task[None] | None = None
        self._ready: asyncio.Future[None] | None = None
        self._init_ms: float | None = None
        self._invocation: Invocation | None = None
        self._result: asyncio.Future[LambdaResult] | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._started_at = 0.0
        self._memory_used_mb: int | None = None
        self._ended = False
        self.idle_since = 0.0

    async def start(self, limit_seconds: float) -> None:
        """Starts the runtime and waits until it has loaded the handler.

        Args:
            limit_seconds: how long that may take.

        Raises:
            InitError: it could not load it, ended, or (InitTimeoutError) took too long.
        """
        self._ready = asyncio.get_running_loop().create_future()
        self._started_at = time.perf_counter()
        log_stream = f"{datetime.now(UTC):%Y/%m/%d}/[$LATEST]{uuid.uuid4().hex}"
        if self._runtime.version:
            self._log.write(f"INIT_START Runtime Version: {self._runtime.version}")
        try:
            address = await self._api.listen()
            self._process = ChildProcess(
                self._runtime.arguments,
                environment=self._configuration.variables(self._runtime, runtime_api=address, log_stream=log_stream),
                folder=self._runtime.folder,
                on_line=self._log.write,
            )
            await self._process.start()
            self._exit_watcher = asyncio.create_task(self._watch_exit(self._process))
            async with asyncio.timeout(limit_seconds):
                await asyncio.shield(self._ready)
        except TimeoutError:  # an OSError too, so it stands first
            if self._process is not None:
                self._process.drain()
            self._log.write(init_report_line(self._elapsed_ms(), "timeout"))
            reason = f"Task timed out after {limit_seconds:.2f} seconds"
            raise InitTimeoutError("Sandbox.Timedout", reason, None, self._log.tail) from None
        except OSError as error:
            what = f"fork/exec {error.filename or self._configuration.code}: {(error.strerror or str(error)).lower()}"
            raise self._init_failure("Runtime.InvalidEntrypoint", what) from error
        finally:
            self._ready.cancel()
        self._init_ms = self._elapsed_ms()

    def invoke(self, invocation: Invocation) -> asyncio.Future[LambdaResult]:
        """Hands an event to the runtime.

        Returns:
            The result to come; it fails with EnvironmentLostError when the runtime ends before it takes the event.
            To cancel it ends nothing: the function runs on, as on AWS, and its result is dropped.
        """
        loop = asyncio.get_running_loop()
        if self._init_ms is None:
            self._log.forget()
        self._log.write(start_line(invocation.request_id))
        self._invocation = invocation
        self._result = loop.create_future()
        self._started_at = time.perf_counter()
        self._deadline = loop.call_later(self._configuration.timeout_seconds, self._on_timeout)
        self._api.deliver(invocation)
        return self._result

    @property
    def ended(self) -> bool:
        """Whether it can take no invocation any more."""
        return self._ended

    async def aclose(self) -> None:
        """Ends the runtime, at once: Lambda gives a function no time to say good-bye."""
        self.end()
        if self._process is not None:
            await self._process.stop()
        if self._exit_watcher is not None:
            await self._exit_watcher

    # what the runtime tells (RuntimeEvents)

    def on_next(self) -> None:
        """The handler is loaded, or the response has been sent."""
        if self._ready is not None and not self._ready.done():
            self._ready.set_result(None)

    def on_response(self, body: bytes | None) -> None:
        """The handler returned."""
        if body is None:
            message = f"Response payload size exceeded maximum allowed payload size ({MAX_PAYLOAD_BYTES} bytes)."
            self._fail("Function.ResponseSizeTooLarge", message)
            self.end()  # a runtime whose response is refused ends itself
            return
        self._finish(LambdaResult(payload=body))
        self._on_free(self)

    def on_error(self, body: bytes) -> None:
        """The handler raised."""
        self._finish(LambdaResult(payload=body, function_error="Unhandled"))
        self._on_free(self)

    def on_init_error(self, body: bytes) -> None:
        """The handler could not be loaded."""
        if self._ready is None or self._ready.done():
            return
        try:
            error = json.loads(body)
            error_type, reason = str(error["errorType"]), str(error["errorMessage"])
        except (ValueError, KeyError, TypeError):
            error_type, reason = "Runtime.Unknown", "the runtime told an error that is not JSON"
        missing = AWS_SDK_MISSING.search(reason)
        if missing:
            self._log.write(
                f"Lambda's Python runtimes have {missing[1]}; install it locally: pip install 'parity[aws]'"
            )
        self._ready.set_exception(self._init_failure(error_type, reason, body))

    # how it ends

    async def _watch_exit(self, process: ChildProcess) -> None:
        status = await process.wait()
        reason = _exit_reason(status)
        if self._ready is not None and not self._ready.done():
            self._ready.set_exception(self._init_failure("Runtime.ExitError", reason))
        if self._invocation is not None and self._api.queued is self._invocation:
            self._abandon()
        elif self._invocation is not None:
            message = f"RequestId: {self._invocation.request_id} Error: {reason}"
            self._log.write(f"{message}\nRuntime.ExitError")
            self._fail("Runtime.ExitError", message)
        self.end()

    def _abandon(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._invocation = None
        if self._result is not None and not self._result.done():
            self._result.set_exception(EnvironmentLostError())

    def _on_timeout(self) -> None:
        if self._invocation is None or self._process is None:
            return
        self._measure_memory()
        self._process.send_signal(signal.SIGKILL)
        self._process.drain()
        request_id, seconds = self._invocation.request_id, self._configuration.timeout_seconds
        self._log.write(timeout_line(request_id, seconds))
        message = f"RequestId: {request_id} Error: Task timed out after {seconds:.2f} seconds"
        self._fail("Sandbox.Timedout", message, status="timeout")
        self.end()

    def _fail(self, error_type: str, message: str, *, status: str = "") -> None:
        result = LambdaResult(payload=error_payload(error_type, message), function_error="Unhandled")
        self._finish(result, status=status or f"error\tError Type: {error_type}")

    def _finish(self, result: LambdaResult, *, status: str = "") -> None:
        """Ends the invocation: its last lines in the log, then its result."""
        invocation, self._invocation = self._invocation, None
        if invocation is None or self._process is None:
            return
        duration_ms = self._elapsed_ms()
        if self._deadline is not None:
            self._deadline.cancel()
        self._process.drain()
        self._measure_memory()
        self._log.write(end_line(invocation.request_id))
        self._log.write(
            report_line(
                invocation.request_id,
                duration_ms=duration_ms,
                memory_size_mb=self._configuration.memory_size_mb,
                memory_used_mb=self._memory_used_mb,
                init_ms=self._init_ms,
                status=status,
            )
        )
        self._init_ms = None
        if self._result is not None and not self._result.done():
            self._result.set_result(
                LambdaResult(payload=result.payload, function_error=result.function_error, log=self._log.tail)
            )

    def _init_failure(self, error_type: str, reason: str, payload: bytes | None = None) -> InitError:
        if self._process is not None:
            self._process.drain()
        self._log.write(init_report_line(self._elapsed_ms(), f"error\tError Type: {error_type}"))
        return InitError(error_type, reason, payload, self._log.tail)

    def end(self) -> None:
        """Kills the runtime; it is not waited for."""
        if self._ended:
            return
        self._ended = True
        self._api.close()
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
        self._on_end(self)

    def _measure_memory(self) -> None:
        if self._process is not None:
            self._memory_used_mb = memory_used_mb(self._process.pid) or self._memory_used_mb

    def _elapsed_ms(self) -> float:
        return (time.perf_counter() - self._started_at) * 1000


def _exit_reason(status: int) -> str:
    if status == 0:
        return "Runtime exited without providing a reason"
    if status > 0:
        return f"Runtime exited with error: exit status {status}"
    return f"Runtime exited with error: signal: {(signal.strsignal(-status) or str(-status)).lower()}"
