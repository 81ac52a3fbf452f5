"""A Pulumi program that runs locally: its REST APIs behind real ports, its backends as processes."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from parity.gateway.gateway import Gateway
from parity.gateway.lifecycle.request_work import DEFAULT_BUDGET, BudgetSize
from parity.gateway.model.exchange import Exchange
from parity.gateway.model.quotas import DEFAULT_TIMEOUT_MS
from parity.gateway.server.custom_domains import CustomDomain
from parity.local.containers.state import BackendState
from parity.local.deployment import Deployment, deploy
from parity.local.program.configuration import Configuration, configure
from parity.local.program.project import Project
from parity.local.program.records import ResourceRecord
from parity.local.program.worker_process import Worker
from parity.local.served_api import ServedApi, bind
from parity.local.session_options import LogSink, Progress, SessionOptions, Wait

__all__ = ["ServedApi", "Session", "open_session", "running"]

RECORDED_EXCHANGES = 10_000
"""How many exchanges a session keeps that was asked to record them."""


class Session:
    """A running program. `apis` are its REST APIs in the order of their declaration.

    Args:
        options: how the program is run.
    """

    def __init__(self, options: SessionOptions) -> None:
        self.options = options
        self._apis: dict[str, ServedApi] = {}
        self._deployment: Deployment | None = None
        self._configuration = Configuration(values={}, sources={})
        self._project: Project | None = None
        self._retiring: set[asyncio.Task[None]] = set()

    @property
    def project(self) -> str:
        """The project's name."""
        return self._project.name if self._project else ""

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self._project.root if self._project else self.options.program

    @property
    def stack(self) -> str:
        """The stack's name."""
        return self.options.stack

    @property
    def config(self) -> Mapping[str, str]:
        """The stack's configuration by namespaced key; lists and objects as JSON."""
        return self._configuration.values

    def config_source(self, key: str) -> str:
        """Where a configuration value comes from, such as `Pulumi.dev.yaml`; empty when it is not set."""
        full = key if ":" in key else f"{self.project}:{key}"
        return self._configuration.sources.get(full, "")

    @property
    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, secrets in the clear."""
        return self._current.result.outputs

    @property
    def secret_outputs(self) -> frozenset[str]:
        """The names of the outputs that are secret."""
        return self._current.result.secrets

    @property
    def resources(self) -> list[ResourceRecord]:
        """Every resource that the program registered."""
        return self._current.result.resources

    @property
    def apis(self) -> list[ServedApi]:
        """The REST APIs that are served."""
        return [self._apis[api.record.urn] for api in self._current.apis]

    def exchange(self, request_id: str) -> Exchange | None:
        """What a gateway did with a request, by its `x-amzn-RequestId`; None when it is not known, or not recorded."""
        found = (api.exchanges.get(request_id) for api in self.apis)
        return next((exchange for exchange in found if exchange is not None), None)

    @property
    def backends(self) -> list[BackendState]:
        """The functions and containers, with the reason for each that is not available."""
        return self._current.backends.states()

    @property
    def unsupported_resources(self) -> dict[str, list[str]]:
        """The names of the resources that are not emulated, by type."""
        return self._current.unsupported_resources

    @property
    def notices(self) -> list[str]:
        """What was left out while the program ran, and what is dubious in its definitions."""
        return self._current.notices

    @property
    def _current(self) -> Deployment:
        if self._deployment is None:
            raise RuntimeError("the session has not been started")
        return self._deployment

    async def start(self, worker: Worker | None = None) -> None:
        """Runs the program and serves what it declares; again, to take a changed program in its place.

        Requests under way finish on what they began with. When the program fails, what was served before still is.

        Raises:
            UserError: the program or its configuration is wrong.
        """
        worker = worker or Worker(self.options.program)
        try:
            project = Project.at(self.options.program)
            configuration = configure(
                project, self.options.stack, self.options.config, answers_file=self.options.answers
            )
        except BaseException:
            worker.kill()
            raise
        deployment = await deploy(worker, project, configuration, self.options, self._origin_of)
        previous, self._deployment = self._deployment, deployment
        self._project, self._configuration = project, configuration
        finishing = [
            await self._served(api.record.urn).show(api.definition, api.stages, deployment.gateways[api.record.urn])
            for api in deployment.apis
        ]
        for served in self._apis.values():
            served.answer_domains(deployment.domains, self._gateway_of)
        if previous is not None:
            live = {api.record.urn for api in deployment.apis}
            gone = [self._apis.pop(urn) for urn in [urn for urn in self._apis if urn not in live]]
            retiring = asyncio.create_task(_retire(previous, finishing, gone))
            self._retiring.add(retiring)
            retiring.add_done_callback(self._retiring.discard)

    async def aclose(self, grace_seconds: float = 1.0) -> None:
        """Stops serving and ends every process of the session.

        Args:
            grace_seconds: how long the requests under way get to finish.
        """
        await asyncio.gather(*(api.stop(grace_seconds) for api in self._apis.values()), return_exceptions=True)
        for retiring in list(self._retiring):
            retiring.cancel()
        await asyncio.gather(*self._retiring, return_exceptions=True)
        self._apis.clear()
        if self._deployment is not None:
            await self._deployment.aclose()

    @property
    def domains(self) -> Mapping[str, CustomDomain]:
        """The custom domain names by name, in lower case."""
        return self._current.domains

    def _gateway_of(self, api_id: str, stage_name: str) -> Gateway | None:
        """The gateway that answers for a stage of the API with this id."""
        found = (api for api in self._current.apis if api.record.id == api_id)
        return next((self._served(api.record.urn).serving(stage_name) for api in found), None)

    def _origin_of(self, urn: str) -> str:
        return self._served(urn).origin

    def _served(self, urn: str) -> ServedApi:
        """The place of an API; its port is bound when it is first asked for and stays its own."""
        if urn not in self._apis:
            port = 0 if self._apis else self.options.port
            record = RECORDED_EXCHANGES if self.options.record else 0
            listener = bind(self.options.host, port)
            options = self.options
            self._apis[urn] = ServedApi(
                urn, options.host, listener, record, options.before_request, options.on_exchange
            )
        return self._apis[urn]


async def _retire(previous: Deployment, finishing: list["asyncio.Task[None]"], gone: list[ServedApi]) -> None:
    """Ends a version that was replaced, once the requests that it was answering are finished."""
    try:
        await asyncio.gather(*finishing, *(api.stop(DEFAULT_TIMEOUT_MS / 1000) for api in gone))
    finally:
        await previous.aclose()


@asynccontextmanager
async def open_session(
    program: Path,
    *,
    stack: str = "dev",
    config: Mapping[str, str] | None = None,
    answers: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    container: str = "process",
    record: bool = False,
    on_progress: Progress | None = None,
    log_sink: LogSink | None = None,
    before_request: Wait | None = None,
    aws_endpoints: Mapping[str, str] | None = None,
    budget: BudgetSize = DEFAULT_BUDGET,
    worker: Worker | None = None,
) -> AsyncIterator[Session]:
    """Runs a Pulumi program for as long as the context lasts.

    Args:
        program: a folder with Pulumi.yaml, or a Python file.
        stack: the stack's name; `Pulumi.{stack}.yaml` is read where it exists.
        config: configuration values that come before the stack's own.
        answers: the file of answers; None for `parity.answers.yaml` beside the program, if there is one.
        host: address to listen on.
        port: the port of the first REST API, 0 for a free one; the others get free ones.
        container: `process` runs an image's own command as a process, `docker` builds and runs the image.
        record: keep the recent exchanges.
        on_progress: told in a few words what is being done.
        log_sink: takes a log group and each line of access logs, execution logs and backends.
        before_request: awaited before each request, which is then answered by the newest version.
        aws_endpoints: where functions and containers reach AWS services: URLs by service (`dynamodb`), `""` for all
            others. A service without one is not reached: each call ends with an error that says so.
        budget: what the templates, JSONPath, patterns and schemas of one request may use up together.
        worker: a worker that was started earlier.

    Raises:
        UserError: the program, its configuration or its API definitions are wrong, or the port is taken.
    """
    options = SessionOptions(
        program=program,
        stack=stack,
        config=config or {},
        answers=answers,
        host=host,
        port=port,
        container=container,
        record=record,
        on_progress=on_progress,
        log_sink=log_sink,
        before_request=before_request,
        aws_endpoints=aws_endpoints or {},
        budget=budget,
    )
    session = Session(options)
    try:
        await session.start(worker)
        yield session
    finally:
        await session.aclose()


@contextmanager
def running(program: Path, **options: Any) -> Iterator[Session]:
    """`open_session` for synchronous callers: the session lives in the event loop of a thread of its own.

    Args:
        program: a folder with Pulumi.yaml, or a Python file.
        options: the keyword arguments of `open_session`.

    Raises:
        UserError: as `open_session`.
    """
    import uvloop

    options["worker"] = options.get("worker") or Worker(program)
    ready: Future[Session] = Future()
    begun: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[None] | None]] = Future()

    async def live() -> None:
        begun.set_result((asyncio.get_running_loop(), asyncio.current_task()))
        try:
            async with open_session(program, **options) as session:
                ready.set_result(session)
                await asyncio.Event().wait()  # until it is cancelled
        except BaseException as error:
            if ready.done():
                raise
            ready.set_exception(error)

    def run() -> None:
        with contextlib.suppress(asyncio.CancelledError), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(live())

    thread = threading.Thread(target=run, name="parity-session", daemon=True)
    thread.start()
    try:
        yield ready.result()
    finally:
        # Also when Ctrl-C comes while the program is started: then too, what was started is ended before this returns.
        loop, task = begun.result()
        if task is not None:
            with contextlib.suppress(RuntimeError):  # it failed by itself, and its loop is closed
                loop.call_soon_threadsafe(task.cancel)
        thread.join()
