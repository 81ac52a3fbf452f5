"""What changes from one run to the next and means nothing: the one place where a recording's values are normalised.

A recording of an API on AWS and a local run must agree in everything else. Three kinds of rules, in order:
headers that say something of the connection alone are left out; headers whose value is new each time keep their name
and lose their value; what is left of ids, dates and addresses within texts is replaced by a name in angle brackets.
"""

import re
from typing import Any

LEFT_OUT_HEADERS = frozenset(
    [
        *("connection", "keep-alive", "transfer-encoding", "content-length", "accept-encoding", "server", "via", "age"),
        *("date", "x-cache", "x-amz-cf-id", "x-amz-cf-pop", "cloudfront-forwarded-proto"),
        *("x-amzn-remapped-date", "x-amzn-remapped-server", "x-amzn-remapped-connection"),
        *("x-amzn-remapped-content-length", "x-amzn-cipher-suite", "x-amzn-tls-version"),
        *("x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"),
    ]
)
"""Headers of the connection, of a cache or load balancer on the way, and of the response's length (bodies are compared
whole). A laptop has none of those between client and gateway."""

VOLATILE_HEADERS = {
    "x-amzn-requestid": "<request id>",
    "x-amz-apigw-id": "<extended request id>",
    "x-amzn-trace-id": "<trace id>",
    "x-amzn-apigateway-api-id": "<api id>",
    "host": "<host>",
}
"""Headers that are compared by their presence alone."""

VOLATILE_TEXTS = (
    (re.compile(r"AWS4-HMAC-SHA256 Credential=[^\s,]+, SignedHeaders=[^\s,]+, Signature=[0-9a-f]{64}"), "<signature>"),
    (re.compile(r"\b\d{8}T\d{6}Z\b"), "<date>"),
    (re.compile(r"AmazonAPIGateway_[a-z0-9]+"), "AmazonAPIGateway_<api id>"),
    (re.compile(r"(?:Self=[^;\s]+;)?Root=1-[0-9a-f]{8}-[0-9a-f]{24}(?:;[^\s\"]*)?"), "<trace id>"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<uuid>"),
    (re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\b"), "<date>"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)\b"), "<date>"),
    (re.compile(r"\b(?:[a-z0-9-]+\.)+amazonaws\.com\b"), "<host>"),
    (re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b"), "<address>"),
)
"""Patterns within texts: signatures, the API's id, trace ids, UUIDs, dates (RFC 9110, ISO 8601), hosts, addresses."""


def stable_headers(headers: dict[str, list[str]]) -> dict[str, list[str]]:
    """Headers without what is volatile, by lower-case name, sorted.

    Args:
        headers: every value by name.
    """
    kept = {name.lower(): values for name, values in headers.items() if name.lower() not in LEFT_OUT_HEADERS}
    return {
        name: [VOLATILE_HEADERS[name]] if name in VOLATILE_HEADERS else [stable_text(value) for value in values]
        for name, values in sorted(kept.items())
    }


def stable_text(text: str) -> str:
    """A text with ids, dates and addresses replaced by their names."""
    for pattern, name in VOLATILE_TEXTS:
        text = pattern.sub(name, text)
    return text


def stable_value(value: Any) -> Any:
    """A JSON value with every text in it made stable; keys too, for they may hold what a client sent."""
    if isinstance(value, str):
        return stable_text(value)
    if isinstance(value, dict):
        return {stable_text(key): stable_value(each) for key, each in value.items()}
    return [stable_value(each) for each in value] if isinstance(value, list) else value
