"""Clients that mean harm, on the wire: each is refused in bounded time and memory; others are answered meanwhile."""

import asyncio

import pytest

from parity.gateway.server.hosts import AcceptedHosts
from tests.gateway.server.test_server import echo_api, request, serving, talk

MANY = b"x" * 65_536


async def fill(port: int, opening: bytes, piece: bytes, most: int = 200) -> tuple[int, bytes]:
    """Sends an opening, then the same piece again and again; how many went out, and the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(opening)
    sent = 0
    answer = b""
    try:
        while sent < most and not answer:
            writer.write(piece)
            await writer.drain()
            sent += 1
            try:
                answer = await asyncio.wait_for(reader.read(4096), 0.01)
            except TimeoutError:
                continue
            break
        else:
            answer = await asyncio.wait_for(reader.read(4096), 10)
    except ConnectionError:
        answer = answer or b"(reset)"
    writer.close()
    return sent, answer


@pytest.mark.parametrize(
    ("opening", "piece"),
    [
        pytest.param(b"GET /dev/a HTTP/1.1\r\nX-Endless: ", MANY, id="one header line"),
        pytest.param(b"GET /dev/a HTTP/1.1\r\nHost: a\r\n", b"X-A: " + b"v" * 60_000 + b"\r\n", id="header lines"),
        pytest.param(b"GET /", MANY, id="the request target"),
        pytest.param(b"", b"\r\n" * 32_768, id="empty lines before a request"),
        pytest.param(
            b"POST /dev/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-T: ",
            MANY,
            id="a trailer",
        ),
        pytest.param(
            b"POST /dev/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1;",
            MANY,
            id="a chunk's extension",
        ),
    ],
)
async def test_what_never_ends_is_cut_off(opening: bytes, piece: bytes) -> None:
    async with serving({"dev": echo_api()}) as server:
        sent, answer = await fill(server.port, opening, piece)
        assert sent < 40, "megabytes were taken"
        assert answer.startswith((b"HTTP/1.1 4", b"(reset)"))
        assert [found[0] for found in await talk(server, request("GET /dev/a"))] == [200]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"GET /dev/a\r\n\r\n", id="HTTP/0.9"),
        pytest.param(b"GET /dev/a HTTP/0.9\r\n\r\n", id="HTTP/0.9 by name"),
        pytest.param(
            b"POST /dev/a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", id="chunks in HTTP/1.0"
        ),
        pytest.param(
            b"POST /dev/a HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            id="a length and chunks",
        ),
    ],
)
async def test_ambiguous_requests_are_refused(data: bytes) -> None:
    async with serving({"dev": echo_api()}) as server:
        [(status, headers, _)] = await talk(server, data)
    assert (status, headers["connection"]) == (400, "close")


async def test_a_trailer_does_not_become_a_header() -> None:
    chunked = request("POST /dev/a", "Transfer-Encoding: chunked", body="2\r\n{}\r\n0\r\nX-Trailer: 1\r\n\r\n")
    async with serving({"dev": echo_api()}) as server:
        [(status, _, body)] = await talk(server, chunked)
    assert status == 200
    assert b"X-Trailer" not in body


async def test_a_request_that_trickles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parity.gateway.server.protocol._HEAD_SECONDS", 0.2)
    monkeypatch.setattr("parity.gateway.server.server._KEEP_ALIVE_SECONDS", 0.15)
    async with serving({"dev": echo_api()}) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET /dev/a HTTP/1.1\r\nX: ")
        ended = asyncio.ensure_future(reader.read())
        for _ in range(100):  # steady enough for the idle timeout, too slow for the head's
            if ended.done():
                break
            writer.write(b"x")
            await asyncio.sleep(0.05)
        assert ended.done()
        writer.close()


async def test_a_web_page_cannot_rebind_its_name_to_the_server() -> None:
    async with serving({"dev": echo_api()}) as server:
        rebound = b"GET /dev/a HTTP/1.1\r\nHost: attacker.example:80\r\nOrigin: http://attacker.example\r\n\r\n"
        [(status, headers, body)] = await talk(server, rebound)
        assert (status, body) == (403, b'{"message":"Forbidden"}')
        assert headers["connection"] == "close"


@pytest.mark.parametrize(
    ("host", "accepted"),
    [
        ("localhost:8080", True),
        ("127.0.0.1", True),
        ("[::1]:80", True),
        ("api.localhost", True),
        ("abc123.execute-api.us-east-1.amazonaws.com", True),
        ("shop.example.com", True),
        ("attacker.example", False),
        ("127.0.0.1.attacker.example", False),
        ("amazonaws.com.attacker.example", False),
    ],
)
def test_the_hosts_that_a_server_on_the_loopback_interface_answers(host: str, accepted: bool) -> None:
    assert AcceptedHosts("127.0.0.1", ["shop.example.com"]).accepts(host) is accepted


def test_a_server_that_others_can_reach_answers_every_host() -> None:
    assert AcceptedHosts("0.0.0.0").accepts("anything.example")
