"""The connections of a stage to its HTTP backends: kept open between requests, and given up before backends do so."""

import asyncio
import re
import socket
import time
from functools import lru_cache

from parity.gateway.integrations.http_connection import BackendAnswer, BackendConnection, BackendError
from parity.gateway.integrations.tls import trusting_context, verifying_context
from parity.gateway.model.exchange import Headers

_IDLE_SECONDS = 4.0
"""How long an idle connection is kept: servers commonly close theirs after five seconds."""

_METHODS_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})
_IDEMPOTENT_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
_PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NOT_IN_VALUE = re.compile(r"[\0-\x08\x0a-\x1f\x7f]")


class InvalidEndpointError(ValueError):
    """The address or a header field is none that can be sent; or the host has no address."""


@lru_cache(maxsize=1024)
def is_field_name(name: str) -> bool:
    """Whether a name is a header field's."""
    return _NAME.fullmatch(name) is not None


@lru_cache(maxsize=256)
def parse_origin(scheme: str, authority: str) -> tuple[str, str, int]:
    """The parts of an origin.

    Returns:
        Scheme, host and port.

    Raises:
        InvalidEndpointError: it is no http or https origin.
    """
    host, port = authority.rpartition("@")[2], ""
    if not host.endswith("]"):
        before, _, after = host.rpartition(":")
        host, port = (before, after) if before else (host, "")
    default = _PORTS.get(scheme.lower())
    if default is None or not host or (port and not port.isdigit()) or int(port or default) > 65535:
        raise InvalidEndpointError(f"{scheme}://{authority} is not an HTTP endpoint")
    return scheme.lower(), host.strip("[]"), int(port or default)


def split_uri(uri: str) -> tuple[str, str, str]:
    """Scheme, authority and request target of a URI.

    Raises:
        InvalidEndpointError: the URI is not absolute, or holds what a request line cannot.
    """
    scheme, separator, rest = uri.partition("#")[0].partition("://")
    authority, slash, path = rest.partition("/")
    target = slash + path
    if "?" in authority:
        authority, _, query = rest.partition("?")
        target = f"/?{query}"
    if not separator or not (rest.isascii() and rest.isprintable()) or " " in rest:
        raise InvalidEndpointError(f"{uri!r} is not an HTTP endpoint")
    return scheme, authority, target or "/"


