"""Method requests in few words, and a clock that stands still until it is reported."""

from collections.abc import Mapping
from typing import Any

from parity.gateway.model.exchange import MethodRequest


class Clock:
    """A clock for what depends on time; `now` is in seconds since the epoch."""

    def __init__(self, now: float = 1_790_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def call(
    path: str = "/pets",
    http_method: str = "GET",
    *,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    source_ip: str = "203.0.113.7",
    stage: str = "dev",
    **fields: Any,
) -> MethodRequest:
    """A method request as it comes to the authorizer."""
    headers, query = headers or {}, query or {}
    return MethodRequest(
        **{
            "request_id": "request-1",
            "resource_path": path,
            "http_method": http_method,
            "headers": headers,
            "multi_value_headers": {name: (value,) for name, value in headers.items()},
            "query": query,
            "multi_value_query": {name: (value,) for name, value in query.items()},
            "context": {"path": f"/{stage}{path}", "stage": stage, "identity": {"sourceIp": source_ip}},
            **fields,
        }
    )
