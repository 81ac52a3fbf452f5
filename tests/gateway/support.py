"""What the gateway's tests share: APIs in few words, fake functions, and HTTP backends that can misbehave."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from parity.gateway.gateway import Gateway
from parity.gateway.model.backends import LambdaResult, LambdaUnavailableError, ResponseSink
from parity.gateway.model.definition import (
    Integration,
    IntegrationResponse,
    Method,
    MethodResponse,
    Resource,
    RestApi,
    Stage,
)
from parity.gateway.model.exchange import Exchange, Request

FUNCTION_ARN = "arn:aws:lambda:us-east-1:123456789012:function:echo"
FUNCTION_URI = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION_ARN}/invocations"
DEFAULT_RESPONSE = (IntegrationResponse(status_code="200"),)


class Functions:
    """Backends whose Lambda functions are Python functions of the event. A raised exception is `Unhandled`."""

    def __init__(self, handler: Callable[[Any], Any] = lambda event: event, origin: str | None = None) -> None:
        self.handler = handler
        self.origin = origin
        self.events: list[Any] = []
        self.asynchronous: list[bool] = []

    async def invoke(
        self, function_arn: str, payload: bytes, *, asynchronous: bool = False, sink: ResponseSink | None = None
    ) -> LambdaResult:
        if function_arn != FUNCTION_ARN:
            raise LambdaUnavailableError(f"Function not found: {function_arn}")
        event = json.loads(payload)
        self.events.append(event)
        self.asynchronous.append(asynchronous)
        if asynchronous:
            return LambdaResult(payload=b"")
        try:
            result = self.handler(event)
            if isinstance(result, Awaitable):
                result = await result
        except Exception as error:
            failure = {
                "errorMessage": str(error),
                "errorType": type(error).__name__,
                "requestId": "1",
                "stackTrace": [],
            }
            return LambdaResult(payload=json.dumps(failure).encode(), function_error="Unhandled")
        return LambdaResult(payload=result if isinstance(result, bytes) else json.dumps(result).encode())

    def private_origin(self, connection_id: str, integration_target: str | None, uri: str) -> str | None:
        return self.origin

    def service_endpoint(self, service: str, region: str) -> str | None:
        return self.origin

    def missing_service(self, service: str) -> str:
        return "none is running"


def method(integration: Integration | None, http_method: str = "ANY", **settings: Any) -> Method:
    """A method with an integration, and a method response for each integration response unless `responses` is given."""
    statuses = {response.status_code for response in integration.responses} if integration else ()
    responses = tuple(MethodResponse(status_code=status) for status in statuses)
    return Method(**{"http_method": http_method, "integration": integration, "responses": responses, **settings})


def http(uri: str, *, responses: tuple[IntegrationResponse, ...] = DEFAULT_RESPONSE, **settings: Any) -> Integration:
    """An HTTP custom integration with a default integration response."""
    return Integration(**{"type": "HTTP", "uri": uri, "http_method": "POST", "responses": responses, **settings})


def function(*, responses: tuple[IntegrationResponse, ...] = DEFAULT_RESPONSE, **settings: Any) -> Integration:
    """A Lambda custom integration with a default integration response."""
    return Integration(**{"type": "AWS", "uri": FUNCTION_URI, "responses": responses, **settings})


def mock(template: str = '{"statusCode": 200}', **settings: Any) -> Integration:
    """A MOCK integration with a default integration response."""
    return Integration(
        **{
            "type": "MOCK",
            "request_templates": {"application/json": template},
            "responses": DEFAULT_RESPONSE,
            **settings,
        }
    )


def rest_api(methods: Mapping[str, Method | Integration | Mapping[str, Method]], **settings: Any) -> RestApi:
    """A REST API from path -> ANY method, integration of one, or methods by HTTP method."""
    resources = []
    for number, (path, declared) in enumerate(methods.items()):
        if isinstance(declared, Integration):
            declared = method(declared)
        by_method = {declared.http_method: declared} if isinstance(declared, Method) else dict(declared)
        resources.append(Resource(id=f"res{number}", path=path, methods=by_method))
    return RestApi(**{"id": "api1234567", "name": "test", "resources": tuple(resources), **settings})


def gateway(api: RestApi, backends: Functions | None = None, stage: Stage | None = None, **settings: Any) -> Gateway:
    """A gateway for an API on stage `dev`."""
    return Gateway(api, stage or Stage(name="dev", deployment_id="dep1"), backends or Functions(), **settings)


async def send(
    served: Gateway,
    http_method: str = "GET",
    path: str = "/",
    *,
    query: str = "",
    headers: Mapping[str, str] | tuple[tuple[str, str], ...] = (),
    body: bytes | str = b"",
) -> Exchange:
    """Sends a request through a gateway, with a Host header as every HTTP request has one."""
    fields = tuple(headers.items()) if isinstance(headers, Mapping) else headers
    return await served.handle(
        Request(
            method=http_method,
            path=path,
            query_string=query,
            headers=(("Host", "api1234567.execute-api.us-east-1.amazonaws.com"), *fields),
            body=body.encode() if isinstance(body, str) else body,
            time=1_800_000_000.0,
        )
    )


def answer(exchange: Exchange) -> tuple[int, dict[str, str], str]:
    """Status, headers by lower-case name, and text of what the client gets."""
    response = exchange.response
    assert response is not None
    return response.status, {name.lower(): value for name, value in response.headers}, response.body.decode()


@dataclass
class Received:
    """What an HTTP backend received: the head and the body, as they came over the wire."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The value of a header, whatever the case of its name."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass
class HttpBackend:
    """A backend on loopback. `script` gets the writer after each request and answers as it likes."""

    url: str = ""
    requests: list[Received] = field(default_factory=list)
    connections: int = 0


Script = Callable[[Received, asyncio.StreamWriter], Awaitable[None]]


def reply(
    body: bytes | str = b"", status: int = 200, headers: Mapping[str, str] | None = None
) -> Callable[[Received, asyncio.StreamWriter], Awaitable[None]]:
    """A script that answers every request alike."""
    content = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {"Content-Type": "application/json"}).items()]

    async def script(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write("\r\n".join([*lines, "", ""]).encode() + content)

    return script


async def echo(received: Received, writer: asyncio.StreamWriter) -> None:
    """A script that answers with the body that came."""
    await reply(received.body)(received, writer)


@asynccontextmanager
async def http_backend(script: Script = echo) -> AsyncIterator[HttpBackend]:
    """Runs a backend on a free port of loopback."""
    backend = HttpBackend()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        backend.connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                http_method, target, _ = head[0].split(" ", 2)
                headers = [(name, value) for name, _, value in (line.partition(": ") for line in head[1:] if line)]
                size = int(next((value for name, value in headers if name.lower() == "content-length"), "0"))
                received = Received(http_method, target, headers, await reader.readexactly(size))
                backend.requests.append(received)
                await script(received, writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    backend.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield backend
    finally:
        server.close()
