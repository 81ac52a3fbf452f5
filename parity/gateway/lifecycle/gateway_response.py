"""Gateway responses: what the client gets when something fails before, or instead of, an integration response.

https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
Their templates are no Velocity: `$context.*` and `$stageVariables.*` are replaced by their values, and that is all.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from parity.gateway.lifecycle.header_rules import remap_response_headers
from parity.gateway.lifecycle.mapping_expression import constant, request_parameter, walk
from parity.gateway.lifecycle.media_type import template_for_accept
from parity.gateway.model.definition import GatewayResponse as DeclaredGatewayResponse
from parity.gateway.model.definition import RestApi
from parity.gateway.model.exchange import MethodRequest

_DEFAULTS: dict[str, tuple[int, str]] = {
    "ACCESS_DENIED": (403, "AccessDeniedException"),
    "API_CONFIGURATION_ERROR": (500, "InternalServerErrorException"),
    "AUTHORIZER_CONFIGURATION_ERROR": (500, "AuthorizerConfigurationException"),
    "AUTHORIZER_FAILURE": (500, "AuthorizerFailureException"),
    "BAD_REQUEST_BODY": (400, "BadRequestException"),
    "BAD_REQUEST_PARAMETERS": (400, "BadRequestException"),
    "DEFAULT_4XX": (400, "BadRequestException"),
    "DEFAULT_5XX": (500, "InternalServerErrorException"),
    "EXPIRED_TOKEN": (403, "ExpiredTokenException"),
    "INTEGRATION_FAILURE": (504, "InternalServerErrorException"),
    "INTEGRATION_TIMEOUT": (504, "InternalServerErrorException"),
    "INVALID_API_KEY": (403, "ForbiddenException"),
    "INVALID_SIGNATURE": (403, "InvalidSignatureException"),
    "MISSING_AUTHENTICATION_TOKEN": (403, "MissingAuthenticationTokenException"),
    "QUOTA_EXCEEDED": (429, "LimitExceededException"),
    "REQUEST_TOO_LARGE": (413, "RequestTooLargeException"),
    "RESOURCE_NOT_FOUND": (404, "ResourceNotFoundException"),
    "THROTTLED": (429, "TooManyRequestsException"),
    "UNAUTHORIZED": (401, "UnauthorizedException"),
    "UNSUPPORTED_MEDIA_TYPE": (415, "BadRequestException"),
    "WAF_FILTERED": (403, "ForbiddenException"),
}
RESPONSE_TYPES = frozenset(_DEFAULTS)
"""Every gateway response type that a REST API may customise."""

NOT_CUSTOMIZABLE = frozenset({"REQUEST_TOO_LARGE"})
"""Types that keep their default whatever is declared, DEFAULT_4XX included.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
"""

INTERNAL_SERVER_ERROR = "Internal server error"
CONFIGURATION_ERROR = "Execution failed due to configuration error: "
"""How the execution log begins the reason of such a failure."""

_DEFAULT_TEMPLATES = {"application/json": '{"message":$context.error.messageString}'}
_ACCESS_DENIED_TEMPLATES = {"application/json": '{"Message":$context.error.messageString}'}
_VARIABLE = re.compile(r"\$(\{)?(context|stageVariables)\.([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)(?(1)\})")


class GatewayResponseError(Exception):
    """The lifecycle ends here, with a gateway response.

    Args:
        response_type: such as `UNAUTHORIZED`; see `RESPONSE_TYPES`.
        message: `$context.error.message`; None is JSON's null.
        reason: why, for the execution log alone.
        status: a status in place of the type's default, as AWS has it for a malformed proxy response (502).
        error_type: the `x-amzn-ErrorType` in place of the type's own.
    """

    def __init__(
        self,
        response_type: str,
        message: str | None,
        reason: str = "",
        *,
        status: int | None = None,
        error_type: str | None = None,
    ) -> None:
        super().__init__(reason or message or response_type)
        self.response_type = response_type
        self.message = message
        self.reason = reason
        self.status = status
        self.error_type = error_type


def configuration_error(reason: str) -> GatewayResponseError:
    """The 500 for a definition that cannot be carried out; `reason` goes to the execution log, in AWS's words."""
    return GatewayResponseError("API_CONFIGURATION_ERROR", INTERNAL_SERVER_ERROR, f"{CONFIGURATION_ERROR}{reason}")


