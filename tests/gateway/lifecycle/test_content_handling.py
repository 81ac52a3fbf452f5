"""Binary media types and content handling, by the tables of the developer guide."""

import base64
import gzip
import zlib

import pytest

from parity.gateway.lifecycle.content_handling import BinaryMediaTypes, convert_request, convert_response
from parity.gateway.lifecycle.gateway_response import GatewayResponseError
from parity.gateway.model.definition import ContentHandling
from tests.gateway.support import Functions, answer, function, gateway, http, http_backend, rest_api, send

RAW = gzip.compress(b"bytes that are no UTF-8", mtime=0)
ENCODED = base64.b64encode(RAW)
LOSSY = RAW.decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("is_binary", "handling", "body", "converted"),
    [
        (False, None, RAW, LOSSY),
        (False, "CONVERT_TO_TEXT", RAW, LOSSY),
        (False, "CONVERT_TO_BINARY", ENCODED, RAW),
        (True, None, RAW, RAW),
        (True, "CONVERT_TO_BINARY", RAW, RAW),
        (True, "CONVERT_TO_TEXT", RAW, ENCODED.decode()),
    ],
)
def test_requests(is_binary: bool, handling: ContentHandling | None, body: bytes, converted: bytes | str) -> None:
    assert convert_request(body, is_binary, handling) == converted


@pytest.mark.parametrize(
    ("is_binary", "accepts_binary", "handling", "body", "converted"),
    [
        (False, False, None, RAW, LOSSY),
        (False, False, "CONVERT_TO_BINARY", ENCODED, RAW),
        (False, False, "CONVERT_TO_TEXT", RAW, LOSSY),
        (False, True, None, ENCODED, RAW),
        (False, True, "CONVERT_TO_BINARY", ENCODED, RAW),
        (False, True, "CONVERT_TO_TEXT", RAW, LOSSY),
        (True, False, None, RAW, ENCODED.decode()),
        (True, False, "CONVERT_TO_BINARY", RAW, RAW),
        (True, False, "CONVERT_TO_TEXT", RAW, ENCODED.decode()),
        (True, True, None, RAW, RAW),
        (True, True, "CONVERT_TO_BINARY", RAW, RAW),
        (True, True, "CONVERT_TO_TEXT", RAW, ENCODED.decode()),
    ],
)
def test_responses(
    is_binary: bool, accepts_binary: bool, handling: ContentHandling | None, body: bytes, converted: bytes | str
) -> None:
    assert convert_response(body, is_binary, accepts_binary, handling) == converted


@pytest.mark.parametrize("body", [RAW, b"this is a UTF8 text typed object"])
def test_text_that_is_no_base64_cannot_become_binary(body: bytes) -> None:
    with pytest.raises(GatewayResponseError, match="base64"):
        convert_request(body, False, "CONVERT_TO_BINARY")


def test_media_types_match_exactly_or_by_a_wildcard_on_the_right() -> None:
    some = BinaryMediaTypes(["image/png", "*/test", "application/*"])
    assert some.matches("image/png")
    assert some.matches("IMAGE/PNG; q=1, text/html")
    assert not some.matches("image/*")
    assert not some.matches("any/test")
    assert not some.matches("*/test")
    assert not some.matches("*/*")
    assert some.matches("application/*")
    assert some.matches("application/whatever, text/html")
    assert not some.matches("application")
    assert not some.matches(None)
    assert BinaryMediaTypes(["*/*"]).matches(None)
    assert not BinaryMediaTypes([]).matches("image/png")


async def test_a_template_cannot_be_given_bytes() -> None:
    async with http_backend() as backend:
        integration = http(
            backend.url, content_handling="CONVERT_TO_BINARY", request_templates={"application/json": "$input.body"}
        )
        served = gateway(rest_api({"/": integration}, binary_media_types=("image/png",)))
        as_json = await send(served, "PUT", headers={"Content-Type": "application/json"}, body=ENCODED)
        as_png = await send(served, "PUT", headers={"Content-Type": "image/png"}, body=RAW)
        await served.aclose()
    assert answer(as_json)[::2] == (500, '{"message":"Internal server error"}')
    assert as_png.response is not None
    assert as_png.response.status == 200
    assert [received.body for received in backend.requests] == [RAW]


@pytest.mark.parametrize(
    ("encoding", "body", "status"),
    [
        ("gzip", gzip.compress(b'{"a": 1}', mtime=0), 200),
        ("deflate", zlib.compress(b'{"a": 1}'), 200),
        ("identity", b'{"a": 1}', 200),
        ("br", b'{"a": 1}', 415),
        ("gzip", b"no gzip", 415),
        ("gzip", gzip.compress(b'{"a": 1}', mtime=0)[:-9], 415),
        ("gzip", gzip.compress(b"0" * 11_000_000, mtime=0), 413),
    ],
)
async def test_a_compressed_request_is_decompressed(encoding: str, body: bytes, status: int) -> None:
    """AWS's guide, "Call an API method with a compressed payload"; also of an API without a minimum compression size
    (serverless-http issue 194, serverless-offline issue 594).
    """
    functions = Functions()
    served = gateway(rest_api({"/": function()}), functions)
    exchange = await send(served, "PUT", headers={"Content-Encoding": encoding}, body=body)
    assert answer(exchange)[0] == status
    assert functions.events == ([{"a": 1}] if status == 200 else [])


async def test_a_large_answer_is_compressed_for_a_client_that_takes_it() -> None:
    async with http_backend() as backend:
        served = gateway(rest_api({"/": http(backend.url)}, minimum_compression_size=16))
        small = await send(served, "PUT", headers={"Accept-Encoding": "gzip"}, body="{}")
        plain = await send(served, "PUT", body='{"much": "text"}')
        smaller = await send(served, "PUT", headers={"Accept-Encoding": "gzip"}, body='{"such": "bit"}')
        large = await send(served, "PUT", headers={"Accept-Encoding": "br, gzip"}, body='{"much": "text"}')
        await served.aclose()
    assert "content-encoding" not in answer(small)[1]
    assert "content-encoding" not in answer(plain)[1]
    assert "content-encoding" not in answer(smaller)[1]
    assert large.response is not None
    assert ("Content-Encoding", "gzip") in large.response.headers
    assert gzip.decompress(large.response.body) == b'{"much": "text"}'
