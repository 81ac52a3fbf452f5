"""`x-amazon-apigateway-integration`: the backend of an operation.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
"""

from collections.abc import Mapping
from typing import Any, Final, cast

from parity.gateway.model.definition import (
    ContentHandling,
    Integration,
    IntegrationResponse,
    IntegrationType,
    PassthroughBehavior,
)
from parity.gateway.model.quotas import DEFAULT_TIMEOUT_MS
from parity.gateway.openapi.document import OpenApiError, mapping

_TYPES: Final = ("AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK")
_BEHAVIORS: Final = ("WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER")


def integration_of(declared: Mapping[str, Any], http_method: str, where: str) -> Integration:
    """The integration that the extension declares.

    Args:
        declared: its value.
        http_method: the operation's method, which a MOCK integration that names none has too.
        where: the operation's name, such as `GET /pets`.

    Raises:
        OpenApiError: a type or behaviour is unknown.
    """
    kind = str(declared.get("type", "")).upper()
    if kind not in _TYPES:
        raise OpenApiError(f"the integration of {where} has the type {declared.get('type')!r}")
    behavior = str(declared.get("passthroughBehavior") or "WHEN_NO_MATCH").upper()
    if behavior not in _BEHAVIORS:
        raise OpenApiError(f"the integration of {where} has the passthroughBehavior {behavior!r}")
    own_method = str(declared.get("httpMethod") or (http_method if kind == "MOCK" else "")).upper()
    if kind == "AWS_PROXY" and own_method:
        own_method = "POST"
    responses = mapping(declared.get("responses"), f"the integration responses of {where}")
    return Integration(
        type=cast(IntegrationType, kind),
        uri=str(declared.get("uri") or ""),
        http_method=own_method,
        connection_type="VPC_LINK" if declared.get("connectionType") == "VPC_LINK" else "INTERNET",
        connection_id=declared.get("connectionId"),
        integration_target=declared.get("integrationTarget"),
        insecure_skip_verification=bool(
            mapping(declared.get("tlsConfig"), f"tlsConfig of {where}").get("insecureSkipVerification")
        ),
        credentials=declared.get("credentials"),
        request_parameters=_strings(declared.get("requestParameters"), f"requestParameters of {where}"),
        request_templates=_templates(declared.get("requestTemplates"), f"requestTemplates of {where}"),
        passthrough_behavior=cast(PassthroughBehavior, behavior),
        content_handling=_content_handling(declared, where),
        timeout_ms=int(declared.get("timeoutInMillis") or DEFAULT_TIMEOUT_MS),
        response_transfer_mode="STREAM" if declared.get("responseTransferMode") == "STREAM" else "BUFFERED",
        cache_key_parameters=tuple(str(name) for name in declared.get("cacheKeyParameters") or ()),
        cache_namespace=declared.get("cacheNamespace"),
        responses=tuple(_response(pattern, mapping(response, where), where) for pattern, response in responses.items()),
        declared_by=f"the integration of {where}",
    )


def _response(pattern: str, declared: Mapping[str, Any], where: str) -> IntegrationResponse:
    where = f"the integration response {pattern!r} of {where}"
    return IntegrationResponse(
        status_code=str(declared.get("statusCode", 200)),
        selection_pattern=None if pattern == "default" else str(pattern),
        response_parameters=_strings(declared.get("responseParameters"), where),
        response_templates=_templates(declared.get("responseTemplates"), where),
        content_handling=_content_handling(declared, where),
        declared_by=where,
    )


def _content_handling(declared: Mapping[str, Any], where: str) -> ContentHandling | None:
    value = declared.get("contentHandling")
    if value is None:
        return None
    name = str(value).upper()
    if name not in ("CONVERT_TO_BINARY", "CONVERT_TO_TEXT"):
        raise OpenApiError(f"{where} has the contentHandling {value!r}")
    return cast(ContentHandling, name)


def _strings(value: Any, where: str) -> Mapping[str, str]:
    """The members that are strings; API Gateway warns of others and leaves them out."""
    return {str(name): item for name, item in mapping(value, where).items() if isinstance(item, str)}


def _templates(value: Any, where: str) -> Mapping[str, str]:
    """Templates by content type. One that is null, as the console exports it, is an empty one: the body passes."""
    return {name: item or "" for name, item in mapping(value, where).items() if item is None or isinstance(item, str)}
