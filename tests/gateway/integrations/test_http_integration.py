"""What an HTTP custom integration sends, and what the client gets of the answer."""

import asyncio
import time

import pytest

from parity.gateway.model.definition import IntegrationResponse, Stage
from tests.gateway.support import (
    Functions,
    Received,
    answer,
    gateway,
    http,
    http_backend,
    method,
    reply,
    rest_api,
    send,
)

CALLER = {"Content-Type": "application/json", "Accept": "text/plain", "User-Agent": "curl/8", "X-Custom": "1"}


async def test_sends_nothing_of_the_request_but_its_body() -> None:
    async with http_backend() as backend:
        served = gateway(rest_api({"/a/{proxy+}": http(f"{backend.url}/echo")}))
        exchange = await send(served, "PUT", "/a/b", query="q=1", headers=CALLER, body='{"k": 1}')
        await served.aclose()
    received = backend.requests[0]
    assert (received.method, received.target, received.body) == ("POST", "/echo", b'{"k": 1}')
    assert received.header("x-custom") is None
    assert received.header("accept-encoding") is None
    assert received.header("accept") == "application/json"
    assert received.header("user-agent") == "AmazonAPIGateway_api1234567"
    assert received.header("x-amzn-apigateway-api-id") == "api1234567"
    assert received.header("content-type") == "application/json"
    assert received.header("host") == backend.url.removeprefix("http://")
    assert answer(exchange)[0] == 200
    assert exchange.endpoint_response is not None
    assert 0 < exchange.endpoint_response.latency_ms <= exchange.timings_ms["integration"]


@pytest.mark.parametrize("http_method", ["GET", "HEAD", "OPTIONS"])
async def test_sends_neither_body_nor_content_type_with_methods_that_have_none(http_method: str) -> None:
    async with http_backend() as backend:
        served = gateway(rest_api({"/": http(backend.url, http_method="ANY")}))
        await send(served, http_method, headers=CALLER, body="{}")
        await served.aclose()
    [received] = backend.requests
    assert (received.method, received.body) == (http_method, b"")
    assert received.header("content-type") is None
    assert received.header("content-length") is None


async def test_the_stages_took_no_longer_than_the_request() -> None:
    async with http_backend() as backend:
        served = gateway(rest_api({"/": http(backend.url)}))
        began = time.perf_counter()
        exchange = await send(served, "PUT", body="{}")
        took_ms = (time.perf_counter() - began) * 1000
        await served.aclose()
    assert all(milliseconds > 0 for milliseconds in exchange.timings_ms.values())
    assert sum(exchange.timings_ms.values()) <= took_ms


async def test_maps_every_kind_of_source() -> None:
    mappings = {
        "integration.request.path.rest": "method.request.path.proxy",
        "integration.request.querystring.last": "method.request.querystring.q",
        "integration.request.querystring.all": "method.request.multivaluequerystring.q",
        "integration.request.querystring.absent": "method.request.querystring.nothing",
        "integration.request.querystring.empty": "method.request.querystring.blank",
        "integration.request.header.X-From-Header": "method.request.header.X-Custom",
        "integration.request.header.X-Wrong-Case": "method.request.header.x-custom",
        "integration.request.header.X-Body": "method.request.body.a.b",
        "integration.request.header.X-Context": "context.identity.sourceIp",
        "integration.request.header.X-Stage": "stageVariables.name",
        "integration.request.header.X-Constant": "'it''s fixed'",
        "integration.request.header.X-Several": "method.request.multivaluequerystring.q",
    }
    async with http_backend() as backend:
        api = rest_api(
            {"/{proxy+}": http(backend.url + "/${stageVariables.name}/{rest}?k=1", request_parameters=mappings)}
        )
        served = gateway(api, stage=Stage(name="dev", variables={"name": "blue"}))
        exchange = await send(
            served, "POST", "/a%20b/c", query="q=1&q=x+y&blank=", headers=CALLER, body='{"a": {"b": 3}}'
        )
        await served.aclose()
    received = backend.requests[0]
    assert received.target == "/blue/a%20b/c?k=1&last=x%20y&all=1&all=x%20y&empty="
    assert received.header("x-from-header") == "1"
    assert received.header("x-wrong-case") is None
    assert received.header("x-body") == "3"
    assert received.header("x-context") == "127.0.0.1"
    assert received.header("x-stage") == "blue"
    assert received.header("x-constant") == "it''s fixed"
    assert received.header("x-several") == "1,x y"
    assert exchange.integration_request is not None
    assert [m.target for m in exchange.integration_request.mappings if m.value is None] == [
        "integration.request.querystring.absent",
        "integration.request.header.X-Wrong-Case",
    ]


