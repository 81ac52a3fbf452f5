"""The proxy integrations: the event of AWS_PROXY, its answer, and what HTTP_PROXY passes on."""

import zlib
from typing import Any

import pytest

from parity.gateway.model.definition import Stage
from tests.gateway.support import Functions, answer, function, gateway, http, http_backend, reply, rest_api, send

CALLER = {
    "tEsT-HEADeR": "aValUE",
    "User-Agent": "test",
    "Content-Encoding": "deflate",
    "Expect": "100-continue",
    "Via": "1.1 proxy",
}


def proxy(**settings: Any) -> Any:
    """An AWS_PROXY integration."""
    return function(type="AWS_PROXY", responses=(), **settings)


async def test_the_event_has_aws_form() -> None:
    functions = Functions(lambda _: {"statusCode": 200})
    served = gateway(rest_api({"/{proxy+}": proxy()}), functions)
    await send(served, "POST", "//a%2Bb/c/", query="k=x+y&k=2", headers=CALLER, body=zlib.compress(b'{"m": 1}'))
    event = functions.events[0]
    assert list(event) == [
        "resource",
        "path",
        "httpMethod",
        "headers",
        "multiValueHeaders",
        "queryStringParameters",
        "multiValueQueryStringParameters",
        "pathParameters",
        "stageVariables",
        "requestContext",
        "body",
        "isBase64Encoded",
    ]
    assert (event["resource"], event["path"], event["httpMethod"]) == ("/{proxy+}", "/a%2Bb/c/", "POST")
    assert event["pathParameters"] == {"proxy": "a%2Bb/c"}
    assert event["queryStringParameters"] == {"k": "2"}
    assert event["multiValueQueryStringParameters"] == {"k": ["x y", "2"]}
    assert event["headers"]["tEsT-HEADeR"] == "aValUE"
    assert event["multiValueHeaders"]["Via"] == ["1.1 proxy"]
    assert "Expect" not in event["headers"]
    assert {"X-Forwarded-For", "X-Forwarded-Port", "X-Forwarded-Proto", "X-Amzn-Trace-Id"} <= event["headers"].keys()
    assert (event["body"], event["isBase64Encoded"], event["stageVariables"]) == ('{"m": 1}', False, None)
    context = event["requestContext"]
    assert context["path"] == "/dev//a%2Bb/c/"
    assert (context["stage"], context["resourcePath"], context["identity"]["accountId"]) == ("dev", "/{proxy+}", None)
    assert (context["identity"]["sourceIp"], context["identity"]["userAgent"]) == ("127.0.0.1", "test")


async def test_a_body_that_is_not_utf_8_is_text_with_marks_in_place_of_its_bytes() -> None:
    functions = Functions(lambda _: {"statusCode": 200})
    await send(gateway(rest_api({"/": proxy()}), functions), "POST", body=b"a\xff")
    assert (functions.events[0]["body"], functions.events[0]["isBase64Encoded"]) == (
        "a\N{REPLACEMENT CHARACTER}",
        False,
    )


async def test_what_is_not_there_is_null() -> None:
    functions = Functions(lambda _: {"statusCode": 200})
    await send(gateway(rest_api({"/": proxy()}), functions, Stage(name="dev", variables={"a": "b"})))
    event = functions.events[0]
    assert [event[name] for name in ("queryStringParameters", "pathParameters", "body")] == [None, None, None]
    assert event["stageVariables"] == {"a": "b"}


@pytest.mark.parametrize(
    ("result", "status", "text"),
    [
        ({"statusCode": 200}, 200, ""),
        ({}, 200, ""),
        ({"headers": {"a": "b"}}, 200, ""),
        ({"statusCode": "201", "body": "x"}, 201, "x"),
        ({"statusCode": 200, "headers": None, "body": None}, 200, ""),
        ({"statusCode": 200, "body": "dGVzdA==", "isBase64Encoded": True}, 200, "dGVzdA=="),
    ],
)
async def test_answers_that_are_taken(result: Any, status: int, text: str) -> None:
    served = gateway(rest_api({"/": proxy()}), Functions(lambda _: result))
    got, headers, body = answer(await send(served))
    assert (got, body) == (status, text)
    assert headers["content-type"] == "application/json"
    assert "x-amzn-trace-id" in headers


@pytest.mark.parametrize(
    "result",
    [
        {"statusCode": 200, "wrongValue": 1},
        {"statusCode": "test"},
        {"statusCode": 200, "body": {"a": 1}},
        {"statusCode": 200, "multiValueHeaders": {"a": "b"}},
        {"statusCode": 200, "headers": ["a"]},
        "justAString",
        None,
        b"no json",
    ],
)
async def test_answers_that_are_malformed(result: Any) -> None:
    served = gateway(rest_api({"/": proxy()}), Functions(lambda _: result))
    status, headers, text = answer(await send(served))
    assert (status, text) == (502, '{"message": "Internal server error"}'.replace(": ", ":"))
    assert headers["x-amzn-errortype"] == "InternalServerErrorException"