def request_bytes(method: str, target: str, host: str, headers: Headers, body: bytes) -> bytes:
    """A request as it goes over the wire; of the headers, Connection and Content-Length are the connection's own.

    Raises:
        InvalidEndpointError: a header field is none.
    """
    lines = [f"{method} {target} HTTP/1.1"]
    has_host = False
    for name, value in headers:
        # Printable text, as nearly all values are, is distinguished without a search.
        if not is_field_name(name) or not (value.isprintable() or not _NOT_IN_VALUE.search(value)):
            raise InvalidEndpointError(f"{name!r} with the value {value!r} is no header field")
        if len(name) == 4 and name.lower() == "host":
            has_host = True
        elif len(name) == 10 and name.lower() == "connection":
            continue
        lines.append(f"{name}: {value}")
    if not has_host:
        lines.insert(1, f"Host: {host}")
    if method in _METHODS_WITHOUT_BODY:
        return ("\r\n".join(lines) + "\r\n\r\n").encode()
    return ("\r\n".join(lines) + f"\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body


class HttpClient:
    """The pool of connections.

    Args:
        verifies_authority: whether the certificate of an HTTPS backend must be signed by an authority that is trusted.
    """

    def __init__(self, *, verifies_authority: bool = True) -> None:
        self._verifies_authority = verifies_authority
        self._trusting: HttpClient | None = None
        self._idle: dict[tuple[str, str, int], list[BackendConnection]] = {}
        self._busy: set[BackendConnection] = set()
        self._sweep: asyncio.TimerHandle | None = None

    @property
    def trusting(self) -> "HttpClient":
        """The pool of those connections whose certificates may be signed by anyone."""
        if self._trusting is None:
            self._trusting = HttpClient(verifies_authority=False)
        return self._trusting

    async def send(
        self, method: str, uri: str, headers: Headers, body: bytes, seconds: float, origin: str | None = None
    ) -> BackendAnswer:
        """Sends a request and reads the whole answer.

        Args:
            method: the HTTP method; GET, HEAD and OPTIONS are sent without body.
            uri: the address, percent-encoded; it names the Host unless a header does.
            headers: the header fields.
            body: the payload.
            seconds: how long it may take, connecting included.
            origin: where to connect instead, such as `http://127.0.0.1:8000`.

        Raises:
            TimeoutError: it took longer.
            InvalidEndpointError: the address or a header is none.
            BackendError, OSError: the connection failed or the answer is not HTTP.
            PayloadTooLargeError: the answer is too large.
        """
        scheme, authority, target = split_uri(uri)
        request = request_bytes(method, target, authority.rpartition("@")[2], headers, body)
        scheme, authority = (scheme, authority) if origin is None else split_uri(origin)[:2]
        place = parse_origin(scheme, authority)
        deadline = time.monotonic() + seconds
        try:
            return await self._attempt(place, request, method, deadline)
        except BackendError as error:
            if not error.retriable or method not in _IDEMPOTENT_METHODS:
                raise
        self._drop_idle(place)
        return await self._attempt(place, request, method, deadline)

    async def _attempt(
        self, place: tuple[str, str, int], request: bytes, method: str, deadline: float
    ) -> BackendAnswer:
        connection = self._take(place) or await self._connect(place, deadline)
        self._busy.add(connection)
        answer = connection.send(request, without_body=method == "HEAD")
        # One timer a request: cheaper than a timeout scope, and what is late is not needed any more.
        timer = answer.get_loop().call_later(max(deadline - time.monotonic(), 0), _expire, answer)
        try:
            result = await answer
        except BaseException:
            connection.close()
            raise
        finally:
            timer.cancel()
            self._busy.discard(connection)
        if connection.is_open:
            self._release(place, connection)
        return result

    def _take(self, place: tuple[str, str, int]) -> BackendConnection | None:
        idle = self._idle.get(place)
        while idle:
            connection = idle.pop()
            if connection.is_open:
                return connection
        return None

    def _release(self, place: tuple[str, str, int], connection: BackendConnection) -> None:
        connection.idle_since = time.monotonic()
        self._idle.setdefault(place, []).append(connection)
        if self._sweep is None:
            self._sweep = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self._close_stale)

    def _close_stale(self) -> None:
        """Closes what was idle for long; runs as long as there is something idle."""
        oldest = time.monotonic() - _IDLE_SECONDS
        for place, connections in list(self._idle.items()):
            kept = [connection for connection in connections if connection.idle_since > oldest and connection.is_open]
            for connection in connections:
                if connection not in kept:
                    connection.close()
            if kept:
                self._idle[place] = kept
            else:
                del self._idle[place]
        again = _IDLE_SECONDS / 4
        loop = asyncio.get_running_loop()
        self._sweep = loop.call_later(again, self._close_stale) if self._idle else None

    def _drop_idle(self, place: tuple[str, str, int]) -> None:
        for connection in self._idle.pop(place, []):
            connection.close()

    async def _connect(self, place: tuple[str, str, int], deadline: float) -> BackendConnection:
        scheme, host, port = place
        context = None
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(max(deadline - time.monotonic(), 0)):
            try:
                if scheme == "https":
                    context = verifying_context() if self._verifies_authority else await trusting_context(host, port)
                _, connection = await loop.create_connection(BackendConnection, host, port, ssl=context)
            except (socket.gaierror, UnicodeError) as error:
                raise InvalidEndpointError(f"{host} has no address: {error}") from error
        return connection

    async def aclose(self) -> None:
        """Closes every connection."""
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None
        for place in list(self._idle):
            self._drop_idle(place)
        for connection in list(self._busy):
            connection.close()
        if self._trusting is not None:
            await self._trusting.aclose()


def _expire(answer: "asyncio.Future[BackendAnswer]") -> None:
    if not answer.done():
        answer.set_exception(TimeoutError())