@pytest.mark.parametrize(
    "address",
    ["example.com", "ftp://example.com", "http://a b/", "http://é.test/", "http://a.test/\x07", "http://a:65536"],
)
async def test_an_address_that_is_none_is_a_500(address: str) -> None:
    stage = Stage(name="dev", variables={"address": address})
    exchange = await send(gateway(rest_api({"/": http("${stageVariables.address}")}), stage=stage))
    assert answer(exchange)[::2] == (500, '{"message":"Internal server error"}')
    assert exchange.gateway_response is not None
    assert "Invalid endpoint address" in exchange.gateway_response.reason


@pytest.mark.parametrize("name", ["Content-Length", "Transfer-Encoding", "X-Amzn-Trace-Id", "x-amzn-apigateway-api-id"])
async def test_a_mapped_header_that_may_not_be_set_fails_the_request(name: str) -> None:
    async with http_backend() as backend:
        integration = http(backend.url, request_parameters={f"integration.request.header.{name}": "'1'"})
        status, headers, text = answer(await send(gateway(rest_api({"/": integration}))))
    assert (status, text) == (500, '{"message":"Internal server error"}')
    assert headers["x-amzn-errortype"] == "InternalServerErrorException"
    assert "x-amzn-trace-id" not in headers
    assert backend.requests == []


@pytest.mark.parametrize("name", ["Expect", "Proxy-Authenticate", "TE", "Via"])
async def test_some_mapped_headers_are_dropped(name: str) -> None:
    async with http_backend() as backend:
        served = gateway(
            rest_api({"/": http(backend.url, request_parameters={f"integration.request.header.{name}": "'1'"})})
        )
        await send(served)
        await served.aclose()
    assert backend.requests[0].header(name) is None


async def test_the_status_of_the_backend_selects_and_does_not_pass_through() -> None:
    responses = (
        IntegrationResponse(status_code="200"),
        IntegrationResponse(status_code="404", selection_pattern="4\\d{2}"),
        IntegrationResponse(status_code="502", selection_pattern="5"),
    )

    async def script(received: Received, writer: asyncio.StreamWriter) -> None:
        await reply(b"{}", status=int(received.target.rpartition("/")[2]))(received, writer)

    async with http_backend(script) as backend:
        integration = http(
            backend.url + "/{code}",
            responses=responses,
            request_parameters={"integration.request.path.code": "method.request.path.code"},
        )
        served = gateway(rest_api({"/{code}": integration}))
        statuses = [answer(await send(served, path=f"/{code}"))[0] for code in (201, 418, 503)]
        await served.aclose()
    assert statuses == [200, 404, 200]


async def test_no_default_and_no_match_is_an_internal_server_error() -> None:
    async with http_backend() as backend:
        integration = http(backend.url, responses=(IntegrationResponse(status_code="404", selection_pattern="4.."),))
        served = gateway(rest_api({"/": integration}))
        status, headers, text = answer(await send(served))
        await served.aclose()
    assert (status, text) == (500, '{"message":"Internal server error"}')
    assert headers["x-amzn-errortype"] == "InternalServerErrorException"