async def test_a_function_that_raises_is_a_502() -> None:
    def handler(_: Any) -> None:
        raise ValueError("no")

    assert answer(await send(gateway(rest_api({"/": proxy()}), Functions(handler))))[0] == 502


async def test_headers_of_both_kinds_are_joined_under_the_first_spelling() -> None:
    result = {
        "multiValueHeaders": {"tesT-Multi": ["value-multi", "another"], "Set-Cookie": ["a=1", "b=2"], "none": []},
        "headers": {"test-multi": "value-solo", "bool": True, "Date": "yesterday"},
    }
    exchange = await send(gateway(rest_api({"/": proxy()}), Functions(lambda _: result)))
    assert exchange.response is not None
    sent = [field for field in exchange.response.headers if not field[0].lower().startswith("x-amz")]
    assert sent == [
        ("Content-Type", "application/json"),
        ("tesT-Multi", "value-multi, another, value-solo"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("bool", "true"),
    ]
    assert exchange.response.remapped == (("Date", "x-amzn-Remapped-Date"),)


async def test_a_method_other_than_post_is_an_error() -> None:
    assert answer(await send(gateway(rest_api({"/": proxy(http_method="GET")}))))[::2] == (
        500,
        '{"message":"Internal server error"}',
    )


@pytest.mark.parametrize(
    ("accept", "binary"), [("image/png", True), ("image/jpg", False), ("image/*", False), ("*/*", False)]
)
async def test_base64_is_decoded_for_the_exact_binary_media_type(accept: str, binary: bool) -> None:
    result = {"body": "dGVzdA==", "isBase64Encoded": True, "headers": {"Content-Type": "image/png"}}
    api = rest_api({"/": proxy()}, binary_media_types=("image/png", "*/test"))
    served = gateway(api, Functions(lambda _: result))
    assert answer(await send(served, headers={"Accept": accept}))[2] == ("test" if binary else "dGVzdA==")


async def test_http_proxy_passes_on_what_came_and_what_is_mapped() -> None:
    mappings = {
        "integration.request.header.headerVar": "method.request.header.foobar",
        "integration.request.path.qsVar": "method.request.querystring.testVar",
        "integration.request.path.pathVar": "method.request.path.pathVariable",
        "integration.request.querystring.queryString": "method.request.querystring.testQueryString",
        "integration.request.querystring.testQs": "method.request.querystring.testQueryString",
        "integration.request.querystring.testEmptyQs": "method.request.header.emptyheader",
    }
    async with http_backend() as backend:
        uri = backend.url + "?testVar={pathVar}&testQs={qsVar}"
        api = rest_api({"/{pathVariable}": http(uri, type="HTTP_PROXY", request_parameters=mappings, responses=())})
        served = gateway(api)
        headers = {**CALLER, "foobar": "mapped-value", "headerVar": "request-value"}
        await send(
            served,
            "PUT",
            "/foobar",
            query="testQueryString=foo&testVar=bar",
            headers=headers,
            body=zlib.compress(b"{}"),
        )
        await served.aclose()
    received = backend.requests[0]
    assert (received.method, received.body) == ("POST", b"{}")
    assert received.target == ("/?testVar=foobar&testQs=bar&testQueryString=foo&testVar=bar&queryString=foo&testQs=foo")
    assert received.header("headerVar") == "mapped-value"
    assert received.header("User-Agent") == "test"
    assert received.header("Content-Encoding") is None
    assert received.header("Via") is None
    assert received.header("Host") == backend.url.removeprefix("http://")
    assert [name for name, _ in received.headers].count("X-Amzn-Trace-Id") == 1


async def test_http_proxy_answers_with_the_backends_status_and_renamed_headers() -> None:
    fields = {"Server": "gunicorn", "X-Kept": "1", "x-amzn-RequestId": "other", "Content-Type": "text/plain"}
    async with http_backend(reply("gone", 410, fields)) as backend:
        served = gateway(rest_api({"/": http(backend.url, type="HTTP_PROXY", responses=())}))
        status, headers, text = answer(await send(served))
        await served.aclose()
    assert (status, text, headers["content-type"]) == (410, "gone", "text/plain")
    assert headers["x-amzn-remapped-server"] == "gunicorn"
    assert headers["x-amzn-remapped-x-amzn-requestid"] == "other"
    assert headers["x-amzn-remapped-content-length"] == "4"
    assert headers["x-kept"] == "1"
    assert "x-amzn-trace-id" not in headers
