"""The part of the lifecycle that depends on the kind of integration: integration request, call, integration response.

A method's integration is compiled once into one of three kinds; each runs its stages in order and notes in the exchange
what each made of the request, and how long it took.
"""

from collections.abc import Mapping
from time import perf_counter
from typing import Any, Protocol, TypeVar

from msgspec import Struct

from parity.gateway.integrations.aws_service import AwsServiceIntegration
from parity.gateway.integrations.http import HttpIntegration
from parity.gateway.integrations.http_client import HttpClient
from parity.gateway.integrations.lambda_function import LambdaIntegration
from parity.gateway.integrations.lambda_stream import read_stream
from parity.gateway.integrations.mock import MockIntegration
from parity.gateway.integrations.proxy import HttpProxy, LambdaProxy
from parity.gateway.lifecycle.aws_service_uri import service_of
from parity.gateway.lifecycle.gateway_response import GatewayResponseError
from parity.gateway.lifecycle.integration_request import IntegrationRequestStage
from parity.gateway.lifecycle.integration_response import IntegrationResponseStage
from parity.gateway.lifecycle.request_work import RequestWork
from parity.gateway.model.backends import Backends
from parity.gateway.model.definition import Integration, Method, Resource, RestApi, Stage
from parity.gateway.model.exchange import EndpointResponse, Exchange, IntegrationRequest, MethodRequest
from parity.gateway.model.quotas import MAX_EDGE_STREAM_SILENCE_SECONDS, MAX_STREAM_SILENCE_SECONDS

Answer = tuple[int, list[tuple[str, str]], bytes]
"""What goes on to the method response: status, headers and body."""


class IntegrationContext(Struct, frozen=True):
    """A request on its way through an integration.

    `exchange` takes each stage's value and time; `work` runs what may take long; `trace` is the value of
    `X-Amzn-Trace-Id`; `path_parameters` are percent-encoded, as proxy events have them.
    """

    exchange: Exchange
    request: MethodRequest
    work: RequestWork
    trace: str
    path_parameters: Mapping[str, str]


class CompiledIntegration(Protocol):
    """An integration that is ready to run. `shows_trace` says whether the client gets `X-Amzn-Trace-Id`."""

    shows_trace: bool

    async def run(self, context: IntegrationContext) -> Answer:
        """Runs the integration's stages.

        Raises:
            GatewayResponseError: a stage failed.
        """
        ...


_Stream = TypeVar("_Stream", covariant=True)


class _Sender(Protocol):
    async def call(self, request: IntegrationRequest) -> EndpointResponse: ...


async def _send(
    outgoing: IntegrationRequest, sender: _Sender, exchange: Exchange, started: float
) -> tuple[EndpointResponse, float]:
    """Sends an integration request, and notes it, its answer and what both took in the exchange.

    Args:
        outgoing: the integration request.
        sender: sends it.
        exchange: takes what is noted.
        started: when its building began, by `perf_counter`.

    Returns:
        The answer, and when it came.
    """
    exchange.integration_request = outgoing
    built = perf_counter()
    exchange.timings_ms["integration_request"] = (built - started) * 1000
    try:
        endpoint = await sender.call(outgoing)
    finally:
        answered = perf_counter()
        exchange.timings_ms["integration"] = (answered - built) * 1000
    exchange.endpoint_response = endpoint
    return endpoint, answered


class _StreamSender(Protocol[_Stream]):
    async def open_stream(self, request: IntegrationRequest, silence: float) -> tuple[EndpointResponse, _Stream]: ...


async def _open_stream(
    outgoing: IntegrationRequest, sender: _StreamSender[_Stream], exchange: Exchange, started: float, silence: float
) -> tuple[EndpointResponse, _Stream]:
    """As `_send`, for an answer that is sent on as it comes; what took time is until it began."""
    exchange.integration_request = outgoing
    built = perf_counter()
    exchange.timings_ms["integration_request"] = (built - started) * 1000
    try:
        exchange.endpoint_response, stream = await sender.open_stream(outgoing, silence)
    finally:
        exchange.timings_ms["integration"] = (perf_counter() - built) * 1000
    return exchange.endpoint_response, stream


def _silence_seconds(api: RestApi) -> float:
    """How long the backend of a stream may be silent."""
    return MAX_EDGE_STREAM_SILENCE_SECONDS if api.edge_optimized else MAX_STREAM_SILENCE_SECONDS


def _changed(request: MethodRequest, changes_context: bool) -> dict[str, Any] | None:
    """`$context` if a template may change it."""
    return request.context if changes_context and isinstance(request.context, dict) else None


