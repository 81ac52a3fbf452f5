"""One HTTP/1.1 connection to a backend, on asyncio and httptools: a request at a time, its answer bounded in size.

An HTTP custom integration needs little of a client: no cookies, redirects, encodings or streaming, but header names as
they are and AWS's limits. A general client library costs more than the rest of a request's way through the gateway.
"""

import asyncio
from typing import cast

import httptools

from parity.gateway.model.exchange import Headers
from parity.gateway.model.quotas import MAX_PAYLOAD_BYTES

_MAX_HEAD_BYTES = 64 * 1024

BackendAnswer = tuple[int, Headers, bytes]
"""Status, headers and body."""


class BackendError(Exception):
    """Unusable response. `retriable`: the backend closed a reused connection before reading the request."""

    def __init__(self, message: str, *, retriable: bool = False) -> None:
        super().__init__(message)
        self.retriable = retriable


class PayloadTooLargeError(Exception):
    """The backend's answer is larger than API Gateway takes. `length` is in bytes, as far as it was seen."""

    def __init__(self, length: int) -> None:
        super().__init__(f"{length} bytes")
        self.length = length


class BackendConnection(asyncio.Protocol):
    """A connection to a backend."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[BackendAnswer] | None = None
        self._without_body = False
        self._requests = 0
        self._reset()
        self.idle_since = 0.0

    def _reset(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._forget()

    def _forget(self) -> None:
        self._headers: list[tuple[str, str]] = []
        self._body: list[bytes] = []
        self._unparsed_bytes = 0
        self._body_bytes = 0
        self._length: int | None = None
        self._begun = False
        self._head_is_complete = False

    @property
    def is_open(self) -> bool:
        """Whether another request may be sent."""
        return self._transport is not None and not self._transport.is_closing()

    def send(self, request: bytes, *, without_body: bool) -> "asyncio.Future[BackendAnswer]":
        """Sends a request.

        Args:
            request: the whole request.
            without_body: whether its answer has no body, whatever its length says (HEAD).

        Returns:
            The answer to come. It fails with BackendError, PayloadTooLargeError or an OSError.
        """
        assert self._transport is not None  # noqa: S101 - connected before use
        self._forget()
        self._without_body = without_body
        self._requests += 1
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def close(self) -> None:
        """Closes the connection, without waiting for what is under way."""
        self._answer = None
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the transport."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Parses what came; what nobody asked for ends the connection."""
        if self._answer is None:
            self.close()
            return
        self._begun = True
        # The parser holds back a line of headers, trailers or chunks until it ends: count what yields nothing.
        self._unparsed_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._fail(BackendError("the backend wants another protocol"))
        except httptools.HttpParserError as error:
            self._fail(BackendError(f"the backend's answer is not HTTP: {error}"))
        if self._unparsed_bytes > _MAX_HEAD_BYTES:
            self._fail(BackendError(f"the backend's headers are larger than {_MAX_HEAD_BYTES} bytes"))

    def eof_received(self) -> None:
        """Ends a body that has no length."""
        if self._answer is not None and self._head_is_complete and self._length is None:
            self._finish(keep=False)

    def connection_lost(self, exc: Exception | None) -> None:
        """Fails the answer that is under way."""
        if exc is None and self._answer is not None and self._head_is_complete and self._length is None:
            self._finish(keep=False)
        else:
            retriable = self._requests > 1 and not self._begun
            self._fail(BackendError(f"the backend closed the connection: {exc or 'no answer'}", retriable=retriable))
        self._transport = None

    def on_message_begin(self) -> None:
        """Gives up the connection if nobody asked for this answer: it would pass for the next request's."""
        if self._answer is None and self._transport is not None:
            self._transport.abort()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Takes a header field, its name as the backend wrote it; trailers are left out."""
        if self._head_is_complete:
            return
        self._headers.append((name.decode("latin-1"), _text(value)))

    def on_headers_complete(self) -> None:
        """Learns how the body ends."""
        if self._parser.get_status_code() < 200:
            return
        self._head_is_complete = True
        self._unparsed_bytes = 0
        for name, value in self._headers:
            lower = name.lower()
            if lower == "content-length" and value.isdigit():
                self._length = int(value)
            elif lower == "transfer-encoding":
                self._length = 0
        if self._without_body:
            self._finish(keep=False)
        elif self._length is not None and self._length > MAX_PAYLOAD_BYTES:
            self._fail(PayloadTooLargeError(self._length))

    def on_body(self, body: bytes) -> None:
        """Takes a piece of the body."""
        self._unparsed_bytes = 0
        self._body_bytes += len(body)
        if self._body_bytes > MAX_PAYLOAD_BYTES:
            self._fail(PayloadTooLargeError(self._body_bytes))
        else:
            self._body.append(body)

    def on_message_complete(self) -> None:
        """Delivers the answer; an interim one (1xx) is passed over."""
        if self._head_is_complete:
            self._finish(keep=self._parser.should_keep_alive())
        else:
            self._headers = []

    def _finish(self, *, keep: bool) -> None:
        answer, self._answer = self._answer, None
        if answer is not None and not answer.done():
            body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
            answer.set_result((self._parser.get_status_code(), tuple(self._headers), body))
        if not keep and self._transport is not None:
            self._transport.close()

    def _fail(self, error: Exception) -> None:
        answer, self._answer = self._answer, None
        if answer is not None and not answer.done():
            answer.set_exception(error)
        if self._transport is not None:
            self._transport.abort()


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
