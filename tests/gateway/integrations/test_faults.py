"""Backends that do not answer as they should: AWS's own gateway response, in time, and the next request is served."""

import asyncio

import pytest

from parity.gateway.model.quotas import MAX_PAYLOAD_BYTES
from tests.gateway.support import (
    Functions,
    Received,
    Script,
    answer,
    function,
    gateway,
    http,
    http_backend,
    reply,
    rest_api,
    send,
)

NETWORK_ERROR = (504, '{"message":"Network error communicating with endpoint"}')
TIMED_OUT = (504, '{"message":"Endpoint request timed out"}')
INTERNAL = (500, '{"message":"Internal server error"}')


async def resets(_: Received, writer: asyncio.StreamWriter) -> None:
    """Closes the connection without an answer."""
    writer.transport.abort()


async def stalls(_: Received, writer: asyncio.StreamWriter) -> None:
    """Never answers."""
    await asyncio.sleep(60)


async def stalls_in_the_body(_: Received, writer: asyncio.StreamWriter) -> None:
    """Answers half of what it announces."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    await asyncio.sleep(60)


async def speaks_garbage(_: Received, writer: asyncio.StreamWriter) -> None:
    """Answers what is no HTTP."""
    writer.write(b"\x00\x01SSH-2.0-OpenSSH_9.6\r\n\r\n")


async def sends_headers_without_end(_: Received, writer: asyncio.StreamWriter) -> None:
    """Sends header fields for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(1_000_000):
        writer.write(b"X-%d: %b\r\n" % (number, b"v" * 1000))
        await writer.drain()


async def sends_one_header_without_end(_: Received, writer: asyncio.StreamWriter) -> None:
    """Sends one header field for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\nX: ")
    for _number in range(1_000_000):
        writer.write(b"v" * 1000)
        await writer.drain()


async def announces_too_much(_: Received, writer: asyncio.StreamWriter) -> None:
    """Announces a body over the limit."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (MAX_PAYLOAD_BYTES + 1))


async def sends_too_much(_: Received, writer: asyncio.StreamWriter) -> None:
    """Sends a body over the limit, without saying so."""
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _number in range(11):
        writer.write(b"100000\r\n" + b"x" * 0x100000 + b"\r\n")
        await writer.drain()


async def closes_in_the_body(_: Received, writer: asyncio.StreamWriter) -> None:
    """Closes the connection before the body's end."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    await writer.drain()
    writer.close()


@pytest.mark.parametrize(
    ("misbehaves", "expected"),
    [
        (resets, NETWORK_ERROR),
        (stalls, TIMED_OUT),
        (stalls_in_the_body, TIMED_OUT),
        (speaks_garbage, NETWORK_ERROR),
        (sends_headers_without_end, NETWORK_ERROR),
        (sends_one_header_without_end, NETWORK_ERROR),
        (announces_too_much, INTERNAL),
        (sends_too_much, INTERNAL),
        (closes_in_the_body, NETWORK_ERROR),
    ],
)
async def test_an_http_backend_that_misbehaves(misbehaves: Script, expected: tuple[int, str]) -> None:
    async def script(received: Received, writer: asyncio.StreamWriter) -> None:
        await (reply("{}") if received.target == "/well" else misbehaves)(received, writer)

    timeout_ms = 300 if expected == TIMED_OUT else 20_000
    async with http_backend(script) as backend:
        api = rest_api(
            {"/ill": http(backend.url + "/ill", timeout_ms=timeout_ms), "/well": http(backend.url + "/well")}
        )
        served = gateway(api)
        await send(served, "POST", "/well")
        status, headers, text = answer(await send(served, "POST", "/ill"))
        assert ((status, text), headers["x-amzn-errortype"]) == (expected, "InternalServerErrorException")
        assert answer(await send(served, "POST", "/well"))[0] == 200
        await served.aclose()


async def test_an_http_backend_that_refuses_connections() -> None:
    async with http_backend() as backend:
        url = backend.url
    status, _, text = answer(await send(gateway(rest_api({"/": http(url)}))))
    assert (status, text) == NETWORK_ERROR


@pytest.mark.parametrize(
    "uri",
    ["http://no-such-host.invalid/", "nonsense", "http://host:99999/", "http://a b/", "http://a..b/", "ftp://host/"],
)
async def test_an_address_that_is_none(uri: str) -> None:
    status, _, text = answer(await send(gateway(rest_api({"/": http(uri)}))))
    assert (status, text) == INTERNAL


async def test_a_connection_that_the_backend_closed_meanwhile_is_opened_anew() -> None:
    async def answers_and_closes(received: Received, writer: asyncio.StreamWriter) -> None:
        await reply("{}")(received, writer)
        await writer.drain()
        writer.close()

    async with http_backend(answers_and_closes) as backend:
        served = gateway(rest_api({"/": http(backend.url, http_method="GET")}))
        assert [answer(await send(served))[0] for _ in range(4)] == [200] * 4
        await served.aclose()


@pytest.mark.parametrize("length", ["no length", "chunked", "interim"])
async def test_every_framing_of_a_body_is_read(length: str) -> None:
    async def script(_: Received, writer: asyncio.StreamWriter) -> None:
        if length == "no length":
            writer.write(b"HTTP/1.1 200 OK\r\n\r\nwhole")
            await writer.drain()
            writer.close()
        elif length == "chunked":
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nwh\r\n3\r\nole\r\n0\r\n\r\n")
        else:
            writer.write(
                b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole"
            )

    async with http_backend(script) as backend:
        served = gateway(rest_api({"/": http(backend.url)}))
        assert answer(await send(served))[2] == "whole"
        assert answer(await send(served))[2] == "whole"
        await served.aclose()


async def test_a_function_that_stalls_or_does_not_exist_or_answers_no_json() -> None:
    async def stall(_: object) -> None:
        await asyncio.sleep(60)

    served = gateway(rest_api({"/": function(timeout_ms=50)}), Functions(stall))
    assert answer(await send(served))[::2] == TIMED_OUT

    unknown = function(uri=function().uri.replace(":echo/", ":other/"))
    assert answer(await send(gateway(rest_api({"/": unknown}))))[::2] == INTERNAL

    served = gateway(rest_api({"/": function()}), Functions(lambda _: b"no json"))
    assert answer(await send(served))[::2] == (200, "no json")
