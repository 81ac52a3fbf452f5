"""The integration with an HTTP endpoint: one request over a pooled connection, bounded in time and size.

https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
Redirects are not followed and compressed bodies not decoded. What goes wrong on the way becomes AWS's own answer.
"""

import asyncio
import time
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from parity.gateway.backends import Backends
from parity.gateway.definition import Integration
from parity.gateway.exchange import EndpointResponse, IntegrationRequest
from parity.gateway.gateway_response import GatewayResponseError, configuration_error

MAX_PAYLOAD_BYTES = 10 * 1024 * 1024
"""The largest payload that API Gateway takes from a client or from a backend, in bytes."""

_MAX_HEADER_BYTES = 64 * 1024
_IDLE_SECONDS = 4.0
_METHODS_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})
_NEVER_SENT = frozenset({"connection"})
_NO_AUTOMATIC_HEADERS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class HttpClient:
    """The connections of a stage to its HTTP backends. It is opened by its first request, in the running loop."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    def _open(self) -> aiohttp.ClientSession:
        # Servers commonly close idle connections after five seconds: these are given up a little earlier.
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=_IDLE_SECONDS)
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None),
            skip_auto_headers=_NO_AUTOMATIC_HEADERS,
            max_line_size=_MAX_HEADER_BYTES,
            max_field_size=_MAX_HEADER_BYTES,
        )
        return self._session

    async def send(self, request: IntegrationRequest, origin: str | None = None) -> EndpointResponse:
        """Sends a request and reads the whole response.

        Args:
            request: what to send; its `uri` names the Host.
            origin: where to connect instead, such as `http://127.0.0.1:8000`.

        Raises:
            GatewayResponseError: no answer in time (504), no usable answer (504), an address that is none (500), or
                a body that is too large (500).
        """
        started = time.perf_counter()
        try:
            async with asyncio.timeout(request.timeout_ms / 1000):
                status, headers, body = await self._exchange(request, origin)
        except TimeoutError:
            reason = f"Execution failed due to a timeout error: no answer in {request.timeout_ms} ms"
            raise GatewayResponseError("INTEGRATION_TIMEOUT", "Endpoint request timed out", reason) from None
        except (aiohttp.ClientConnectorDNSError, aiohttp.InvalidURL, ValueError) as error:
            raise configuration_error(
                f"Execution failed due to configuration error: Invalid endpoint address {request.uri}: {error}"
            ) from None
        except (aiohttp.ClientError, OSError) as error:
            reason = f"Execution failed due to a network error communicating with endpoint: {error}"
            message = "Network error communicating with endpoint"
            raise GatewayResponseError("INTEGRATION_FAILURE", message, reason) from None
        latency = (time.perf_counter() - started) * 1000
        return EndpointResponse(status=status, headers=headers, body=body, latency_ms=latency)

    async def _exchange(
        self, request: IntegrationRequest, origin: str | None
    ) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
        uri, headers = request.uri, [field for field in request.headers if field[0].lower() not in _NEVER_SENT]
        if origin is not None:
            parts = urlsplit(uri)
            uri = origin.rstrip("/") + (uri[uri.index(parts.netloc) + len(parts.netloc) :] if parts.netloc else uri)
            if not any(name.lower() == "host" for name, _ in headers):
                headers.append(("Host", parts.netloc))
        body = None if request.method in _METHODS_WITHOUT_BODY else request.body
        session = self._session or self._open()
        async with session.request(
            request.method, URL(uri, encoded=True), data=body, headers=headers, allow_redirects=False
        ) as response:
            return (
                response.status,
                tuple([(name.decode("latin-1"), _text(value)) for name, value in response.raw_headers]),
                await _read(response),
            )

    async def aclose(self) -> None:
        """Closes every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """The response's body, as long as it is not too large."""
    announced = response.content_length
    if announced is not None and announced <= MAX_PAYLOAD_BYTES:
        return await response.read()
    chunks, size = [], 0
    if announced is None:
        async for chunk in response.content.iter_any():
            size += len(chunk)
            if size > MAX_PAYLOAD_BYTES:
                break
            chunks.append(chunk)
    if announced is not None or size > MAX_PAYLOAD_BYTES:
        response.close()
        raise configuration_error(
            f"Execution failed due to configuration error: Integration response of reported length {announced or size}"
            f" is larger than allowed maximum of {MAX_PAYLOAD_BYTES} bytes."
        )
    return b"".join(chunks)


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


class HttpIntegration:
    """The sender of one method's HTTP or HTTP_PROXY integration.

    Args:
        integration: the method's integration.
        client: the stage's connections.
        backends: where a VPC link leads.
    """

    def __init__(self, integration: Integration, client: HttpClient, backends: Backends) -> None:
        self._integration = integration
        self._client = client
        self._backends = backends

    async def call(self, request: IntegrationRequest) -> EndpointResponse:
        """Sends the integration request.

        Raises:
            GatewayResponseError: see `HttpClient.send`; a VPC link that leads nowhere is a 500.
        """
        if self._integration.connection_type != "VPC_LINK":
            return await self._client.send(request)
        link = self._integration.connection_id or ""
        origin = self._backends.private_origin(link, self._integration.integration_target, request.uri)
        if origin is None:
            raise configuration_error(f"Execution failed due to configuration error: no target behind VPC link {link}")
        return await self._client.send(request, origin)
