"""Sends a case exactly as it is written: no header is added but Host, Content-Length with a body, and authorization.

The same code sends to the local gateway and, over TLS, to a deployed API. The standard library's client is used because
it is the one that adds nothing by itself and keeps the case of header names.
"""

import http.client
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from parity.compare.authorization import Authorization
from parity.compare.case import Case, Headers

TIMEOUT_SECONDS = 35.0
"""Longer than the 29 seconds an integration may take, so that the gateway's answer comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the client got. `latency_ms` is in milliseconds, from the first byte sent to the last one received.

    `error` tells why there was no answer; then `status` is 0. `sent_headers` are the headers as they went out. `again`
    is the answer to the same request, where it was sent once more to see what changes by itself.
    """

    status: int
    headers: Headers = ()
    body: bytes = b""
    latency_ms: float = 0.0
    error: str = ""
    sent_headers: Headers = ()
    again: "Answer | None" = None

    def header(self, name: str) -> str | None:
        """The first value of a header, its name compared without regard to case."""
        return next((value for sent, value in self.headers if sent.lower() == name.lower()), None)

    @property
    def text(self) -> str:
        """The body as text, for a reader."""
        return self.body.decode("utf-8", "replace")


class Client:
    """One kept-alive connection to one integration. Not shared between threads.

    Args:
        url: the integration's base URL, such as `http://127.0.0.1:8000/dev/lambda`.
        timeout: seconds to wait for an answer.
        authorization: what is added to a request so that it may call the API, where the case does not say it itself.
    """

    def __init__(
        self, url: str, *, timeout: float = TIMEOUT_SECONDS, authorization: Authorization | None = None
    ) -> None:
        parts = urlsplit(url)
        self._authorization = authorization
        self._host = parts.netloc
        self._base = parts.path.rstrip("/")
        secure = parts.scheme == "https"
        connection = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._connection = connection(parts.hostname or "", parts.port, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()

    def send(self, case: Case) -> Answer:
        """Sends a case and waits for the whole answer; a connection that fails is an answer with an `error`."""
        headers = self._headers(case)
        started = time.perf_counter()
        try:
            response = self._exchange(case, headers)
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            return Answer(status=0, error=f"{type(error).__name__}: {error}", sent_headers=headers)
        return Answer(
            status=response.status,
            headers=tuple(response.getheaders()),
            body=body,
            latency_ms=(time.perf_counter() - started) * 1000,
            sent_headers=headers,
        )

    def _headers(self, case: Case) -> Headers:
        headers = case.headers if case.header("Host") is not None else (("Host", self._host), *case.headers)
        if case.body is not None and case.header("Content-Length") is None:
            headers = (*headers, ("Content-Length", str(len(case.body))))
        if self._authorization is None:
            return headers
        host = case.header("Host") or self._host
        added = self._authorization.headers_for(case.method, self._base + case.target, host, case.body or b"")
        return (*headers, *(header for header in added if case.header(header[0]) is None))

    def _exchange(self, case: Case, headers: Headers) -> http.client.HTTPResponse:
        """Sends once more when the server closed a connection that had been idle, as HTTP/1.1 allows it to."""
        try:
            return self._exchange_once(case, headers)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self._connection.close()
            return self._exchange_once(case, headers)

    def _exchange_once(self, case: Case, headers: Headers) -> http.client.HTTPResponse:
        connection = self._connection
        connection.putrequest(case.method, self._base + case.target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value.encode("utf-8"))
        connection.endheaders(case.body)
        return connection.getresponse()
