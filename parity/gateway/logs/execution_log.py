"""The execution log of a request, worded as the Test tab of API Gateway's console words it.

https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-test-method.html
It is made from the finished exchange, so that requests whose log nobody reads pay nothing for it.
"""

import time
from collections.abc import Iterable, Mapping

from parity.gateway.model.exchange import Exchange, Headers

_BODY_CHARACTERS = 1024
_CREDENTIALS = frozenset({"authorization", "proxy-authorization", "x-api-key", "x-amz-security-token"})
_SHOWN_CHARACTERS = 6


def execution_log(exchange: Exchange, *, data_trace: bool = True) -> list[str]:
    """The execution log of a finished exchange, a line an entry, each but the first dated in UTC.

    Bodies are cut after 1,024 characters, as AWS cuts long log entries.

    Args:
        exchange: the request and what each stage made of it.
        data_trace: whether headers, parameters and bodies are in it, as with `dataTraceEnabled` and in the Test tab.
    """
    stamp = time.strftime("%a %b %d %H:%M:%S UTC %Y : ", time.gmtime(exchange.request.time))
    first = f"Execution log for request {exchange.request_id}"
    return [first, *(stamp + line for line in _entries(exchange, data_trace))]


def _entries(exchange: Exchange, data_trace: bool) -> Iterable[str]:
    yield f"Starting execution for request: {exchange.request_id}"
    if data_trace:
        yield from _method_request(exchange)
        yield from _integration_request(exchange)
        yield from _endpoint_response(exchange)
    else:
        method = exchange.method_request.http_method if exchange.method_request else exchange.request.method
        yield f"HTTP Method: {method}, Resource Path: {exchange.request.path}"
    if exchange.gateway_response is not None and exchange.gateway_response.reason:
        yield exchange.gateway_response.reason
    response = exchange.response
    if response is None:
        return
    if exchange.gateway_response is None:
        if data_trace:
            yield f"Method response body after transformations: {_body(response.body)}"
            yield f"Method response headers: {_map(response.headers)}"
        yield "Successfully completed execution"
    else:
        yield f"Gateway response type: {exchange.gateway_response.response_type} with status code: {response.status}"
        if data_trace:
            yield f"Gateway response body: {_body(response.body)}"
            yield f"Gateway response headers: {_map(response.headers)}"
    yield f"Method completed with status: {response.status}"


def _method_request(exchange: Exchange) -> Iterable[str]:
    request = exchange.method_request
    if request is None:
        yield f"HTTP Method: {exchange.request.method}, Resource Path: {exchange.request.path}"
        return
    yield f"HTTP Method: {request.http_method}, Resource Path: {exchange.request.path}"
    yield f"Method request path: {_map(request.path_parameters)}"
    yield f"Method request query string: {_map(request.query)}"
    yield f"Method request headers: {_map(request.headers)}"
    yield f"Method request body before transformations: {_body(request.body)}"


def _integration_request(exchange: Exchange) -> Iterable[str]:
    request = exchange.integration_request
    if request is None or request.type == "MOCK":
        return
    yield f"Endpoint request URI: {request.uri}"
    yield f"Endpoint request headers: {_map(request.headers)}"
    yield f"Endpoint request body after transformations: {_body(request.body)}"
    yield f"Sending request to {request.uri}"


def _endpoint_response(exchange: Exchange) -> Iterable[str]:
    request, response = exchange.integration_request, exchange.endpoint_response
    if response is None or request is None or request.type == "MOCK":
        return
    yield f"Received response. Status: {response.status}, Integration latency: {response.latency_ms:.0f} ms"
    yield f"Endpoint response headers: {_map(response.headers)}"
    yield f"Endpoint response body before transformations: {_body(response.body)}"


def _map(values: Mapping[str, str] | Headers) -> str:
    pairs = values.items() if isinstance(values, Mapping) else values
    return "{" + ", ".join(f"{name}={_shown(name, value)}" for name, value in pairs) + "}"


def _shown(name: str, value: str) -> str:
    """A value as AWS logs it: of a credential no more than its last characters."""
    if name.lower() not in _CREDENTIALS:
        return value
    shown = _SHOWN_CHARACTERS if len(value) > 3 * _SHOWN_CHARACTERS else 0
    return "*" * (len(value) - shown) + value[len(value) - shown :]


def _body(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    return text if len(text) <= _BODY_CHARACTERS else f"{text[:_BODY_CHARACTERS]} [TRUNCATED]"
