"""One stage of a REST API: from a client's request to its response, through AWS's lifecycle.

method request -> authorizer, API key, request validation -> integration request -> integration -> integration
response -> method response; whatever fails on the way becomes a gateway response.
https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-integration-settings.html
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from parity.gateway.access.api_key import AccessControl
from parity.gateway.access.authorizer import AuthorizerStage
from parity.gateway.access.resource_policy import resource_policy_of
from parity.gateway.access.signature import without_route, without_signature
from parity.gateway.access.throttling import method_key, settings_by_method
from parity.gateway.caching import MethodCache, StageCache, cached_answer
from parity.gateway.context import ContextFactory, add_method, new_extended_request_id, new_request_id, trace_ids
from parity.gateway.integrations.compiled import CompiledIntegration, IntegrationContext, compile_integration
from parity.gateway.integrations.http_client import HttpClient
from parity.gateway.lifecycle.compression import decompress_request
from parity.gateway.lifecycle.gateway_response import (
    INTERNAL_SERVER_ERROR,
    GatewayResponseError,
    GatewayResponses,
    configuration_error,
)
from parity.gateway.lifecycle.header_rules import METHOD_OVERRIDE
from parity.gateway.lifecycle.method_request import MethodRequestStage, parse_query, visible_headers
from parity.gateway.lifecycle.method_response import MethodResponseStage
from parity.gateway.lifecycle.models import BodyValidator
from parity.gateway.lifecycle.parameter_mapping import MappingExpressionError
from parity.gateway.lifecycle.request_work import DEFAULT_BUDGET, BudgetSize, WorkThreads
from parity.gateway.logs.access_log import AccessLog
from parity.gateway.logs.execution_log import execution_log
from parity.gateway.model.backends import Backends
from parity.gateway.model.definition import Method, MethodSettings, Resource, RestApi, Stage
from parity.gateway.model.exchange import Exchange, GatewayResponse, MethodRequest, Request
from parity.gateway.model.quotas import MAX_HEADER_BYTES, MAX_PAYLOAD_BYTES
from parity.gateway.routing import Match, Router

LogSink = Callable[[str, str], None]
"""Takes a log group's name, or the empty string, and a line."""

_READ_ON_ARRIVAL = frozenset(
    {"host", "user-agent", "x-amzn-trace-id", "x-forwarded-for", "accept", "accept-encoding", "content-encoding"}
    | {METHOD_OVERRIDE}
)
_logger = logging.getLogger("parity.gateway")


@dataclass(frozen=True, slots=True)
class _Route:
    """A method of a resource, compiled. `broken` says why its definition cannot be carried out."""

    resource: Resource
    method: Method
    request_stage: MethodRequestStage
    integration: CompiledIntegration | None
    broken: str
    settings: MethodSettings
    cache: MethodCache | None


class _RequestContext(Struct):
    """What is known of a request before it is routed. `request` has the method that counts; `head_bytes` is the size of
    its request line and header values."""

    request: Request
    head_bytes: int
    context: dict[str, Any]
    trace: str
    added_headers: tuple[tuple[str, str], ...]
    ids: tuple[tuple[str, str], ...]
    accept: str | None
    accept_encoding: str | None
    content_encoding: str | None


