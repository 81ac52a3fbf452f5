"""The server: what goes over the wire, and what does not get as far as a gateway."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from parity.gateway.gateway import Gateway
from parity.gateway.model.definition import IntegrationResponse
from parity.gateway.server.server import Server
from tests.gateway.support import Functions, function, gateway, mock, rest_api


@asynccontextmanager
async def serving(gateways: dict[str, Gateway], record: int = 0) -> AsyncIterator[Server]:
    """Runs a server on a free port."""
    server = Server(gateways, record=record)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def talk(server: Server, data: bytes, answers: int = 1) -> list[tuple[int, dict[str, str], bytes]]:
    """Sends bytes over a new connection and reads answers; fewer when the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(data)
    read = []
    try:
        for _ in range(answers):
            head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)).decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            without_body = data.startswith(b"HEAD")
            body = b"" if without_body else await reader.readexactly(int(headers.get("content-length", "0")))
            read.append((int(head[0].split(" ")[1]), headers, body))
    except asyncio.IncompleteReadError:
        pass
    finally:
        writer.close()
    return read


def echo_api() -> Gateway:
    """An API that answers with headers and path as its template sees them."""
    template = '{"header": {#foreach($n in $input.params().header.keySet())"$n": 1#if($foreach.hasNext),#end#end}}'
    return gateway(rest_api({"/{proxy+}": function(request_templates={"application/json": template})}))


def request(line: str, *headers: str, body: str = "") -> bytes:
    """A request over the wire."""
    return "\r\n".join([f"{line} HTTP/1.1", "Host: localhost", *headers, "", ""]).encode() + body.encode()


async def test_header_names_keep_their_case() -> None:
    async with serving({"dev": echo_api()}) as server:
        [(status, _, body)] = await talk(server, request("GET /dev/a", "tEsT-HeAdEr: 1"))
    assert status == 200
    assert "tEsT-HeAdEr" in json.loads(body)["header"]


@pytest.mark.parametrize("path", ["/", "/nope/a", "/nope"])
async def test_an_unknown_stage_is_forbidden(path: str) -> None:
    async with serving({"dev": echo_api()}) as server:
        [(status, headers, body)] = await talk(server, request(f"GET {path}"))
    assert (status, body) == (403, b'{"message":"Forbidden"}')
    assert headers["x-amzn-errortype"] == "ForbiddenException"


@pytest.mark.parametrize(
    ("target", "status"), [("/dev/a", 200), ("//dev//a", 200), ("/dev", 403), ("http://localhost/dev/a?q", 200)]
)
async def test_the_stage_is_taken_off_the_path(target: str, status: int) -> None:
    async with serving({"dev": echo_api()}) as server:
        assert [answer[0] for answer in await talk(server, request(f"GET {target}"))] == [status]


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense\r\n\r\n",
        b"GET /dev/a HTTP/1.1\r\nHost: a\r\nBad Header\r\n\r\n",
        b"GET /dev/a HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"POST /dev/a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
async def test_what_is_no_http_is_a_bad_request_in_awss_shape(data: bytes) -> None:
    async with serving({"dev": echo_api()}) as server:
        [(status, headers, body)] = await talk(server, data)
        assert (status, body) == (400, b'{"message":"Bad Request"}')
        assert headers["connection"] == "close"
        assert [answer[0] for answer in await talk(server, request("GET /dev/a"))] == [200]


async def test_headers_without_end_are_cut_off() -> None:
    async with serving({"dev": echo_api()}) as server:
        [(status, _, body)] = await talk(server, request("GET /dev/a", *(f"X-{n}: {'v' * 1000}" for n in range(100))))
    assert (status, body) == (431, b'{"message":"HTTP header is larger than 10240 bytes."}')


async def test_pipelined_requests_are_answered_in_their_order() -> None:
    async def slow_first(event: dict[str, str]) -> dict[str, str]:
        await asyncio.sleep(0.05 if event["n"] == "0" else 0)
        return event

    api = rest_api({"/{n}": function(request_templates={"application/json": """{"n": "$input.params('n')"}"""})})
    async with serving({"dev": gateway(api, Functions(slow_first))}) as server:
        answers = await talk(server, b"".join(request(f"GET /dev/{n}") for n in range(5)), 5)
    assert [json.loads(body)["n"] for _, _, body in answers] == list("01234")


