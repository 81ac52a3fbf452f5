"""The integration with an HTTP endpoint, and what the client gets when the endpoint does not answer as it should.

https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
Redirects are not followed and compressed bodies not decoded.
"""

import ssl
from collections.abc import AsyncIterator
from time import perf_counter

from parity.gateway.integrations.http_client import HttpClient, InvalidEndpointError
from parity.gateway.integrations.http_connection import BackendError, PayloadTooLargeError
from parity.gateway.integrations.http_stream import stream_request
from parity.gateway.integrations.tls import refusal
from parity.gateway.lifecycle.gateway_response import GatewayResponseError, configuration_error, timeout_error
from parity.gateway.model.backends import Backends
from parity.gateway.model.definition import Integration
from parity.gateway.model.exchange import EndpointResponse, IntegrationRequest
from parity.gateway.model.quotas import MAX_PAYLOAD_BYTES


class HttpIntegration:
    """The sender of one method's HTTP or HTTP_PROXY integration.

    Args:
        integration: the method's integration.
        client: the stage's connections.
        backends: where a VPC link leads.
    """

    def __init__(self, integration: Integration, client: HttpClient, backends: Backends) -> None:
        self._integration = integration
        self._client = client.trusting if integration.insecure_skip_verification else client
        self._backends = backends

    async def call(self, request: IntegrationRequest) -> EndpointResponse:
        """Sends the integration request.

        Raises:
            GatewayResponseError: no answer in time (504), no usable answer (504), an address that is none (500), a
                certificate that is not accepted (500), a body that is too large (500), or a VPC link that leads
                nowhere (500).
        """
        origin = None
        if self._integration.connection_type == "VPC_LINK":
            origin = self._private_origin(request)
        return await send_request(self._client, request, origin)

    async def open_stream(
        self, request: IntegrationRequest, silence: float
    ) -> tuple[EndpointResponse, AsyncIterator[bytes]]:
        """Sends the integration request, and waits for the answer's head alone; see `stream_request`."""
        is_private = self._integration.connection_type == "VPC_LINK"
        origin = self._private_origin(request) if is_private else None
        verifies = not self._integration.insecure_skip_verification
        return await stream_request(request, origin, silence=silence, verifies_authority=verifies)

    def _private_origin(self, request: IntegrationRequest) -> str:
        link = self._integration.connection_id or ""
        origin = self._backends.private_origin(link, self._integration.integration_target, request.uri)
        if origin is None:
            raise configuration_error(f"no target behind VPC link {link}")
        return origin


async def send_request(client: HttpClient, request: IntegrationRequest, origin: str | None = None) -> EndpointResponse:
    """Sends an integration request over HTTP.

    Args:
        client: the stage's connections.
        request: the request, with its complete URI.
        origin: where to connect instead of to the URI's host.

    Raises:
        GatewayResponseError: see `HttpIntegration.call`.
    """
    started = perf_counter()
    try:
        status, headers, body = await client.send(
            request.method, request.uri, request.headers, request.body, request.timeout_ms / 1000, origin
        )
    except TimeoutError:
        raise timeout_error(request.timeout_ms) from None
    except InvalidEndpointError as error:
        raise configuration_error(f"Invalid endpoint address: {error}") from None
    except PayloadTooLargeError as error:
        raise configuration_error(
            f"Integration response of reported length {error.length}"
            f" is larger than allowed maximum of {MAX_PAYLOAD_BYTES} bytes."
        ) from None
    except ssl.SSLError as error:
        raise configuration_error(refusal(error, request.uri)) from None
    except (BackendError, OSError) as error:
        reason = f"Execution failed due to a network error communicating with endpoint: {error}"
        message = "Network error communicating with endpoint"
        raise GatewayResponseError("INTEGRATION_FAILURE", message, reason) from None
    latency = (perf_counter() - started) * 1000
    return EndpointResponse(status=status, headers=headers, body=body, latency_ms=latency)