class Gateway:
    """Serves one stage of a REST API. Building it compiles every template, pattern, mapping and route.

    Args:
        api: the API, as its deployment froze it.
        stage: the stage.
        backends: what invokes functions and knows private endpoints.
        log_sink: takes access and execution logs, as far as the stage asks for them.
        access_control, cache: those of another gateway of the stage, so that they share its limits and answers.
        budget: what the templates, JSONPath, patterns and schemas of one request may use up together.
    """

    def __init__(
        self,
        api: RestApi,
        stage: Stage,
        backends: Backends,
        *,
        log_sink: LogSink | None = None,
        access_control: AccessControl | None = None,
        cache: StageCache | None = None,
        budget: BudgetSize = DEFAULT_BUDGET,
    ) -> None:
        self.api = api
        self.stage = stage
        self._backends = backends
        self._log_sink = log_sink
        self._client = HttpClient()
        self._threads = WorkThreads(budget)
        self._contexts = ContextFactory(api, stage)
        self._gateway_responses = GatewayResponses(api)
        self._method_response = MethodResponseStage(api.minimum_compression_size)
        self._validate_body = BodyValidator(api.models, api.id).validate
        self._policy = resource_policy_of(api, stage)
        self._authorizers = AuthorizerStage(api, stage, backends, policy=self._policy)
        self.access_control = access_control or AccessControl(api, stage)
        self.cache = (cache or StageCache()) if stage.cache_cluster_enabled else None
        self._router = Router(self._routes())
        self._access_log = (
            AccessLog(stage.access_log_format, stage.access_log_destination) if stage.access_log_format else None
        )
        self._log_suffix = "/Canary" if stage.serves_canary else ""
        self._logs_execution = log_sink is not None and any(
            settings.logging_level != "OFF" for settings in stage.method_settings.values()
        )
        self._active = 0
        self._idle = asyncio.Event()

    def _routes(self) -> Iterable[tuple[str, str, _Route]]:
        for resource in self.api.resources:
            for http_method, method in resource.methods.items():
                yield resource.path, http_method, self._compile(resource, method)

    def _compile(self, resource: Resource, method: Method) -> _Route:
        integration, cache, broken = None, None, ""
        if method.integration is None:
            broken = "No integration defined for method"
        else:
            try:
                integration = compile_integration(
                    self.api, self.stage, resource, method, method.integration, self._backends, self._client
                )
                if self.cache is not None and method.integration.response_transfer_mode != "STREAM":
                    cache = MethodCache(self.stage, resource, method, method.integration, self.cache)
            except (MappingExpressionError, ValueError) as error:
                broken = str(error)
        declared = settings_by_method(self.stage)
        settings = declared.get(method_key(resource.path, method.http_method)) or declared.get("*/*")
        return _Route(
            resource,
            method,
            MethodRequestStage(resource, method, self._validate_body),
            integration,
            broken,
            settings or MethodSettings(),
            cache,
        )

    async def handle(self, request: Request) -> Exchange:
        """Answers a request.

        Args:
            request: what the client sent.

        Returns:
            The finished exchange; its `response` is what the client gets. No error is raised.
        """
        self._active += 1
        try:
            incoming = self._prepare(request)
            exchange = Exchange(request=request, request_id=incoming.context["requestId"])
            route: _Route | None = None
            try:
                match = self._route(incoming)
                route = match.route
                await self._execute(exchange, incoming, match)
            except GatewayResponseError as error:
                self._fail(exchange, incoming, error)
            except Exception:
                _logger.exception("request %s failed", exchange.request_id)
                self._fail(exchange, incoming, GatewayResponseError("DEFAULT_5XX", INTERNAL_SERVER_ERROR))
            if self._log_sink is not None:
                self._log(exchange, incoming.context, route)
            return exchange
        finally:
            self._active -= 1
            if not self._active:
                self._idle.set()

    def _prepare(self, request: Request) -> _RequestContext:
        known: dict[str, str] = {}
        head_bytes = len(request.method) + len(request.path) + len(request.query_string)
        for name, value in request.headers:
            head_bytes += len(value)
            lower = name.lower()
            if lower in _READ_ON_ARRIVAL:
                known[lower] = value
        if METHOD_OVERRIDE in known:
            request = replace(request, method=known[METHOD_OVERRIDE].strip().upper())
        host = known.get("host", "")
        shown_trace, trace = trace_ids(known.get("x-amzn-trace-id"), request.time)
        request_id, extended_id = new_request_id(), new_extended_request_id()
        forwarded = known.get("x-forwarded-for")
        _, _, port = host.partition(":")
        return _RequestContext(
            request=request,
            head_bytes=head_bytes,
            context=self._contexts.build(request, request_id, extended_id, host, known.get("user-agent")),
            trace=trace,
            added_headers=(
                ("X-Amzn-Trace-Id", shown_trace),
                ("X-Forwarded-For", f"{forwarded}, {request.source_ip}" if forwarded else request.source_ip),
                ("X-Forwarded-Port", port or "80"),
                ("X-Forwarded-Proto", "http"),
            ),
            ids=(("x-amzn-RequestId", request_id), ("x-amz-apigw-id", extended_id)),
            accept=known.get("accept"),
            accept_encoding=known.get("accept-encoding"),
            content_encoding=known.get("content-encoding"),
        )

    def _route(self, incoming: _RequestContext) -> Match[_Route]:
        """The route of a request that is within the limits."""
        request = incoming.request
        if len(request.body) > MAX_PAYLOAD_BYTES:
            reason = f"The payload is larger than {MAX_PAYLOAD_BYTES} bytes"
            raise GatewayResponseError("REQUEST_TOO_LARGE", "Request Too Long", reason)
        if incoming.head_bytes > MAX_HEADER_BYTES:
            message = f"HTTP header is larger than {MAX_HEADER_BYTES} bytes."
            raise GatewayResponseError("DEFAULT_4XX", message, message, status=431)
        match = self._router.match(request.method, request.path)
        if match is None:
            sent = {name.lower(): value for name, value in request.headers}
            date = sent.get("x-amz-date") or sent.get("date")
            raise without_route(sent.get("authorization"), date, f"No method {request.method} for {request.path}")
        return match

    async def _execute(self, exchange: Exchange, incoming: _RequestContext, match: Match[_Route]) -> None:
        started = perf_counter()
        route = match.route
        context = incoming.context
        add_method(context, route.resource, route.method)
        received = incoming.request
        if incoming.content_encoding is not None:
            received = replace(received, body=decompress_request(received.body, incoming.content_encoding))
        request = route.request_stage.receive(received, match.parameters, context, incoming.added_headers)
        exchange.method_request = request
        request = exchange.method_request = without_signature(await self._authorize(route, request))
        work = self._threads.new_request()
        if route.request_stage.validates:
            checked = request
            await work.run(lambda: route.request_stage.validate(checked), size=len(request.body))
        exchange.timings_ms["method_request"] = (perf_counter() - started) * 1000
        if route.integration is None:
            raise configuration_error(route.broken)
        within = IntegrationContext(exchange, request, work, incoming.trace, match.parameters)
        if route.cache is None:
            status, headers, body = await route.integration.run(within)
        else:
            status, headers, body = await cached_answer(route.cache, request, partial(route.integration.run, within))
        finishing = perf_counter()
        ids = incoming.ids
        if route.integration.shows_trace:
            ids = (*ids, ("X-Amzn-Trace-Id", incoming.trace))
        exchange.response = self._method_response.finish(
            status,
            headers,
            body,
            ids=ids,
            accept_encoding=incoming.accept_encoding if exchange.stream is None else None,
        )
        exchange.timings_ms["method_response"] = (perf_counter() - finishing) * 1000

    async def _authorize(self, route: _Route, request: MethodRequest) -> MethodRequest:
        """Asks the authorizer, then for the API key; both leave what they know in `$context`."""
        method = route.method
        context = request.context
        assert isinstance(context, dict)  # noqa: S101 - built by ContextFactory
        if method.authorization != "NONE" or self._policy is not None:
            authorizer = await self._authorizers.authorize(method, request)
            if authorizer:
                context["authorizer"] = dict(authorizer)
                request = replace(request, authorizer=authorizer)
        identity = self.access_control.admit(method, route.resource.path, request, request.authorizer)
        if identity.api_key is not None:
            context["identity"].update(apiKey=identity.api_key, apiKeyId=identity.api_key_id)
        return request

    def _fail(self, exchange: Exchange, incoming: _RequestContext, error: GatewayResponseError) -> None:
        exchange.gateway_response = GatewayResponse(
            response_type=error.response_type, message=error.message, reason=error.reason
        )
        request = exchange.method_request or _unrouted(incoming)
        status, headers, body = self._gateway_responses.render(
            error, incoming.context, self.stage.variables, request, incoming.accept
        )
        exchange.response = replace(
            self._method_response.finish(status, [], body, ids=incoming.ids),
            headers=(*headers, *incoming.ids),
        )

    def _log(self, exchange: Exchange, context: dict[str, Any], route: _Route | None) -> None:
        sink = self._log_sink
        if sink is None:
            return
        if self._access_log is not None:
            sink(self._access_log.group + self._log_suffix, self._access_log.line(exchange, context))
        if self._logs_execution and route is not None:
            level = route.settings.logging_level
            if level == "INFO" or (level == "ERROR" and exchange.gateway_response is not None):
                exchange.log = execution_log(exchange, data_trace=route.settings.data_trace)
                group = f"API-Gateway-Execution-Logs_{self.api.id}/{self.stage.name}{self._log_suffix}"
                for line in exchange.log[1:]:
                    sink(group, f"({exchange.request_id}) {line.partition(' : ')[2]}")

    async def aclose(self) -> None:
        """Waits for the requests that are being answered, and closes the connections to backends."""
        while self._active:
            self._idle.clear()
            await self._idle.wait()
        await self._client.aclose()
        self._threads.close()


def _unrouted(incoming: _RequestContext) -> MethodRequest:
    """What a gateway response may map of a request that has no route: its headers and its query string."""
    query, several_query = parse_query(incoming.request.query_string)
    headers, several_headers = visible_headers(incoming.request.headers, incoming.added_headers)
    return MethodRequest(
        request_id=incoming.context["requestId"],
        resource_path="",
        http_method=incoming.request.method,
        query=query,
        multi_value_query=several_query,
        headers=headers,
        multi_value_headers=several_headers,
        context=incoming.context,
    )
