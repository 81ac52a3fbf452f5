"""HTTP/1.1 in front of the gateways: uvicorn's protocol on httptools, without ASGI between them.

A request is answered when it is whole: API Gateway buffers payloads in both directions.
"""

import asyncio
import http
import json
import logging
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any
from urllib.parse import unquote

import httptools
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from parity.gateway.context import new_extended_request_id, new_request_id
from parity.gateway.gateway import Gateway
from parity.gateway.integrations.http_client import is_field_name
from parity.gateway.integrations.http_stream import StreamBrokenError
from parity.gateway.model.exchange import Exchange, Request
from parity.gateway.model.quotas import MAX_HEADER_BYTES, MAX_PAYLOAD_BYTES
from parity.gateway.server.custom_domains import CustomDomain, FindGateway, host_name
from parity.gateway.server.hosts import AcceptedHosts

_MAX_HEAD_BYTES = 64 * 1024
"""What is read of a head, of a chunk's extensions or of trailers before the client is refused."""
_HEAD_SECONDS = 60.0
_MESSAGE_SECONDS = 300.0
"""How long a client may take to send a request's head, and the whole request, however steadily its bytes come."""
_VERSIONS = frozenset({"1.0", "1.1"})
_MAX_DISCARDED_BYTES = 4 * MAX_PAYLOAD_BYTES
_STATUSES_WITHOUT_BODY = frozenset({b"204", b"304"})
_CONTROL = re.compile(r"[\0-\x08\x0a-\x1f\x7f]")

_Pending = tuple[Gateway | None, Request, bool]
"""A request that waits for its turn: its gateway, None for an unknown stage, and whether the connection is kept."""

_logger = logging.getLogger("parity.gateway")


def _status_line(status: int) -> bytes:
    try:
        phrase = http.HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    return f"HTTP/1.1 {status} {phrase}\r\n".encode()


_STATUS_LINES = {status: _status_line(status) for status in range(100, 600)}


def _no_gateway(_api_id: str, _stage: str) -> Gateway | None:
    return None