async def test_head_has_the_length_and_no_body_and_204_neither() -> None:
    responses = (IntegrationResponse(status_code="200", response_templates={"application/json": "{}"}),)
    nothing = (IntegrationResponse(status_code="204"),)
    api = rest_api({"/some": mock(responses=responses), "/none": mock(responses=nothing)})
    async with serving({"dev": gateway(api)}) as server:
        [(_, headers, _)] = await talk(server, request("HEAD /dev/some"))
        assert headers["content-length"] == "2"
        [(status, headers, _)] = await talk(server, request("GET /dev/none"))
        assert status == 204
        assert "content-length" not in headers


async def test_the_answer_to_head_is_followed_by_the_next_answer_at_once() -> None:
    responses = (IntegrationResponse(status_code="200", response_templates={"application/json": "{}"}),)
    async with serving({"dev": gateway(rest_api({"/some": mock(responses=responses)}))}) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(request("HEAD /dev/some") + request("GET /dev/some", "Connection: close"))
        first, second, *rest = (await asyncio.wait_for(reader.read(), 10)).split(b"HTTP/1.1 200")[1:]
        writer.close()
    assert rest == []
    assert first.endswith(b"\r\n\r\n")
    assert second.endswith(b"\r\n\r\n{}")


async def test_a_client_that_expects_100_continue_gets_it() -> None:
    async with serving({"dev": echo_api()}) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(request("POST /dev/a", "Expect: 100-continue", "Content-Length: 2"))
        assert await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10) == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"{}")
        assert (await asyncio.wait_for(reader.readline(), 10)).startswith(b"HTTP/1.1 200")
        writer.close()


async def test_a_mapped_header_cannot_break_the_response_apart() -> None:
    mapped = {"method.response.header.X-A": "integration.response.body.a"}
    responses = (IntegrationResponse(status_code="200", response_parameters=mapped),)
    api = rest_api({"/": function(responses=responses)})
    async with serving({"dev": gateway(api, Functions(lambda _: {"a": "1\r\nX-B: 2\r\n\r\n"}))}) as server:
        [(status, headers, _)] = await talk(server, request("GET /dev/"))
    assert status == 200
    assert headers["x-a"].split() == ["1", "X-B:", "2"]
    assert "x-b" not in headers


async def test_gateways_are_swapped_while_requests_are_under_way() -> None:
    release = asyncio.Event()

    async def waits(_: object) -> str:
        await release.wait()
        return "old"

    api = rest_api({"/": function()})
    async with serving({"dev": gateway(api, Functions(waits))}) as server:
        under_way = asyncio.create_task(talk(server, request("GET /dev/")))
        while not server.gateways["dev"]._active:
            await asyncio.sleep(0.001)
        swapped = asyncio.create_task(server.swap({"dev": gateway(api, Functions(lambda _: "new"))}))
        await asyncio.sleep(0)
        assert [body for _, _, body in await talk(server, request("GET /dev/"))] == [b'"new"']
        assert not swapped.done()
        release.set()
        assert [body for _, _, body in await under_way] == [b'"old"']
        await swapped


async def test_the_last_exchanges_are_kept() -> None:
    async with serving({"dev": gateway(rest_api({"/": mock()}))}, record=2) as server:
        answers = await talk(server, request("GET /dev/") * 3, 3)
        kept = [headers["x-amzn-requestid"] in server.exchanges for _, headers, _ in answers]
    assert kept == [False, True, True]


async def test_stopping_lets_a_request_finish() -> None:
    async def waits(_: object) -> str:
        await asyncio.sleep(0.05)
        return "done"

    server = Server({"dev": gateway(rest_api({"/": function()}), Functions(waits))})
    await server.start()
    under_way = asyncio.create_task(talk(server, request("GET /dev/")))
    while not server.gateways["dev"]._active:
        await asyncio.sleep(0.001)
    await server.stop()
    [(status, headers, body)] = await under_way
    assert (status, body, headers["connection"]) == (200, b'"done"', "close")


@pytest.mark.parametrize("sent", [b"", b"GET /dev/a HTTP/1.1\r\nHost: a\r\n", request("GET /dev/a")])
async def test_a_quiet_connection_is_closed_in_time(sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parity.gateway.server.server._KEEP_ALIVE_SECONDS", 0.05)
    async with serving({"dev": echo_api()}) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(sent)
        answer = await asyncio.wait_for(reader.read(), 10)
        assert answer.startswith(b"HTTP/1.1 200") == sent.endswith(b"\r\n\r\n")
        writer.close()