async def test_maps_and_renames_response_headers() -> None:
    mapped = {
        "method.response.header.Server": "integration.response.header.X-Name",
        "method.response.header.X-All": "integration.response.multivalueheader.X-Name",
        "method.response.header.X-Absent": "integration.response.header.x-name",
        "method.response.header.X-Body": "integration.response.body.id",
        "method.response.header.X-Id": "context.requestId",
        "method.response.header.Transfer-Encoding": "'chunked'",
        "method.response.header.Content-Type": "'text/html'",
    }
    async with http_backend(reply('{"id": "7"}', headers={"X-Name": "a", "Content-Type": "text/xml"})) as backend:
        responses = (IntegrationResponse(status_code="201", response_parameters=mapped),)
        served = gateway(rest_api({"/": http(backend.url, responses=responses)}))
        exchange = await send(served)
        await served.aclose()
    status, headers, text = answer(exchange)
    assert (status, text) == (201, '{"id": "7"}')
    assert headers["x-amzn-remapped-server"] == "a"
    assert headers["x-all"] == "a"
    assert headers["x-body"] == "7"
    assert headers["x-id"] == exchange.request_id == headers["x-amzn-requestid"]
    assert headers["content-type"] == "text/html"
    assert not {"server", "x-absent", "transfer-encoding"} & headers.keys()


async def test_a_private_endpoint_is_reached_elsewhere_than_at_its_host() -> None:
    async with http_backend() as backend:
        integration = http(
            "http://internal.example:8080/echo?k=1", connection_type="VPC_LINK", connection_id="link", http_method="GET"
        )
        served = gateway(rest_api({"/": integration}), Functions(origin=backend.url))
        assert answer(await send(served))[0] == 200
        await served.aclose()
    assert backend.requests[0].target == "/echo?k=1"
    assert backend.requests[0].header("host") == "internal.example:8080"


async def test_the_trace_id_of_the_caller_goes_on_to_backend_and_client() -> None:
    trace = "Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1"
    async with http_backend() as backend:
        served = gateway(rest_api({"/": http(backend.url)}))
        _, headers, _ = answer(await send(served, headers={"x-amzn-trace-id": trace}))
        _, fresh, _ = answer(await send(served))
        await served.aclose()
    assert headers["x-amzn-trace-id"] == backend.requests[0].header("X-Amzn-Trace-Id") == trace
    assert fresh["x-amzn-trace-id"].startswith("Root=1-6b49d200-")


async def test_a_redirect_is_not_followed_and_a_compressed_body_not_decoded() -> None:
    async with http_backend(reply(b"\x1f\x8b", 302, {"Location": "/x", "Content-Encoding": "gzip"})) as backend:
        served = gateway(rest_api({"/": method(http(backend.url, type="HTTP_PROXY"))}))
        exchange = await send(served)
        await served.aclose()
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.body) == (302, b"\x1f\x8b")
    assert len(backend.requests) == 1


async def test_connections_to_the_backend_are_used_again() -> None:
    async with http_backend() as backend:
        served = gateway(rest_api({"/": http(backend.url)}))
        for _ in range(5):
            await send(served)
        await served.aclose()
    assert backend.connections == 1


async def test_of_two_integration_responses_for_one_status_the_last_counts() -> None:
    """API Gateway keeps integration responses by status code:
    https://docs.aws.amazon.com/apigateway/latest/api/API_IntegrationResponse.html
    """
    responses = (
        IntegrationResponse(
            status_code="200", selection_pattern="2..", response_templates={"application/json": "first"}
        ),
        IntegrationResponse(status_code="200", response_templates={"application/json": "last"}),
    )
    async with http_backend() as backend:
        served = gateway(rest_api({"/": http(backend.url, responses=responses)}))
        exchange = await send(served, "GET")
        await served.aclose()
    assert answer(exchange)[::2] == (200, "last")
