"""Odd and malformed requests: always an answer of AWS's shape, no traceback, no hang.

`PARITY_FUZZ_REQUESTS=100000 pytest tests/gateway/server/test_fuzz.py` sends no fewer; the default keeps the
suite quick.
"""

import asyncio
import json
import logging
import os
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parity.gateway.gateway import Gateway
from parity.gateway.model.definition import Integration, IntegrationResponse, Method, Model, RequestValidator
from parity.gateway.model.exchange import Exchange, Request
from parity.gateway.server.server import Server
from tests.gateway.support import Functions, function, gateway, method, mock, rest_api

REQUESTS = int(os.environ.get("PARITY_FUZZ_REQUESTS", "300"))
FUZZ = settings(
    max_examples=max(REQUESTS // 2, 50),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
QUOTED = """"$util.escapeJavaScript({}).replaceAll("\\\\'", "'")\""""
PASSTHROUGH = (
    """#set($all = $input.params())
{"body": $input.json('$'), "params": {#foreach($type in $all.keySet())"$type":
{#foreach($n in $all.get($type).keySet())"""
    + QUOTED.format("$n")
    + ": "
    + QUOTED.format("$all.get($type).get($n)")
    + "#if($foreach.hasNext),#end#end}#if($foreach.hasNext),#end#end}}"
)

TOKEN = st.text("!#$%&'*+-.^_`|~0123456789abcXYZ", min_size=1, max_size=12)
VALUE = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=30)
HEADERS = st.lists(st.tuples(TOKEN | st.sampled_from(["Content-Type", "Accept", "Host", "X-Amzn-Trace-Id"]), VALUE))
PATHS = st.builds(
    lambda prefix, rest: prefix + rest,
    st.sampled_from(["/echo/", "/mock", "/valid", "/proxy/", "/", ""]),
    st.text(st.characters(min_codepoint=33, max_codepoint=255, exclude_characters="#? "), max_size=20),
)
METHODS = st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
BODIES = st.binary(max_size=60) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
).map(lambda value: json.dumps(value).encode())
QUERIES = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="#"), max_size=40)


def odd_api() -> Gateway:
    """An API that uses everything that a request can reach."""
    mappings = {
        "integration.request.header.X-H": "method.request.header.Content-Type",
        "integration.request.querystring.q": "method.request.multivaluequerystring.a",
        "integration.request.path.p": "method.request.path.proxy",
        "integration.request.header.X-B": "method.request.body.a",
    }
    responses = (
        IntegrationResponse(
            status_code="200",
            response_templates={"application/json": '{"got": $input.json("$"), "x": "$input.path("$.body")"}'},
            response_parameters={"method.response.header.X-Echo": "integration.response.body.body"},
        ),
    )
    valid = method(
        function(),
        request_validator=RequestValidator(id="v", validate_request_body=True, validate_request_parameters=True),
        request_models={"application/json": "Any", "$default": "Any"},
        request_parameters={"method.request.querystring.a": True},
    )
    declared: dict[str, Method | Integration | Mapping[str, Method]] = {
        "/echo/{proxy+}": function(
            request_templates={"application/json": PASSTHROUGH}, request_parameters=mappings, responses=responses
        ),
        "/mock": mock("$input.body"),
        "/valid": valid,
        "/proxy/{proxy+}": function(type="AWS_PROXY"),
    }
    models = {"Any": Model(name="Any", schema='{"type": "object", "properties": {"a": {"type": "number"}}}')}
    return gateway(rest_api(declared, models=models, binary_media_types=("image/png",)), Functions(_answer))


def _answer(event: object) -> object:
    if isinstance(event, dict) and "requestContext" in event:
        return {"statusCode": 200, "body": event["body"], "headers": {"X-Path": event["path"]}}
    return event


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop that lives as long as the server."""
    running = asyncio.new_event_loop()
    yield running
    running.close()


@pytest.fixture(scope="module")
def server(loop: asyncio.AbstractEventLoop) -> Iterator[Server]:
    """The API on a port."""
    served = Server({"dev": odd_api()})
    loop.run_until_complete(served.start())
    yield served
    loop.run_until_complete(served.stop())


@pytest.fixture(autouse=True)
def no_traceback(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails a test in which the gateway itself failed."""
    with caplog.at_level(logging.ERROR):
        yield
    assert [record.getMessage() for record in caplog.records] == []


@FUZZ
@given(METHODS, PATHS, QUERIES, HEADERS, BODIES)
def test_the_gateway_always_answers(
    loop: asyncio.AbstractEventLoop,
    http_method: str,
    path: str,
    query: str,
    headers: list[tuple[str, str]],
    body: bytes,
) -> None:
    request = Request(method=http_method, path=path or "/", query_string=query, headers=tuple(headers), body=body)
    check(loop.run_until_complete(asyncio.wait_for(_GATEWAY.handle(request), 10)))


_GATEWAY = odd_api()


def check(exchange: Exchange) -> None:
    """An answer is AWS's: ids on every one, JSON with a message for every gateway response."""
    response = exchange.response
    assert response is not None
    names = {name.lower() for name, _ in response.headers}
    assert {"x-amzn-requestid", "x-amz-apigw-id", "content-type"} <= names
    if exchange.gateway_response is not None:
        assert "x-amzn-errortype" in names
        document = json.loads(response.body)
        assert list(document) in (["message"], ["Message"])


PIECES = st.sampled_from(
    [
        b"GET /dev/mock HTTP/1.1\r\n",
        b"POST /dev/echo/a HTTP/1.1\r\n",
        b"HTTP/1.0\r\n",
        b"Host: a\r\n",
        b"Content-Length: 3\r\n",
        b"Content-Length: -1\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Expect: 100-continue\r\n",
        b"Upgrade: websocket\r\nConnection: upgrade\r\n",
        b"\r\n",
        b"abc",
        b"3\r\nabc\r\n0\r\n\r\n",
        b": novalue\r\n",
        b" folded\r\n",
    ]
)


@FUZZ
@given(st.lists(PIECES | st.binary(max_size=20), min_size=1, max_size=12))
def test_the_socket_never_hangs(loop: asyncio.AbstractEventLoop, server: Server, pieces: list[bytes]) -> None:
    answer = loop.run_until_complete(asyncio.wait_for(_talk(server.port, b"".join(pieces)), 10))
    for head in answer.split(b"HTTP/1.1 ")[1:]:
        assert head[:3].isdigit()
    healthy = loop.run_until_complete(
        asyncio.wait_for(_talk(server.port, b"GET /dev/none HTTP/1.1\r\nHost: a\r\n\r\n"), 10)
    )
    assert healthy.startswith(b"HTTP/1.1 403 ")


async def _talk(port: int, data: bytes) -> bytes:
    """What the server answers to these bytes until it closes, once the client has nothing more to say."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(data)
        writer.write_eof()
        return await reader.read(-1)
    except ConnectionError:
        return b""
    finally:
        writer.close()
