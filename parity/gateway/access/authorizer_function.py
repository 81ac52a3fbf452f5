"""The call of an authorizer's Lambda function."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

from parity.gateway.integrations.lambda_function import function_arn
from parity.gateway.lifecycle.gateway_response import GatewayResponseError
from parity.gateway.model.backends import Backends, LambdaUnavailableError
from parity.gateway.model.definition import Authorizer, Stage
from parity.gateway.model.quotas import DEFAULT_TIMEOUT_MS

_UNAUTHORIZED: Final = "Unauthorized"


class AuthorizerFunction:
    """The function of one authorizer.

    Args:
        authorizer: the authorizer; its `uri` is the function's invocation URI.
        stage: the stage, whose variables the URI may name.
        backends: what invokes the function.
    """

    def __init__(self, authorizer: Authorizer, stage: Stage, backends: Backends) -> None:
        self._name = authorizer.name
        self._arn = function_arn(authorizer.uri, stage.variables)
        self._backends = backends

    async def invoke(self, event: Mapping[str, Any]) -> bytes:
        """Invokes the function and returns its payload.

        Raises:
            GatewayResponseError: UNAUTHORIZED if the function raised `Unauthorized`; AUTHORIZER_FAILURE if it raised
                anything else or took too long; AUTHORIZER_CONFIGURATION_ERROR if it cannot be invoked.
        """
        if self._arn is None:
            raise _misconfigured(f"The URI of the authorizer {self._name} names no function")
        payload = json.dumps(event, ensure_ascii=False, separators=(",", ":"), default=str).encode("utf-8", "replace")
        try:
            async with asyncio.timeout(DEFAULT_TIMEOUT_MS / 1000):
                result = await self._backends.invoke(self._arn, payload)
        except LambdaUnavailableError as error:
            raise _misconfigured(str(error)) from error
        except TimeoutError as error:
            raise GatewayResponseError("AUTHORIZER_FAILURE", None, f"The authorizer {self._name} timed out") from error
        if result.function_error is None:
            return result.payload
        message = _error_message(result.payload)
        if message == _UNAUTHORIZED:
            raise GatewayResponseError("UNAUTHORIZED", "Unauthorized", f"The authorizer {self._name} says so")
        raise GatewayResponseError("AUTHORIZER_FAILURE", None, f"The authorizer {self._name} failed: {message}")


def _misconfigured(reason: str) -> GatewayResponseError:
    return GatewayResponseError("AUTHORIZER_CONFIGURATION_ERROR", None, reason)


def _error_message(payload: bytes) -> str:
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError):
        return payload.decode("utf-8", "replace")
    return str(document.get("errorMessage")) if isinstance(document, dict) else str(document)
