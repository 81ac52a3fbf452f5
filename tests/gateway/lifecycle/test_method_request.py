"""The method request: the method that counts, and how a query string is decoded.

The source of both: AWS's guide, "Amazon API Gateway important notes".
"""

import json

import pytest

from parity.gateway.lifecycle.method_request import parse_query, visible_headers
from tests.gateway.support import Functions, answer, function, gateway, http, http_backend, method, rest_api, send


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("a=1;b=2", {"a": "1", "b": "2"}),
        ("a=1;2&b=3", {"a": "1", "2": "", "b": "3"}),
        ("a=1%3B2", {"a": "1;2"}),
        ("a=1;a=2", {"a": "2"}),
    ],
)
def test_a_semicolon_splits_the_query_string(query: str, expected: dict[str, str]) -> None:
    assert parse_query(query)[0] == expected


HIDDEN = ["Connection", "Content-Length", "Content-MD5", "Expect", "Max-Forwards", "Proxy-Authenticate", "Server"]
HIDDEN += ["TE", "Transfer-Encoding", "Trailer", "Upgrade", "WWW-Authenticate"]


@pytest.mark.parametrize("name", HIDDEN)
def test_headers_that_a_method_request_does_not_have(name: str) -> None:
    """AWS's guide, "Amazon API Gateway important notes": headers that API Gateway drops."""
    single, several = visible_headers(((name, "1"), ("X-A", "2")), ())
    assert (single, several) == ({"X-A": "2"}, {"X-A": ("2",)})


async def test_the_method_may_be_overridden_by_a_header() -> None:
    templates = {"application/json": '{"method": "$context.httpMethod"}'}
    methods = {
        "PUT": method(function(request_templates=templates), "PUT"),
        "GET": method(function(request_templates=templates), "GET"),
    }
    functions = Functions()
    served = gateway(rest_api({"/": methods}), functions)
    status, _, text = answer(await send(served, "POST", headers={"X-HTTP-Method-Override": "put"}))
    assert (status, json.loads(text)) == (200, {"method": "PUT"})
    assert answer(await send(served, "GET", headers={"X-HTTP-Method-Override": "DELETE"}))[0] == 403
    assert answer(await send(served, "POST"))[0] == 403


async def test_the_override_reaches_a_backend_only_if_it_is_mapped() -> None:
    mapped = {"integration.request.header.X-HTTP-Method-Override": "method.request.header.X-HTTP-Method-Override"}
    async with http_backend() as backend:
        for path, parameters in (("/plain", {}), ("/mapped", mapped)):
            integration = http(backend.url, type="HTTP_PROXY", http_method="ANY", request_parameters=parameters)
            served = gateway(rest_api({path: integration}))
            await send(served, "POST", path, headers={"X-HTTP-Method-Override": "PUT"})
            await served.aclose()
    plain, forwarded = backend.requests
    assert (plain.method, plain.header("x-http-method-override")) == ("PUT", None)
    assert (forwarded.method, forwarded.header("x-http-method-override")) == ("PUT", "PUT")