class Dispatcher:
    """Finds the gateway of a request's stage, in place of uvicorn's ASGI application.

    Args:
        gateways: by stage name; may be replaced at any time.
        record: takes every finished exchange.
        hosts: the Host headers that are answered; None for every one.

    Attributes:
        domains: the custom domain names that are answered, by name; may be replaced at any time.
        gateway_of: finds the gateway that a custom domain name leads to.
    """

    def __init__(
        self,
        gateways: Mapping[str, Gateway],
        record: Callable[[Exchange], None] | None = None,
        hosts: AcceptedHosts | None = None,
    ) -> None:
        self.gateways: Mapping[str, Gateway] = dict(gateways)
        self.record = record
        self.hosts = hosts
        self.domains: Mapping[str, CustomDomain] = {}
        self.gateway_of: FindGateway = _no_gateway

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Never called; the protocol does not use ASGI."""
        raise NotImplementedError

    def find(self, path: str) -> tuple[Gateway, str] | None:
        """The gateway for a path, and the path below its stage; None for an unknown stage."""
        stage, slash, rest = path.lstrip("/").partition("/")
        gateway = self.gateways.get(stage) or self.gateways.get(unquote(stage))
        return None if gateway is None else (gateway, slash + rest or "/")


class _Date:
    """The Date header, formatted once a second."""

    def __init__(self) -> None:
        self._second = 0
        self._line = b""

    def line(self, seconds: float) -> bytes:
        """The header line for a time in seconds since the epoch."""
        if int(seconds) != self._second:
            self._second = int(seconds)
            self._line = time.strftime("Date: %a, %d %b %Y %H:%M:%S GMT\r\n", time.gmtime(seconds)).encode()
        return self._line


_date = _Date()


class GatewayProtocol(HttpToolsProtocol):
    """One connection of a client.

    Args:
        config: uvicorn's settings.
        server_state: the connections and tasks of the server.
        dispatcher: finds the gateway of a request.
    """

    def __init__(self, config: uvicorn.Config, server_state: ServerState, dispatcher: Dispatcher) -> None:
        super().__init__(config, server_state, {})
        self._dispatcher = dispatcher
        self._fields: list[tuple[str, str]] = []
        self._body: list[bytes] = []
        self._body_bytes = 0
        self._head_bytes = 0
        self._unparsed_bytes = 0
        self._reading_head = True
        self._began_at: float | None = None
        self._host = ""
        self._answering = False
        self._stopping = False
        self._idle_since = 0.0
        self._pipelined: deque[_Pending] = deque()
        self._refusal: tuple[int, str, str] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Begins to wait for the first request."""
        super().connection_made(transport)
        self._restart_idle_timer()

    def data_received(self, data: bytes) -> None:
        """Parses what came; what is not HTTP is answered with 400, and the connection closed."""
        if self._refusal is not None:
            return
        # The parser holds back a line of headers, trailers or chunks until it ends: count what yields nothing.
        self._unparsed_bytes += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass
        except httptools.HttpParserError:
            self._refuse(400, "Bad Request", "BadRequestException")
        self._limit_head()
        if not self._answering and self._refusal is None:
            self._restart_idle_timer()

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio.Protocol allows it
        """Lets a client that has said all it wants to say still get its answers.

        Returns:
            Whether the connection stays open for now.
        """
        self._stopping = True
        return self._answering

    def _restart_idle_timer(self) -> None:
        """Gives the client some time to go on, and no longer; one timer, which looks when it rings, serves many."""
        self._idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._set_timer(self.timeout_keep_alive)

    def _set_timer(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def timeout_keep_alive_handler(self) -> None:
        """Closes the connection if the client was quiet for long, and looks again later if not."""
        self.timeout_keep_alive_task = None
        if self._answering or self.transport.is_closing():
            return
        now = self.loop.time()
        left = self._idle_since + self.timeout_keep_alive - now
        if self._began_at is not None:
            limit = _HEAD_SECONDS if self._reading_head else _MESSAGE_SECONDS
            left = min(left, self._began_at + limit - now)
        if left > 0:
            self._set_timer(left)
        else:
            self.transport.close()

    def on_message_begin(self) -> None:
        """Forgets the request before."""
        self.url = b""
        self._fields = []
        self._body = []
        self._body_bytes = 0
        self._head_bytes = 0
        self._unparsed_bytes = 0
        self._reading_head = True
        self._began_at = self.loop.time()
        self._host = ""
        self.expect_100_continue = False

    def on_url(self, url: bytes) -> None:
        """Takes a piece of the request target."""
        self.url += url
        self._head_bytes += len(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Takes a header field, its name as the client wrote it."""
        if not self._reading_head:
            return  # a trailer: API Gateway has no use for it, and it must not pass for a header
        self._head_bytes += len(name) + len(value)
        if len(name) == 6 and name.lower() == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        try:
            text = value.decode()
        except UnicodeDecodeError:
            text = value.decode("latin-1")
        if len(name) == 4 and name.lower() == b"host":
            self._host = text
        self._fields.append((name.decode("latin-1"), text))

    def _limit_head(self) -> None:
        if self._head_bytes > _MAX_HEAD_BYTES or self._unparsed_bytes > _MAX_HEAD_BYTES:
            self._refuse(431, f"HTTP header is larger than {MAX_HEADER_BYTES} bytes.", "BadRequestException")

    def on_headers_complete(self) -> None:
        """Lets a client that waits for it send its body."""
        self._limit_head()
        self._reading_head = False
        self._unparsed_bytes = 0
        version = self.parser.get_http_version()
        if version not in _VERSIONS or (version == "1.0" and self._has_field("transfer-encoding")):
            self._refuse(400, "Bad Request", "BadRequestException")
        if self.expect_100_continue and self._refusal is None and not self._answering:
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _has_field(self, lower_name: str) -> bool:
        return any(name.lower() == lower_name for name, _ in self._fields)

    def on_body(self, body: bytes) -> None:
        """Collects body data; discards what exceeds the limit, up to a maximum."""
        self._unparsed_bytes = 0
        self._body_bytes += len(body)
        if self._body_bytes - len(body) <= MAX_PAYLOAD_BYTES:
            self._body.append(body)
        elif self._body_bytes > _MAX_DISCARDED_BYTES:
            self._refuse(413, "Request Too Long", "RequestTooLargeException")

    def on_message_complete(self) -> None:
        """Answers the request, after the one before it."""
        self._reading_head = True
        self._unparsed_bytes = 0
        self._began_at = None
        if self._refusal is not None:
            return
        domains = self._dispatcher.domains
        domain = domains.get(host_name(self._host)) if domains else None
        if domain is not None:
            self._take(self._request_to(domain))
            return
        if self._dispatcher.hosts is not None and self._host and not self._dispatcher.hosts.accepts(self._host):
            _logger.warning("refused a request for the host %r: only local names are answered", self._host)
            self._refuse(403, "Forbidden", "ForbiddenException")
            return
        path, query = _split_target(self.url.decode("latin-1"))
        found = self._dispatcher.find(path)
        request = self._request(found[1] if found else path, query)
        gateway = found[0] if found else None
        if gateway is not None and gateway.api.disable_execute_api_endpoint:
            gateway = None
        self._take((gateway, request, self.parser.should_keep_alive()))

    def _request_to(self, domain: CustomDomain) -> _Pending:
        path, query = _split_target(self.url.decode("latin-1"))
        target = domain.find(path, self._fields, self._dispatcher.gateway_of)
        if target is None:
            return None, self._request(path, query), self.parser.should_keep_alive()
        request = self._request(target.path, query, target.base_path)
        return target.gateway, request, self.parser.should_keep_alive()

    def _request(self, path: str, query: str, base_path: str | None = None) -> Request:
        return Request(
            method=self.parser.get_method().decode("latin-1"),
            path=path,
            query_string=query,
            headers=tuple(self._fields),
            body=b"".join(self._body),
            source_ip=self.client[0] if self.client else "127.0.0.1",
            protocol="HTTP/" + self.parser.get_http_version(),
            time=time.time(),
            base_path=base_path,
        )

    def _take(self, pending: _Pending) -> None:
        """Answers a request now, or after the one before it."""
        if self._answering:
            self.flow.pause_reading()
            self._pipelined.append(pending)
        else:
            self._start(pending)

    def _start(self, pending: _Pending) -> None:
        self._answering = True
        task = self.loop.create_task(self._answer(*pending))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _answer(self, gateway: Gateway | None, request: Request, keep_alive: bool) -> None:
        try:
            if gateway is None:
                head, body = error_response(403, "ForbiddenException"), b'{"message":"Forbidden"}'
            else:
                exchange = await gateway.handle(request)
                if self._dispatcher.record is not None:
                    self._dispatcher.record(exchange)
                response = exchange.response
                assert response is not None  # noqa: S101 - the gateway always answers
                head, body = response_head(response.status, response.headers), response.body
                if exchange.stream is not None:
                    await self._send_stream(head, exchange.stream, request, keep_alive)
                    self._next()
                    return
        except Exception:
            _logger.exception("answering %s %s failed", request.method, request.path)
            head = error_response(500, "InternalServerErrorException")
            body = b'{"message":"Internal server error"}'
        self._send(head, body, request.method == "HEAD", keep_alive and not (self._stopping and not self._pipelined))
        if self.flow.write_paused:
            await self.flow.drain()
        self._next()

    async def _send_stream(self, head: bytes, stream: AsyncIterator[bytes], request: Request, keep_alive: bool) -> None:
        """Sends an answer's body as it comes. One that breaks off ends the connection, so that the client can tell."""
        chunked = request.protocol == "HTTP/1.1" and head[9:12] not in _STATUSES_WITHOUT_BODY
        keep_alive = keep_alive and chunked and not self._stopping
        lines = b"Transfer-Encoding: chunked\r\n" if chunked else b""
        lines += b"Connection: keep-alive\r\n\r\n" if keep_alive else b"Connection: close\r\n\r\n"
        try:
            self.transport.write(b"".join((head, _date.line(time.time()), lines)))
            async for piece in stream:
                if self.transport.is_closing():
                    return
                if request.method != "HEAD":
                    self.transport.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
                if self.flow.write_paused:
                    await self.flow.drain()
            if chunked and request.method != "HEAD":
                self.transport.write(b"0\r\n\r\n")
            if not keep_alive:
                self.transport.close()
        except StreamBrokenError as error:
            _logger.warning("the stream of %s %s broke off: %s", request.method, request.path, error)
            self.transport.close()
        finally:
            close = getattr(stream, "aclose", None)
            if close is not None:
                await close()

    def _send(self, head: bytes, body: bytes, without_body: bool, keep_alive: bool) -> None:
        if self.transport.is_closing():
            return
        length = b"" if head[9:12] in _STATUSES_WITHOUT_BODY else b"Content-Length: %d\r\n" % len(body)
        connection = b"Connection: keep-alive\r\n\r\n" if keep_alive else b"Connection: close\r\n\r\n"
        content = b"" if without_body or not length else body
        self.transport.write(b"".join((head, _date.line(time.time()), length, connection, content)))
        if not keep_alive:
            self.transport.close()

    def _next(self) -> None:
        """Goes on with what the client sent meanwhile."""
        self._answering = False
        if self.transport.is_closing():
            return
        if self._pipelined:
            self._start(self._pipelined.popleft())
        elif self._refusal is not None:
            self._send_refusal(*self._refusal)
        else:
            self.flow.resume_reading()
            self._restart_idle_timer()

    def _refuse(self, status: int, message: str, error_type: str) -> None:
        """Answers what cannot be a request, and closes the connection."""
        if self._refusal is None:
            self._refusal = (status, message, error_type)
            if not self._answering:
                self._send_refusal(status, message, error_type)

    def _send_refusal(self, status: int, message: str, error_type: str) -> None:
        body = json.dumps({"message": message}, separators=(",", ":")).encode()
        self._send(error_response(status, error_type), body, False, False)

    def shutdown(self) -> None:
        """Closes the connection, after the request that is being answered."""
        self._stopping = True
        if not self._answering:
            self.transport.close()


def _split_target(target: str) -> tuple[str, str]:
    """Path and query string of a request target, of the absolute form too."""
    path, _, query = target.partition("#")[0].partition("?")
    if not path.startswith("/"):
        path = "/" + (path.partition("://")[2].partition("/")[2] if "://" in path else path)
    return path, query


def error_response(status: int, error_type: str) -> bytes:
    """The head of an answer that no gateway gave, without length and connection."""
    return response_head(
        status,
        (
            ("Content-Type", "application/json"),
            ("x-amzn-ErrorType", error_type),
            ("x-amzn-RequestId", new_request_id()),
            ("x-amz-apigw-id", new_extended_request_id()),
        ),
    )


def response_head(status: int, headers: tuple[tuple[str, str], ...]) -> bytes:
    """The status line and the header fields, each ended, without the empty line.

    Invalid field names are omitted, and control characters in values become spaces: neither may end the head.
    """
    lines = "".join(
        [
            f"{name}: {value if value.isprintable() else _CONTROL.sub(' ', value)}\r\n"
            for name, value in headers
            if is_field_name(name)
        ]
    )
    return _STATUS_LINES[status] + lines.encode("utf-8", "replace")
