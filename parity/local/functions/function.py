"""A Lambda function, run locally as Lambda runs it: in execution environments that are started as needed.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
"""

import asyncio
import contextlib
import json
import os
import secrets
import time
import uuid
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import replace

from parity.gateway.model.backends import LambdaResult, LambdaUnavailableError, ResponseSink
from parity.local.functions.concurrency import Concurrency
from parity.local.functions.configuration import LambdaConfiguration
from parity.local.functions.environment import EnvironmentLostError, InitError, InitTimeoutError, LambdaEnvironment
from parity.local.functions.log import end_line, report_line, start_line
from parity.local.functions.runtime_api import Invocation
from parity.local.functions.runtimes.runtime import Runtime, RuntimeUnavailableError
from parity.local.functions.runtimes.selection import runtime_of

MOST_STARTING = max(4, 2 * (os.cpu_count() or 1))
"""How many environments of a function are started at the same time: more would only wait for the processor, and an
invocation that waits for one may get another that is free before."""

IDLE_SECONDS = 60.0
"""How long an environment may be idle, but for one of each function; Lambda too ends them after some minutes."""

RETRY_SECONDS = (60.0, 120.0)
"""After what times an asynchronous event whose function failed is tried again.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

THROTTLED_RETRY_SECONDS = 1.0
"""After what time a throttled asynchronous event is tried again; Lambda begins so, and waits longer each time."""

INIT_LIMIT_SECONDS = 10.0
"""How long an environment may take to get ready; one that takes longer is started once more, within the timeout."""

MAX_REQUEST_BYTES = 6_291_456
"""The largest event of a synchronous invocation: 6 MB."""

MAX_ASYNCHRONOUS_REQUEST_BYTES = 1_048_576
"""The largest event of an asynchronous invocation: 1 MB."""


def split_function_arn(arn: str) -> tuple[str, str | None]:
    """Splits a function's ARN from the version or alias at its end.

    Args:
        arn: `arn:aws:lambda:REGION:ACCOUNT:function:NAME`, perhaps with `:QUALIFIER`.

    Returns:
        The ARN without a qualifier, and the qualifier or None.
    """
    parts = arn.split(":")
    return ":".join(parts[:7]), parts[7] if len(parts) > 7 else None


class LambdaFunction:
    """A function and its execution environments.

    Args:
        configuration: what the function was declared with.
        concurrency: how many invocations may run at once; further ones are throttled, as on AWS.
        log: gets each event of the function's log.

    Attributes:
        asynchronous_retries: how often a failed asynchronous event is tried again, from 0 to 2.
    """

    def __init__(
        self,
        configuration: LambdaConfiguration,
        *,
        concurrency: Concurrency,
        log: Callable[[str], None],
    ) -> None:
        self.configuration = configuration
        self.unavailable_reason: str | None = None
        self._runtime: Runtime | None = None
        try:
            self._runtime = runtime_of(configuration)
        except RuntimeUnavailableError as error:
            self.unavailable_reason = f"Lambda function {configuration.name!r} {error}"
        self._log = log
        self._concurrency = concurrency
        self._environments: set[LambdaEnvironment] = set()
        self._idle: list[LambdaEnvironment] = []
        self._waiting: deque[asyncio.Future[LambdaEnvironment]] = deque()
        self._starting = 0
        self._idle_timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing: set[asyncio.Task[None]] = set()
        self._closed = False
        self.asynchronous_retries = len(RETRY_SECONDS)

    @property
    def note(self) -> str:
        """How the function differs from what it declares; empty when it does not."""
        note = self._runtime.note if self._runtime else ""
        return note and f"Lambda function {self.configuration.name!r} {note}"

    async def start(self) -> None:
        """Starts one environment in the background, so that the first invocation finds it ready.

        What keeps the function from running is written to its log; each invocation will be told too.
        """
        if self.unavailable_reason is not None:
            self._log(self.unavailable_reason)
        elif not self._environments:
            self._start_environment()

    async def invoke(
        self,
        payload: bytes,
        *,
        asynchronous: bool = False,
        qualifier: str | None = None,
        trace_id: str | None = None,
        client_context: str = "",
        sink: ResponseSink | None = None,
    ) -> LambdaResult:
        """Invokes the function.

        Args:
            payload: the event, as JSON.
            asynchronous: do not wait for the result, which is then empty. A failed event is tried again, a throttled
                one waits.
            qualifier: the version or alias that was invoked, for the context's `invoked_function_arn`.
            trace_id: the `X-Amzn-Trace-Id` of the request, if it has one.
            client_context: JSON for `context.client_context`.
            sink: takes the response of a function that streams it.

        Raises:
            LambdaUnavailableError: the function cannot be run here.
            LambdaUnavailableError: also when the event is too large (status 413), or too many run already (429).
        """
        self._available_runtime()
        self._route(len(payload), asynchronous=asynchronous)
        arn, timeout_ms = self.configuration.arn, round(self.configuration.timeout_seconds * 1000)

        event_id = str(uuid.uuid4()) if asynchronous else ""  # the same for each attempt

        def invocation() -> Invocation:
            return Invocation(
                request_id=event_id or str(uuid.uuid4()),
                payload=payload,
                deadline_ms=int(time.time() * 1000) + timeout_ms,
                function_arn=arn if qualifier is None else f"{arn}:{qualifier}",
                trace_id=trace_id or _new_trace_id(),
                client_context=client_context,
                sink=sink,
            )

        if asynchronous:
            self._in_background(self._run_unheard(invocation), self._tasks)
            return LambdaResult(payload=b"")
        if not self._concurrency.enter():
            raise self._throttled()
        return await self._run(invocation)

    async def aclose(self) -> None:
        """Ends every environment, at once, and with it what still runs."""
        self._closed = True
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for future in self._waiting:
            if not future.done():
                future.set_exception(self._shut_down())
        self._waiting.clear()
        for environment in list(self._environments):
            environment.end()
        await asyncio.gather(*self._closing)

    def _shut_down(self) -> LambdaUnavailableError:
        return LambdaUnavailableError(f"Lambda function {self.configuration.name!r} has been shut down")

    def _available_runtime(self) -> Runtime:
        if self._runtime is None:
            raise LambdaUnavailableError(self.unavailable_reason or "")
        return self._runtime

    def _route(self, length: int, *, asynchronous: bool) -> None:
        if self._closed:
            raise self._shut_down()
        limit = MAX_ASYNCHRONOUS_REQUEST_BYTES if asynchronous else MAX_REQUEST_BYTES
        if length > limit:
            operation = "InvokeAsync" if asynchronous else "InvokeFunction"
            message = f"Request must be smaller than {limit} bytes for the {operation} operation"
            raise LambdaUnavailableError(f"RequestEntityTooLargeException: {message}", status=413)

    def _throttled(self) -> LambdaUnavailableError:
        """Lambda's answer to an invocation too many."""
        answer = {"Reason": self._concurrency.reason, "Type": "User", "message": "Rate Exceeded."}
        self._log(
            f"an invocation was throttled: {self._concurrency.limit} run already, the most that AWS lets run at once "
            f"({self._concurrency.reason})"
        )
        return LambdaUnavailableError(f"TooManyRequestsException: {json.dumps(answer)}", status=429)

    async def _run(self, invocation: Callable[[], Invocation]) -> LambdaResult:
        """Runs an invocation that has been counted."""
        try:
            while True:
                try:
                    environment = await self._acquire()
                except InitError as error:
                    return self._report_init_error(error)
                with contextlib.suppress(EnvironmentLostError):
                    return await environment.invoke(invocation())
        finally:
            self._concurrency.leave()

    async def _run_unheard(self, invocation: Callable[[], Invocation]) -> None:
        for attempt in range(self.asynchronous_retries + 1):
            while not self._concurrency.enter():
                await asyncio.sleep(THROTTLED_RETRY_SECONDS)
            result = await self._run(invocation)
            if result.function_error is None or attempt >= self.asynchronous_retries:
                return
            pause = RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)]
            left = self.asynchronous_retries - attempt
            self._log(f"the asynchronous event failed, and is tried again in {pause:.0f} s (attempts left: {left})")
            await asyncio.sleep(pause)

    async def _acquire(self) -> LambdaEnvironment:
        """Takes an idle environment, or waits for the first that gets free or ready."""
        while self._idle:
            environment = self._idle.pop()
            if not environment.ended:
                return environment
        future: asyncio.Future[LambdaEnvironment] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        self._start_for_waiting()
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled() and future.exception() is None:
                self._offer(future.result())  # it came at the moment of the cancellation
            raise

    def _start_for_waiting(self) -> None:
        waiting = sum(not future.done() for future in self._waiting)
        while self._starting < min(waiting, MOST_STARTING) and not self._closed:
            self._start_environment()

    def _start_environment(self) -> None:
        self._starting += 1
        environment = self._new_environment()
        self._in_background(self._make_ready(environment), self._tasks)

    def _new_environment(self) -> LambdaEnvironment:
        environment = LambdaEnvironment(
            self.configuration, self._available_runtime(), self._log, on_free=self._offer, on_end=self._forget
        )
        self._environments.add(environment)
        return environment

    async def _make_ready(self, environment: LambdaEnvironment) -> None:
        try:
            try:
                await environment.start(INIT_LIMIT_SECONDS)
            except InitTimeoutError:
                environment.end()
                environment = self._new_environment()
                await environment.start(self.configuration.timeout_seconds)
        except InitError as error:
            self._starting -= 1
            self._refuse_first_waiting(error)
            environment.end()
            self._start_for_waiting()
            return
        except asyncio.CancelledError:
            self._starting -= 1
            raise
        self._starting -= 1
        if not environment.ended:
            self._offer(environment)
        self._start_for_waiting()

    def _refuse_first_waiting(self, error: InitError) -> None:
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_exception(error)
                return

    def _offer(self, environment: LambdaEnvironment) -> None:
        """Gives a free environment to the invocation that has waited longest, or keeps it for the next."""
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(environment)
                return
        environment.idle_since = time.monotonic()
        self._idle.append(environment)
        self._end_idle_later()

    def _end_idle_later(self) -> None:
        if self._idle_timer is None and len(self._idle) > 1:
            self._idle_timer = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._end_idle)

    def _end_idle(self) -> None:
        """Ends the environments that have been idle for long, but for the one that was so last."""
        self._idle_timer = None
        latest = time.monotonic() - IDLE_SECONDS
        for environment in self._idle[:-1]:
            if environment.idle_since <= latest:
                environment.end()
        self._end_idle_later()

    def _forget(self, environment: LambdaEnvironment) -> None:
        self._environments.discard(environment)
        if environment in self._idle:
            self._idle.remove(environment)
        self._in_background(environment.aclose(), self._closing)
        self._start_for_waiting()

    def _report_init_error(self, error: InitError) -> LambdaResult:
        request_id = str(uuid.uuid4())
        status = f"error\tError Type: {error.error_type}"
        size = self.configuration.memory_size_mb
        report = report_line(request_id, duration_ms=0.0, memory_size_mb=size, memory_used_mb=None, status=status)
        lines = [start_line(request_id), end_line(request_id), report]
        for line in lines:
            self._log(line)
        result = error.result(request_id)
        return replace(result, log=result.log + "".join(f"{line}\n" for line in lines))

    def _in_background(self, work: Coroutine[None, None, None], tasks: set[asyncio.Task[None]]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)


def _new_trace_id() -> str:
    return f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)};Parent={secrets.token_hex(8)};Sampled=0"
