"""The answer of an HTTP backend that is sent on as it comes: response transfer mode `STREAM` of HTTP_PROXY.

https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html
A stream has a connection of its own, no limit of size, and two of time: the integration's timeout, and how long its
backend may be silent.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from time import perf_counter
from typing import cast

import httptools

from parity.gateway.integrations.http_client import InvalidEndpointError, parse_origin, request_bytes, split_uri
from parity.gateway.integrations.http_connection import BackendError
from parity.gateway.integrations.piece_queue import PieceQueue
from parity.gateway.integrations.tls import refusal, trusting_context, verifying_context
from parity.gateway.lifecycle.gateway_response import GatewayResponseError, configuration_error, timeout_error
from parity.gateway.model.exchange import EndpointResponse, IntegrationRequest
from parity.gateway.model.quotas import MAX_STREAM_SILENCE_SECONDS


class StreamBrokenError(Exception):
    """A stream ended before its answer did: too late, too silent, or cut off by the backend."""


class StreamConnection(asyncio.Protocol):
    """A connection to a backend for one answer, whose body is read as it comes. `head` is its status and headers."""

    def __init__(self, without_body: bool) -> None:
        self.head: asyncio.Future[tuple[int, tuple[tuple[str, str], ...]]] = asyncio.get_running_loop().create_future()
        self._without_body = without_body
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._headers: list[tuple[str, str]] = []
        self._pieces = PieceQueue()
        self._complete = False
        self._has_length = False
        self._error: Exception | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the transport."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Parses what came."""
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._fail(BackendError(f"the backend's answer is not HTTP: {error}"))
        self._pieces.notify()

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends a body without length, and fails every other answer that is under way."""
        self._transport = None
        if self.head.done() and exc is None and not self._has_length:
            self._complete = True
        elif not self._complete:
            self._fail(BackendError(f"the backend closed the connection: {exc or 'no answer'}"))
        self._pieces.notify()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Takes a header field, its name as the backend wrote it."""
        self._headers.append((name.decode("latin-1"), value.decode("utf-8", "replace")))

    def on_headers_complete(self) -> None:
        """Delivers status and headers; those of an interim answer (1xx) are passed over."""
        status = self._parser.get_status_code()
        if status < 200:
            self._headers = []
            return
        self._has_length = any(name.lower() in ("content-length", "transfer-encoding") for name, _ in self._headers)
        self._complete = self._without_body
        if not self.head.done():
            self.head.set_result((status, tuple(self._headers)))

    def on_body(self, body: bytes) -> None:
        """Keeps a piece of the body until it is sent on."""
        self._pieces.put(body, self._transport)

    def on_message_complete(self) -> None:
        """Ends the answer."""
        if self.head.done():
            self._complete = True

    def _fail(self, error: Exception) -> None:
        self._error = error
        if not self.head.done():
            self.head.set_exception(error)

    def send(self, request: bytes) -> None:
        """Sends the request."""
        assert self._transport is not None  # noqa: S101 - connected before use
        self._transport.write(request)

    def close(self) -> None:
        """Closes the connection, without waiting for what is under way."""
        if self._transport is not None:
            self._transport.abort()

    async def body(self, deadline: float, silence: float) -> AsyncIterator[bytes]:
        """The pieces of the body, as they come.

        Args:
            deadline: when the answer has to be whole, by the event loop's clock, in seconds.
            silence: how many seconds the backend may send nothing.

        Raises:
            StreamBrokenError: the answer is not whole.
        """
        loop = asyncio.get_running_loop()
        try:
            while True:
                while self._pieces:
                    yield self._pieces.get()
                if self._complete:
                    return
                if self._error is not None:
                    raise StreamBrokenError(str(self._error))
                await self._pieces.wait(min(deadline, loop.time() + silence))
        except TimeoutError:
            raise StreamBrokenError("the backend was silent, or its answer took longer than the timeout") from None
        finally:
            self.close()


async def stream_request(
    request: IntegrationRequest,
    origin: str | None = None,
    *,
    silence: float = MAX_STREAM_SILENCE_SECONDS,
    verifies_authority: bool = True,
) -> tuple[EndpointResponse, AsyncIterator[bytes]]:
    """Sends an integration request, and waits for status and headers alone.

    Args:
        request: the request, with its complete URI.
        origin: where to connect instead of to the URI's host.
        silence: how many seconds the backend may send nothing while its answer is under way.
        verifies_authority: see `HttpClient`.

    Returns:
        The answer without its body, and the pieces of the body.

    Raises:
        GatewayResponseError: no answer in time (504), no usable answer (504), an address that is none (500), or a
            certificate that is not accepted (500).
    """
    started = perf_counter()
    loop = asyncio.get_running_loop()
    deadline = loop.time() + request.timeout_ms / 1000
    connection: StreamConnection | None = None
    begun = False
    try:
        async with asyncio.timeout_at(deadline):
            connection = await _connected(request, origin, verifies_authority)
            status, headers = await connection.head
        begun = True
    except InvalidEndpointError as error:
        raise configuration_error(f"Invalid endpoint address: {error}") from None
    except TimeoutError:
        raise timeout_error(request.timeout_ms) from None
    except ssl.SSLError as error:
        raise configuration_error(refusal(error, request.uri)) from None
    except (BackendError, OSError) as error:
        reason = f"Execution failed due to a network error communicating with endpoint: {error}"
        raise GatewayResponseError("INTEGRATION_FAILURE", "Network error communicating with endpoint", reason) from None
    finally:
        if connection is not None and not begun:
            connection.close()
    latency = (perf_counter() - started) * 1000
    return EndpointResponse(status=status, headers=headers, latency_ms=latency), connection.body(deadline, silence)


async def _connected(request: IntegrationRequest, origin: str | None, verifies_authority: bool) -> StreamConnection:
    """A connection over which the request was sent."""
    scheme, authority, target = split_uri(request.uri)
    data = request_bytes(request.method, target, authority.rpartition("@")[2], request.headers, request.body)
    scheme, authority = (scheme, authority) if origin is None else split_uri(origin)[:2]
    scheme, host, port = parse_origin(scheme, authority)
    context = None
    try:
        if scheme == "https":
            context = verifying_context() if verifies_authority else await trusting_context(host, port)
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: StreamConnection(request.method == "HEAD"), host, port, ssl=context
        )
    except (socket.gaierror, UnicodeError) as error:
        raise InvalidEndpointError(f"{host} has no address: {error}") from error
    connection.send(data)
    return connection
