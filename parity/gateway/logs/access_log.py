"""Access logs: one line a request, in the stage's own format of `$context` variables.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
A variable that the request has no value for is `-`.
"""

import re
from collections.abc import Mapping
from typing import Any

from parity.gateway.lifecycle.mapping_expression import walk
from parity.gateway.model.exchange import Exchange

_VARIABLE = re.compile(r"\$context\.([A-Za-z]+(?:[.-][A-Za-z0-9_-]+)*)")


class AccessLog:
    """A stage's access log format, taken apart once.

    Args:
        log_format: such as `$context.requestId $context.status`.
        destination: the ARN of a log group or of a Firehose stream, or None.
    """

    def __init__(self, log_format: str, destination: str | None) -> None:
        parts = _VARIABLE.split(log_format)
        self._literals = parts[0::2]
        self._variables = [variable.split(".") for variable in parts[1::2]]
        self.group = (destination or "").partition(":log-group:")[2].removesuffix(":*")

    def line(self, exchange: Exchange, context: Mapping[str, Any]) -> str:
        """The line for a request.

        Args:
            exchange: the request, answered.
            context: its `$context`.
        """
        values = {**context, **_values_of_the_answer(exchange)}
        line = self._literals[0]
        for variable, literal in zip(self._variables, self._literals[1:], strict=True):
            line += _text(values, variable) + literal
        return line


def _values_of_the_answer(exchange: Exchange) -> dict[str, Any]:
    """What `$context` holds for access logs alone. Latencies are in milliseconds."""
    response, endpoint = exchange.response, exchange.endpoint_response
    values: dict[str, Any] = {
        "status": response.status if response else None,
        "responseLength": len(response.body) if response else None,
        "responseLatency": round(sum(exchange.timings_ms.values())),
    }
    if "integration" in exchange.timings_ms:
        latency = round(exchange.timings_ms["integration"])
        status = endpoint.status if endpoint else None
        values["integrationLatency"] = latency
        values["integrationStatus"] = status
        mode = "BUFFERED" if exchange.stream is None else "STREAMED"
        values["integration"] = {
            "latency": latency,
            "status": _status_of_integration(exchange),
            "integrationStatus": status,
            "responseTransferMode": mode,
        }
    failure = exchange.gateway_response
    failed = endpoint is None or endpoint.function_error is not None
    if failure is not None and failed and "integration" in values:
        values["integration"]["error"] = values["integrationErrorMessage"] = failure.reason or None
    if failure is not None:
        values["error"] = {
            "message": failure.message,
            "messageString": None if failure.message is None else f'"{failure.message}"',
            "responseType": failure.response_type,
            "validationErrorString": failure.reason if failure.response_type == "BAD_REQUEST_BODY" else None,
        }
    return values


def _status_of_integration(exchange: Exchange) -> int | None:
    """The status that the backend answered; with a Lambda proxy integration, the one that the function's code returned.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
    """
    request, endpoint, response = exchange.integration_request, exchange.endpoint_response, exchange.response
    if request is None or request.type != "AWS_PROXY" or endpoint is None:
        return endpoint.status if endpoint else None
    return response.status if response and exchange.gateway_response is None else None


def _text(values: Mapping[str, Any], path: list[str]) -> str:
    value = walk(values, path)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "-" if value is None or isinstance(value, Mapping) else str(value)
