"""The Lambda Runtime API, version 2018-06-01: what a runtime asks for the next event and tells the result.

One server a Lambda execution environment, as on AWS, where it is distinguished by nothing but its address.
https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import asyncio
import base64
import binascii
import json
from dataclasses import dataclass
from typing import Protocol, cast

import httptools

from parity.gateway.model.backends import ResponseSink

MAX_PAYLOAD_BYTES = 6_291_556
"""The longest response that Lambda takes, 6 MB and 100 bytes: the figure in its own error."""

_PREFIX = "/2018-06-01/runtime/"
_BROWSER_FIELDS = frozenset({b"origin", b"referer", b"cookie"})
_REASONS = {
    202: "Accepted",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    413: "Payload Too Large",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """One event on its way to the runtime. `deadline_ms` is in milliseconds since 1970; `sink` takes a response that is
    streamed; without one it is put together."""

    request_id: str
    payload: bytes
    deadline_ms: int
    function_arn: str
    trace_id: str
    client_context: str = ""
    sink: ResponseSink | None = None


class RuntimeEvents(Protocol):
    """What a runtime can tell; called in the event loop, one call at a time."""

    def on_next(self) -> None:
        """The runtime is ready for an event: at its start, and after each response."""
        ...

    def on_response(self, body: bytes | None) -> None:
        """The handler returned `body`; None when it was longer than Lambda takes."""
        ...

    def on_error(self, body: bytes) -> None:
        """The handler raised; `body` is the error as JSON."""
        ...

    def on_init_error(self, body: bytes) -> None:
        """The runtime could not load the handler; `body` is the error as JSON."""
        ...


class RuntimeApi:
    """Serves one runtime.

    Args:
        events: is called with what the runtime does.
    """

    def __init__(self, events: RuntimeEvents) -> None:
        self._events = events
        self._server: asyncio.Server | None = None
        self._connections: set[_Connection] = set()
        self._poller: _Connection | None = None
        self._current: Invocation | None = None
        self.queued: Invocation | None = None
        self.address = ""

    async def listen(self) -> str:
        """Starts to listen on a free port; returns the `AWS_LAMBDA_RUNTIME_API` address, `127.0.0.1:PORT`."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", 0, backlog=8)
        self.address = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self.address

    def deliver(self, invocation: Invocation) -> None:
        """Hands an event to the runtime, now or as soon as it asks for one."""
        if self._poller is None:
            self.queued = invocation
            return
        connection, self._poller = self._poller, None
        self._current = invocation
        connection.send_invocation(invocation)

    def close(self) -> None:
        """Stops listening and drops the runtime's connections."""
        if self._server is not None:
            self._server.close()
        for connection in list(self._connections):
            connection.abort()

    def attach(self, connection: "_Connection") -> None:
        self._connections.add(connection)

    def detach(self, connection: "_Connection") -> None:
        self._connections.discard(connection)
        if self._poller is connection:
            self._poller = None

    def sink_of(self, connection: "_Connection", path: str) -> ResponseSink | None:
        """What takes the response that a runtime begins to stream; None where it is put together."""
        current = self._current
        if current is None or path != f"{_PREFIX}invocation/{current.request_id}/response":
            return None
        return current.sink if connection.from_runtime(self.address) else None

    def handle(self, connection: "_Connection", method: bytes, path: str, body: bytes | None) -> None:
        """Answers one request; `body` is None when it was too long."""
        if not connection.from_runtime(self.address):
            connection.send_error(403, "Forbidden", "only the function's runtime may call its Runtime API")
            return
        operation = path.removeprefix(_PREFIX).split("?", 1)[0] if path.startswith(_PREFIX) else ""
        match method, operation.split("/"):
            case b"GET", ["invocation", "next"]:
                self._handle_next(connection)
            case b"POST", ["invocation", request_id, ("response" | "error") as kind]:
                self._handle_result(connection, request_id, kind, body)
            case b"POST", ["init", "error"]:
                connection.send_status(202)
                self._events.on_init_error(body or b"")
            case _:
                connection.send_error(404, "NotFound", f"no such operation: {method.decode()} {path}")

    def _handle_next(self, connection: "_Connection") -> None:
        if self._current is not None:
            message = "Transition from Invoking to Ready is not allowed: the invocation has no response yet"
            connection.send_error(403, "InvalidStateTransition", message)
            return
        self._poller = connection
        invocation, self.queued = self.queued, None
        if invocation is not None:
            self.deliver(invocation)
        self._events.on_next()

    def _handle_result(self, connection: "_Connection", request_id: str, kind: str, body: bytes | None) -> None:
        if self._current is None or self._current.request_id != request_id:
            connection.send_error(400, "InvalidRequestID", "Invalid request ID")
            return
        self._current = None
        if body is None:
            message = f"Exceeded maximum allowed payload size ({MAX_PAYLOAD_BYTES} bytes)."
            connection.send_error(413, "RequestEntityTooLarge", message)
            self._events.on_response(None)
            return
        connection.send_status(202)
        error = connection.stream_error()
        if error is not None:
            self._events.on_error(error)
        elif kind == "response":
            self._events.on_response(body)
        else:
            self._events.on_error(body)