def timeout_error(timeout_ms: int) -> GatewayResponseError:
    """The 504 for a backend that gave no answer within its integration's timeout, in milliseconds."""
    reason = f"Execution failed due to a timeout error: no answer in {timeout_ms} ms"
    return GatewayResponseError("INTEGRATION_TIMEOUT", "Endpoint request timed out", reason)


@dataclass(frozen=True, slots=True)
class _Resolved:
    """What one response type answers with: the declared customisation over the default."""

    status: int
    status_is_declared: bool
    error_type: str
    parameters: Mapping[str, str]
    templates: Mapping[str, str]


class GatewayResponses:
    """The gateway responses of a REST API, resolved once."""

    def __init__(self, api: RestApi) -> None:
        self._by_type = {name: _resolve(name, api.gateway_responses) for name in _DEFAULTS}

    def render(
        self,
        error: GatewayResponseError,
        context: Mapping[str, Any],
        stage_variables: Mapping[str, str],
        request: MethodRequest,
        accept: str | None,
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """Renders the response for an error.

        Args:
            error: what went wrong.
            context: `$context`, without `error`.
            stage_variables: `$stageVariables`.
            request: the method request, for mapped headers.
            accept: the client's Accept header, which chooses among several templates.

        Returns:
            The status, the headers and the body.
        """
        resolved = self._by_type.get(error.response_type) or self._by_type["DEFAULT_5XX"]
        scope = {"context": {**context, "error": _error_context(error)}, "stageVariables": stage_variables}
        content_type = template_for_accept(resolved.templates, accept)
        body = _VARIABLE.sub(lambda m: _text(walk(scope[m[2]], m[3].split("."))), resolved.templates[content_type])
        mapped = []
        for name, source in resolved.parameters.items():
            value = _parameter(source, scope, request)
            if value is not None:
                mapped.append((name.removeprefix("gatewayresponse.header."), value))
        mapped, _ = remap_response_headers(mapped)
        status = resolved.status if error.status is None or resolved.status_is_declared else error.status
        headers = [("x-amzn-ErrorType", error.error_type or resolved.error_type), *mapped]
        if not any(name.lower() == "content-type" for name, _ in mapped):
            headers.insert(0, ("Content-Type", content_type))
        return status, headers, body.encode()


def _resolve(response_type: str, declared: Mapping[str, DeclaredGatewayResponse]) -> _Resolved:
    status, error_type = _DEFAULTS[response_type]
    fallback = declared.get("DEFAULT_4XX" if status < 500 else "DEFAULT_5XX")
    custom = None if response_type in NOT_CUSTOMIZABLE else declared.get(response_type) or fallback
    templates = _ACCESS_DENIED_TEMPLATES if response_type == "ACCESS_DENIED" else _DEFAULT_TEMPLATES
    if custom is None:
        return _Resolved(status, False, error_type, {}, templates)
    return _Resolved(
        int(custom.status_code) if custom.status_code else status,
        bool(custom.status_code),
        error_type,
        custom.response_parameters,
        custom.response_templates or templates,
    )


def _error_context(error: GatewayResponseError) -> dict[str, Any]:
    return {
        "message": error.message,
        "messageString": json.dumps(error.message, ensure_ascii=False),
        "responseType": error.response_type,
        "validationErrorString": error.reason if error.response_type == "BAD_REQUEST_BODY" else "",
    }


def _parameter(source: str, scope: Mapping[str, Any], request: MethodRequest) -> str | None:
    """The value of a `gatewayresponse.header.*` mapping; None when its source is absent."""
    text = constant(source)
    if text is not None:
        return text
    root, _, name = source.partition(".")
    if root in scope:
        value = walk(scope[root], name.split("."))
        return None if value is None else _text(value)
    parameter = request_parameter(source)
    if parameter is None:
        return None
    found = parameter.value(request)
    return ",".join(found) if isinstance(found, tuple) else found


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value) if isinstance(value, Mapping | list) else str(value)
