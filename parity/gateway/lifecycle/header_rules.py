"""Which header fields API Gateway hides, drops, refuses and renames.

Part of it is documented under "important notes" of the developer guide
(https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html); the rest was observed.
Names are compared without regard to case; every set holds lower-case names.
"""

from collections.abc import Iterable

from parity.gateway.model.definition import IntegrationType

INVISIBLE_IN_METHOD_REQUEST = frozenset(
    {
        "connection",
        "content-length",
        "content-md5",
        "expect",
        "max-forwards",
        "proxy-authenticate",
        "server",
        "te",
        "transfer-encoding",
        "trailer",
        "upgrade",
        "www-authenticate",
    }
)
"""Request headers that neither templates nor mappings nor a proxy integration ever see."""

_DROPPED_FROM_ANY_INTEGRATION = frozenset({"expect", "proxy-authenticate", "te"})
_DROPPED_FROM_HTTP = _DROPPED_FROM_ANY_INTEGRATION | {"via"}
_DROPPED_FROM_AWS = _DROPPED_FROM_ANY_INTEGRATION | {"referer"}

_REFUSED_BY_ANY_INTEGRATION = frozenset(
    {"content-length", "transfer-encoding", "x-amzn-trace-id", "x-amzn-apigateway-api-id"}
)
_REFUSED_BY_AWS = _REFUSED_BY_ANY_INTEGRATION | {"authorization", "connection", "expect", "proxy-authenticate", "te"}

METHOD_OVERRIDE = "x-http-method-override"
"""The request header whose value is the method, whatever method the request was sent with."""

NOT_PASSED_BY_HTTP_PROXY = frozenset({"host", "content-encoding", METHOD_OVERRIDE})
"""Headers of the method request that an HTTP proxy integration passes on only when they are mapped."""

_REMAPPED_IN_RESPONSE = frozenset(
    {
        "authorization",
        "connection",
        "content-length",
        "content-md5",
        "date",
        "expect",
        "host",
        "max-forwards",
        "proxy-authenticate",
        "server",
        "trailer",
        "upgrade",
        "user-agent",
        "www-authenticate",
    }
)
_SET_BY_THE_GATEWAY = frozenset({"x-amzn-requestid", "x-amz-apigw-id"})
_DROPPED_FROM_RESPONSE = frozenset({"transfer-encoding"})

REMAPPED_PREFIX = "x-amzn-Remapped-"


def dropped_from_integration(integration_type: IntegrationType) -> frozenset[str]:
    """The headers that are not sent to the backend even when they are mapped."""
    if integration_type in ("HTTP", "HTTP_PROXY"):
        return _DROPPED_FROM_HTTP
    return _DROPPED_FROM_AWS if integration_type == "AWS" else _DROPPED_FROM_ANY_INTEGRATION


def refused_by_integration(integration_type: IntegrationType) -> frozenset[str]:
    """The headers that make a request fail when a mapping or a template sets them."""
    if integration_type in ("AWS", "AWS_PROXY"):
        return _REFUSED_BY_AWS
    return _REFUSED_BY_ANY_INTEGRATION if integration_type != "MOCK" else frozenset()


def remap_response_headers(
    headers: Iterable[tuple[str, str]],
) -> tuple[list[tuple[str, str]], tuple[tuple[str, str], ...]]:
    """Renames and drops headers of a response.

    Args:
        headers: what an integration response or a proxy integration wants to send.

    Returns:
        The headers that may be sent, and (name, new name) of those that were renamed.
    """
    kept: list[tuple[str, str]] = []
    renamed: list[tuple[str, str]] = []
    for name, value in headers:
        lower = name.lower()
        if lower in _REMAPPED_IN_RESPONSE or lower in _SET_BY_THE_GATEWAY:
            kept.append((REMAPPED_PREFIX + name, value))
            renamed.append((name, REMAPPED_PREFIX + name))
        elif lower not in _DROPPED_FROM_RESPONSE:
            kept.append((name, value))
    return kept, tuple(renamed)
