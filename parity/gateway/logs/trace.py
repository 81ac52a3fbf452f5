"""The trace of a request as JSON: the documented shape behind `parity invoke --json`.

`{"request_id", "request", "method_request", "integration_request", "endpoint_response", "integration_response",
"method_response", "gateway_response", "timings_ms", "log"}`; a stage that was not reached is null. Fields are named
as in `parity.gateway.model.exchange`. A body is its text, or `{"base64": …}` when it is not UTF-8; headers are pairs.
"""

import base64
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from parity.gateway.logs.execution_log import execution_log
from parity.gateway.model.exchange import Exchange


def exchange_to_json(exchange: Exchange) -> dict[str, Any]:
    """The exchange as JSON values.

    Args:
        exchange: a finished exchange.
    """
    return {
        "request_id": exchange.request_id,
        "request": _to_json(exchange.request),
        "method_request": _to_json(exchange.method_request),
        "integration_request": _to_json(exchange.integration_request),
        "endpoint_response": _to_json(exchange.endpoint_response),
        "integration_response": _to_json(exchange.integration_response),
        "method_response": _to_json(exchange.response),
        "gateway_response": _to_json(exchange.gateway_response),
        "timings_ms": {stage: round(milliseconds, 3) for stage, milliseconds in exchange.timings_ms.items()},
        "log": exchange.log or execution_log(exchange),
    }


def _to_json(value: Any) -> Any:
    if isinstance(value, Struct):
        return {name: _to_json(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, Mapping):
        return {str(name): _to_json(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_to_json(item) for item in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return str(value)
