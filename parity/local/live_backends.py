"""The backends of a program made live: its Lambda functions and the containers behind its load balancers."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from parity.gateway.model.backends import LambdaResult, LambdaUnavailableError, ResponseSink
from parity.local.aws_calls.closed_endpoint import ClosedEndpoint
from parity.local.aws_calls.variables import ALL_SERVICES, client_variables, endpoint_variables
from parity.local.containers.containers import LiveContainer, container_environment, live_container
from parity.local.containers.state import BackendState
from parity.local.functions.assets import AssetStore
from parity.local.functions.concurrency import AccountConcurrency
from parity.local.functions.function import LambdaFunction, split_function_arn
from parity.local.functions.functions import (
    EVENT_INVOKE_CONFIG,
    FUNCTION,
    UnavailableFunctionError,
    lambda_function,
    log_group_of,
)
from parity.local.processes.processes import allow_many_files
from parity.local.processes.scratch import remove_left_behind
from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import ResourceIndex, text, texts, whole_number
from parity.local.rest_api.private_endpoints import SERVICE, PrivateEndpoints, ServiceContainer, service_containers
from parity.local.services.live_services import INSTALL, LiveServices
from parity.local.session_options import LogSink

AWS_CALLS_GROUP = "/aws"
"""The log group of calls to AWS that were stopped."""

MOST_STARTED_FUNCTIONS = 8
"""How many functions get an environment before their first invocation: a process for each of hundreds is a burden."""


class LiveBackends:
    """Starts backends while the program still runs, and answers for them to the gateways (`Backends`).

    Args:
        directory: the folder that the program's relative paths begin at.
        container_mode: `process` or `docker`.
        log_sink: takes each line that a backend writes.
        aws_endpoints: see `parity.local.session.open_session`.
        region: the AWS region that containers are given; a function has it in its ARN.
    """

    def __init__(
        self,
        directory: Path,
        *,
        container_mode: str,
        log_sink: LogSink,
        aws_endpoints: Mapping[str, str] | None = None,
        region: str = "us-east-1",
    ) -> None:
        allow_many_files()
        remove_left_behind()
        self._directory = directory
        self._container_mode = container_mode
        self._log_sink = log_sink
        self._assets = AssetStore(directory)
        self._catalogue = ResourceIndex(())
        self._account = AccountConcurrency()
        self._functions: dict[str, LambdaFunction] = {}
        self._unavailable: dict[str, str] = {}
        self._function_records: dict[str, ResourceRecord] = {}
        self._containers: dict[tuple[str, str], LiveContainer] = {}
        self._containers_of_group: dict[str, LiveContainer] = {}
        self._starting: list[asyncio.Task[None]] = []
        self._endpoints = PrivateEndpoints(ResourceIndex(()))
        self._region = region
        self._services = LiveServices(
            directory,
            aws_endpoints or {},
            invoke=self._invoke_by_name,
            log=lambda line: log_sink(AWS_CALLS_GROUP, line),
        )
        self._aws_endpoints = dict(self._services.endpoints)
        self._closed_endpoint: ClosedEndpoint | None = None
        if ALL_SERVICES not in self._aws_endpoints:
            self._closed_endpoint = ClosedEndpoint(lambda line: log_sink(AWS_CALLS_GROUP, line))
            self._aws_endpoints[ALL_SERVICES] = self._closed_endpoint.url

    def add(self, record: ResourceRecord) -> None:
        """Takes a resource that was just registered, and starts what it completes."""
        self._catalogue.add(record)
        self._services.add(record)
        if record.type in (FUNCTION, SERVICE) and self._closed_endpoint is not None:
            self._starting.append(asyncio.ensure_future(self._closed_endpoint.start()))
        if record.type == FUNCTION:
            self._services.watch()
            self._services.serve(texts(record.inputs.get("environment") or {}, "variables"))
            self._add_function(record)
        elif record.type == EVENT_INVOKE_CONFIG:
            self._limit_retries(record)
        elif record.type == SERVICE:
            self._services.watch()
            for container in service_containers(self._catalogue, record):
                self._services.serve(container_environment(container.definition))
                self._add_container(container)

    async def ready(self, resource_index: ResourceIndex) -> None:
        """Waits until every backend has been started, or is known to be unavailable.

        Args:
            resource_index: all resources of the program.
        """
        self._endpoints = PrivateEndpoints(resource_index)
        self._services.watch()
        await asyncio.gather(self._services.ready(), *self._starting)

    async def invoke(
        self, function_arn: str, payload: bytes, *, asynchronous: bool = False, sink: ResponseSink | None = None
    ) -> LambdaResult:
        """Invokes a function; see `parity.gateway.model.backends.Backends`."""
        arn, qualifier = split_function_arn(function_arn)
        function = self._functions.get(arn)
        if function is None:
            reason = self._unavailable.get(arn)
            raise LambdaUnavailableError(reason or f"there is no function {arn}; the program declares {self._known()}")
        return await function.invoke(payload, asynchronous=asynchronous, qualifier=qualifier, sink=sink)

    def private_origin(self, connection_id: str, integration_target: str | None, uri: str) -> str | None:
        """The origin behind a VPC link; see `parity.gateway.model.backends.Backends`."""
        for group in self._endpoints.target_groups(connection_id, integration_target, uri):
            container = self._containers_of_group.get(group)
            if container is not None:
                return container.origin
        return None

    def service_endpoint(self, service: str, _region: str) -> str | None:
        """Where an AWS service answers; see `parity.gateway.model.backends.Backends`."""
        return self._services.endpoint(service)

    @property
    def has_services(self) -> bool:
        """Whether the program's tables, queues and the like exist somewhere once something needs them."""
        return bool(self._services.endpoints)

    def missing_service(self, _service: str) -> str:
        """Why no AWS service answers; see `parity.gateway.model.backends.Backends`."""
        return INSTALL

    async def _invoke_by_name(self, function: str, payload: bytes, *, asynchronous: bool = False) -> LambdaResult:
        """Invokes a function by its ARN or its name, as the SDK and event sources may give it."""
        record = None if function.startswith("arn:") else self._catalogue.find(function.partition(":")[0], FUNCTION)
        arn = text(record.outputs, "arn") if record is not None else function
        return await self.invoke(arn, payload, asynchronous=asynchronous)

    def states(self) -> list[BackendState]:
        """Every backend: functions, containers, and the emulator of AWS services if the program needs it."""
        functions = [
            BackendState(
                kind="Lambda",
                name=text(record.outputs, "name"),
                unavailable=self._reason(arn),
                declared_by=record.declared_by,
            )
            for arn, record in self._function_records.items()
        ]
        origin = self._services.origin
        services = [BackendState(kind="AWS services", name="moto", origin=origin)] if origin else []
        return functions + [container.state() for container in self._containers.values()] + services

    def notes(self) -> list[str]:
        """What of the functions differs from what they declare, such as another version of Python."""
        functions = ((self._function_records[arn], function) for arn, function in self._functions.items())
        return [f"{record.declared_by}: {function.note}" for record, function in functions if function.note]

    async def aclose(self) -> None:
        """Ends every function and container, and removes what was unpacked for them."""
        for task in self._starting:
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        closing = [function.aclose() for function in self._functions.values()]
        closing += [container.aclose() for container in self._containers.values()]
        await asyncio.gather(*closing, return_exceptions=True)
        await self._services.aclose()
        if self._closed_endpoint is not None:
            self._closed_endpoint.close()
        self._assets.close()

    def _reason(self, arn: str) -> str:
        function = self._functions.get(arn)
        return self._unavailable.get(arn) or (function.unavailable_reason if function else None) or ""

    def _known(self) -> str:
        return ", ".join(sorted(self._function_records)) or "none"

    def _limit_retries(self, record: ResourceRecord) -> None:
        """Takes how often a failed asynchronous event is tried again; of a version or alias, for the whole function."""
        identity = split_function_arn(text(record.inputs, "functionName"))[0]
        retries = whole_number(record.inputs, "maximumRetryAttempts")
        for arn, function in self._functions.items():
            if retries is not None and identity in (arn, function.configuration.name):
                function.asynchronous_retries = retries

    def _add_function(self, record: ResourceRecord) -> None:
        arn = text(record.outputs, "arn")
        self._function_records[arn] = record
        group = log_group_of(record)
        try:
            function = lambda_function(
                record,
                self._catalogue,
                self._assets,
                log=lambda line: self._log_sink(group, line),
                account=self._account,
                aws_variables=endpoint_variables(self._aws_endpoints),
            )
        except UnavailableFunctionError as error:
            self._unavailable[arn] = str(error)
            return
        self._functions[arn] = function
        if len(self._functions) <= MOST_STARTED_FUNCTIONS:
            self._starting.append(asyncio.ensure_future(function.start()))

    def _add_container(self, service_container: ServiceContainer) -> None:
        container = self._containers.get(service_container.key)
        if container is None:
            container = live_container(
                service_container,
                self._catalogue,
                directory=self._directory,
                mode=self._container_mode,
                log_sink=self._log_sink,
                aws_variables=client_variables(self._aws_endpoints, self._region),
            )
            self._containers[service_container.key] = container
            self._starting.append(asyncio.ensure_future(container.start()))
        self._containers_of_group[service_container.target_group] = container