class CustomIntegration:
    """HTTP, AWS and MOCK: everything is mapped. `sender` is None for MOCK."""

    def __init__(
        self, api: RestApi, stage: Stage, method: Method, integration: Integration, sender: _Sender | None
    ) -> None:
        self._request = IntegrationRequestStage(api, stage, integration)
        self._sender = sender
        self._response = IntegrationResponseStage(
            api, stage, integration, frozenset(response.status_code for response in method.responses)
        )
        self.shows_trace = integration.type != "MOCK"

    async def run(self, context: IntegrationContext) -> Answer:
        """See `CompiledIntegration.run`."""
        exchange, request = context.exchange, context.request
        started = perf_counter()
        outgoing = await context.work.run(
            lambda: self._request.build(request, context.trace),
            size=len(request.body),
            changes=_changed(request, self._request.changes_context),
        )
        if isinstance(self._sender, LambdaIntegration):
            outgoing = self._sender.address(outgoing)
        elif isinstance(self._sender, AwsServiceIntegration):
            exchange.integration_request = outgoing  # what was mapped, should there be nothing to sign it with
            outgoing = self._sender.address(outgoing, request)
        sender = self._sender or MockIntegration(context.work)
        endpoint, answered = await _send(outgoing, sender, exchange, started)
        if self._response.is_bounded:
            response, status, headers = self._response.respond(request, endpoint)
        else:
            response, status, headers = await context.work.run(
                lambda: self._response.respond(request, endpoint),
                size=len(endpoint.body),
                changes=_changed(request, self._response.changes_context),
            )
        exchange.integration_response = response
        exchange.timings_ms["integration_response"] = (perf_counter() - answered) * 1000
        return status, headers, response.body


class LambdaProxyIntegration:
    """AWS_PROXY."""

    shows_trace = True

    def __init__(
        self, api: RestApi, stage: Stage, resource: Resource, integration: Integration, sender: LambdaIntegration
    ) -> None:
        self._proxy = LambdaProxy(api, stage, resource, integration)
        self._silence = _silence_seconds(api)
        self._sender = sender
        self._streams = integration.response_transfer_mode == "STREAM"

    async def run(self, context: IntegrationContext) -> Answer:
        """See `CompiledIntegration.run`."""
        exchange, request = context.exchange, context.request
        started = perf_counter()
        outgoing = self._sender.address(
            self._proxy.build(request, exchange.request.invoked_path, context.path_parameters)
        )
        if self._streams:
            return await self._stream(outgoing, exchange, started)
        endpoint, _ = await _send(outgoing, self._sender, exchange, started)
        return self._proxy.answer(request, endpoint)

    async def _stream(self, outgoing: IntegrationRequest, exchange: Exchange, started: float) -> Answer:
        endpoint, stream = await _open_stream(outgoing, self._sender, exchange, started, self._silence)
        try:
            status, headers, first = read_stream(endpoint)
        except GatewayResponseError:
            stream.close()
            raise
        exchange.stream = stream.body(first)
        return status, headers, b""


class HttpProxyIntegration:
    """HTTP_PROXY. The trace header goes to the backend only; the client gets it if the backend sends it."""

    shows_trace = False

    def __init__(self, api: RestApi, stage: Stage, integration: Integration, sender: HttpIntegration) -> None:
        self._proxy = HttpProxy(api, stage, integration)
        self._silence = _silence_seconds(api)
        self._sender = sender
        self._streams = integration.response_transfer_mode == "STREAM"

    async def run(self, context: IntegrationContext) -> Answer:
        """See `CompiledIntegration.run`."""
        exchange, request = context.exchange, context.request
        started = perf_counter()
        outgoing = await context.work.run(lambda: self._proxy.build(request, context.trace), size=len(request.body))
        if self._streams:
            endpoint, exchange.stream = await _open_stream(outgoing, self._sender, exchange, started, self._silence)
            return endpoint.status, list(endpoint.headers), b""
        endpoint, _ = await _send(outgoing, self._sender, exchange, started)
        return self._proxy.answer(request, endpoint)


def compile_integration(
    api: RestApi,
    stage: Stage,
    resource: Resource,
    method: Method,
    integration: Integration,
    backends: Backends,
    client: HttpClient,
) -> CompiledIntegration:
    """Compiles a method's integration. A template or pattern that does not compile fails the requests that need it.

    Raises:
        MappingExpressionError: a parameter mapping that API Gateway does not know.
    """
    if integration.type == "MOCK":
        return CustomIntegration(api, stage, method, integration, None)
    if integration.type == "HTTP":
        return CustomIntegration(api, stage, method, integration, HttpIntegration(integration, client, backends))
    if integration.type == "HTTP_PROXY":
        return HttpProxyIntegration(api, stage, integration, HttpIntegration(integration, client, backends))
    if service_of(integration, stage.variables) is not None:
        sender = AwsServiceIntegration(integration, stage.variables, client, backends)
        return CustomIntegration(api, stage, method, integration, sender)
    function = LambdaIntegration(integration, stage.variables, backends)
    if integration.type == "AWS_PROXY":
        return LambdaProxyIntegration(api, stage, resource, integration, function)
    return CustomIntegration(api, stage, method, integration, function)
