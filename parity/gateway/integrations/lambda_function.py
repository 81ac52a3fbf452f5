"""The integration with a Lambda function: one invocation, bounded in time.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-custom-integrations.html
"""

import asyncio
import json
import re
import time
from collections.abc import Mapping

from msgspec.structs import replace

from parity.gateway.integrations.lambda_stream import FunctionStream
from parity.gateway.lifecycle.gateway_response import (
    INTERNAL_SERVER_ERROR,
    GatewayResponseError,
    configuration_error,
    timeout_error,
)
from parity.gateway.lifecycle.uri_template import with_stage_variables
from parity.gateway.model.backends import Backends, LambdaResult, LambdaUnavailableError
from parity.gateway.model.definition import Integration
from parity.gateway.model.exchange import EndpointResponse, IntegrationRequest
from parity.jsonpath.json_text import CollectorPaused

TOO_MANY_REQUESTS = 429
"""Lambda's status for a throttled invocation: the client gets a 500, whatever the selection patterns.

https://repost.aws/knowledge-center/api-gateway-internal-server-error
"""
PAYLOAD_TOO_LARGE = 413
"""Lambda's status for an event that is larger than it takes; the client gets it too."""
_INVOCATION_URI = re.compile(
    r"arn:[^:]+:apigateway:[^:]*:lambda:path/+"
    r"(?:2015-03-31/functions/(?P<arn>.+)/invocations"
    r"|2021-11-15/functions/(?P<streaming>.+)/response-streaming-invocations)"
)


def function_arn(uri: str, stage_variables: Mapping[str, str]) -> str | None:
    """The ARN of the function in an integration's or authorizer's URI; None when the URI names no function."""
    match = _INVOCATION_URI.fullmatch(with_stage_variables(uri, stage_variables))
    return match["arn"] or match["streaming"] if match else None


def invokes_streaming(uri: str) -> bool:
    """Whether an integration's URI is that of a function's response streaming (`response_streaming_invoke_arn`)."""
    match = _INVOCATION_URI.fullmatch(uri)
    return match is not None and match["streaming"] is not None


class LambdaIntegration:
    """The sender of one method's AWS or AWS_PROXY integration with a Lambda function.

    Args:
        integration: the method's integration.
        stage_variables: those of the stage, which the URI may name.
        backends: what invokes the function.
    """

    def __init__(self, integration: Integration, stage_variables: Mapping[str, str], backends: Backends) -> None:
        self._arn = function_arn(integration.uri, stage_variables)
        self._type = integration.type
        self._uri = integration.uri
        self._backends = backends

    def address(self, request: IntegrationRequest) -> IntegrationRequest:
        """The request with the function's ARN for its URI.

        Raises:
            GatewayResponseError: the URI names no Lambda function, or the method is not POST.
        """
        if self._arn is None:
            raise configuration_error(f"{self._uri} is not a Lambda function")
        if request.method != "POST":
            reason = f"A Lambda function is invoked with POST, and the integration's method is {request.method}"
            if self._type == "AWS_PROXY":
                raise GatewayResponseError("INTEGRATION_FAILURE", INTERNAL_SERVER_ERROR, reason, status=500)
            raise configuration_error(reason)
        return replace(request, uri=self._arn)

    async def call(self, request: IntegrationRequest) -> EndpointResponse:
        """Invokes the function with the request's body as its event; `X-Amz-Invocation-Type: Event` does not wait.

        Raises:
            GatewayResponseError: the function cannot be invoked (500), or does not answer in time (504).
        """
        payload = request.body or b"{}"
        started = time.perf_counter()
        refusal = _refusal(payload)
        if refusal is not None:
            return EndpointResponse(status=400, headers=(("Content-Type", "application/json"),), body=refusal)
        asynchronous = any(
            name.lower() == "x-amz-invocation-type" and value == "Event" for name, value in request.headers
        )
        try:
            async with asyncio.timeout(request.timeout_ms / 1000):
                result = await self._backends.invoke(request.uri, payload, asynchronous=asynchronous)
        except TimeoutError:
            raise timeout_error(request.timeout_ms) from None
        except LambdaUnavailableError as error:
            raise _not_invoked(error) from error
        return _response(result, started, status=202 if asynchronous else 200)

    async def open_stream(self, request: IntegrationRequest, silence: float) -> tuple[EndpointResponse, FunctionStream]:
        """Invokes the function, and waits for the beginning of its response alone.

        Args:
            request: the integration request.
            silence: how many seconds the function may write nothing while its response is under way.

        Returns:
            The response as far as it came, at least its metadata, and the stream that gives the rest.

        Raises:
            GatewayResponseError: see `call`.
        """
        started = time.perf_counter()
        stream = FunctionStream(
            lambda sink: self._backends.invoke(request.uri, request.body, sink=sink),
            seconds=request.timeout_ms / 1000,
            silence=silence,
        )
        try:
            begun = await stream.beginning()
        except TimeoutError:
            raise timeout_error(request.timeout_ms) from None
        except LambdaUnavailableError as error:
            raise _not_invoked(error) from error
        return _response(begun, started), stream


def _not_invoked(error: LambdaUnavailableError) -> GatewayResponseError:
    if error.status == TOO_MANY_REQUESTS:
        reason = f"Lambda invocation failed with status: {error.status}. {error}"
        return GatewayResponseError("INTEGRATION_FAILURE", INTERNAL_SERVER_ERROR, reason, status=500)
    if error.status == PAYLOAD_TOO_LARGE:
        reason = f"Execution failed: {error}"
        return GatewayResponseError("REQUEST_TOO_LARGE", "Request Too Long", reason, error_type="BadRequestException")
    return configuration_error(f"{error}")


def _response(result: LambdaResult, started: float, *, status: int = 200) -> EndpointResponse:
    headers = [("Content-Type", "application/json"), ("X-Amz-Executed-Version", "$LATEST")]
    if result.function_error is not None:
        headers.append(("X-Amz-Function-Error", result.function_error))
    return EndpointResponse(
        status=status,
        headers=tuple(headers),
        body=result.payload,
        latency_ms=(time.perf_counter() - started) * 1000,
        function_error=result.function_error,
        log=result.log,
    )


def _refuse_constant(constant: str) -> None:
    raise ValueError(f"Non-standard token '{constant}'")


_STRICT_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_refuse_constant)
"""JSON as RFC 8259 has it: no NaN, and numbers of any length."""


def _refusal(payload: bytes) -> bytes | None:
    """What `lambda:Invoke` answers to an event that is not JSON; None for one that is."""
    try:
        with CollectorPaused(len(payload)):
            _STRICT_DECODER.decode(payload.decode())
    except (ValueError, RecursionError) as error:
        message = f"Could not parse request body into json: {error}"
        return json.dumps({"Type": "User", "message": message}, separators=(",", ":")).encode()
    return None