class _Connection(asyncio.Protocol):
    """One HTTP/1.1 connection of a runtime; requests come one after another."""

    def __init__(self, api: RuntimeApi) -> None:
        self._api = api
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpRequestParser(self)
        self._path = b""
        self._host = b""
        self._by_browser = False
        self._chunks: list[bytes] = []
        self._length = 0
        self._sink: ResponseSink | None = None
        self._streams = False
        self._error: bytes | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name
        self._api.attach(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self._api.detach(self)
        self._transport = None

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.abort()

    def abort(self) -> None:
        """Drops the connection."""
        if self._transport is not None:
            self._transport.abort()

    # httptools' callbacks

    def on_message_begin(self) -> None:
        self._path = b""
        self._host = b""
        self._by_browser = False
        self._chunks = []
        self._length = 0
        self._sink = None
        self._streams = False
        self._error = None

    def on_url(self, url: bytes) -> None:
        self._path += url

    def on_header(self, name: bytes, value: bytes) -> None:
        lower = name.lower()
        if lower == b"host":
            self._host = value
        elif lower in _BROWSER_FIELDS or lower.startswith(b"sec-fetch-"):
            self._by_browser = True
        elif lower == b"expect" and value.lower() == b"100-continue" and self._transport is not None:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        elif lower == b"lambda-runtime-function-response-mode":
            self._streams = value.lower() == b"streaming"
        elif lower == b"lambda-runtime-function-error-body":  # a trailer, where a stream ends in an error
            self._error = value

    def on_headers_complete(self) -> None:
        if self._streams:
            self._sink = self._api.sink_of(self, self._path.decode("latin-1"))

    def on_body(self, body: bytes) -> None:
        if self._sink is not None and self._transport is not None:
            self._sink.take(body, self._transport)
            return
        self._length += len(body)
        if self._length <= MAX_PAYLOAD_BYTES:
            self._chunks.append(body)  # the rest of a longer one is read and dropped

    def on_message_complete(self) -> None:
        body = b"".join(self._chunks) if self._length <= MAX_PAYLOAD_BYTES else None
        self._chunks = []
        self._api.handle(self, self._parser.get_method(), self._path.decode("latin-1"), body)

    def stream_error(self) -> bytes | None:
        """The error, as JSON, in which a streamed response ended; None for none."""
        if not self._streams or self._error is None:
            return None
        try:
            return base64.b64decode(self._error)
        except binascii.Error:
            return self._error

    def from_runtime(self, address: str) -> bool:
        """Whether the request can be the runtime's: a web page's has another host, or fields that browsers send."""
        return not self._by_browser and self._host in (b"", address.encode())

    # answers

    def send_invocation(self, invocation: Invocation) -> None:
        """Answers `next` with an event."""
        context = f"Lambda-Runtime-Client-Context: {invocation.client_context}\r\n" if invocation.client_context else ""
        head = (
            "HTTP/1.1 200 OK\r\n"
            "Content-Type: application/json\r\n"
            f"Lambda-Runtime-Aws-Request-Id: {invocation.request_id}\r\n"
            f"Lambda-Runtime-Deadline-Ms: {invocation.deadline_ms}\r\n"
            f"Lambda-Runtime-Invoked-Function-Arn: {invocation.function_arn}\r\n"
            f"Lambda-Runtime-Trace-Id: {invocation.trace_id}\r\n"
            f"{context}"
            f"Content-Length: {len(invocation.payload)}\r\n\r\n"
        )
        self._write(head.encode("utf-8") + invocation.payload)

    def send_status(self, status: int) -> None:
        """Answers that the runtime's report has been taken."""
        self._send_json(status, b'{"status":"OK"}\n')

    def send_error(self, status: int, error_type: str, message: str) -> None:
        """Answers with an error in the Runtime API's shape."""
        self._send_json(status, json.dumps({"errorMessage": message, "errorType": error_type}).encode())

    def _send_json(self, status: int, body: bytes) -> None:
        head = f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: application/json\r\n"
        self._write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)
            if not self._parser.should_keep_alive():
                self._transport.close()
