"""Backends that answer what HTTP does not allow: the request ends with AWS's 5xx, and no other request is harmed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from parity.gateway.integrations.http_client import HttpClient
from parity.gateway.integrations.http_connection import BackendError, PayloadTooLargeError
from parity.gateway.model.quotas import MAX_PAYLOAD_BYTES

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
Writer = asyncio.StreamWriter


@asynccontextmanager
async def backend(answer: Callable[[Writer], Awaitable[None]]) -> AsyncIterator[str]:
    """A backend that reads each request's head, then answers as it likes."""

    async def serve(reader: asyncio.StreamReader, writer: Writer) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                await answer(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()


async def get(client: HttpClient, url: str, method: str = "GET") -> tuple[int, bytes]:
    """The status and body of one request."""
    status, _, body = await client.send(method, url, (), b"", 10)
    return status, body


async def endless(writer: Writer, opening: bytes, piece: bytes) -> None:
    writer.write(opening)
    for _ in range(200):
        writer.write(piece)
        await writer.drain()


@pytest.mark.parametrize(
    ("opening", "piece"),
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 65_536, id="a header line"),
        pytest.param(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000, id="interim answers"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX: ", b"x" * 65_536, id="a trailer"
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"x" * 65_536, id="a chunk's extension"
        ),
    ],
)
async def test_an_answer_without_end_is_given_up(opening: bytes, piece: bytes) -> None:
    client = HttpClient()
    async with backend(lambda writer: endless(writer, opening, piece)) as url:
        with pytest.raises(BackendError, match="larger than 65536 bytes"):
            await get(client, url)
    await client.aclose()


async def test_what_follows_an_answer_is_not_taken_for_the_next_one() -> None:
    smuggled = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled"

    async def answer(writer: Writer) -> None:
        writer.write(OK + smuggled)
        await writer.drain()

    client = HttpClient()
    async with backend(answer) as url:
        assert [await get(client, url) for _ in range(3)] == [(200, b"ok")] * 3
    await client.aclose()


async def test_ten_megabytes_pass_and_one_byte_more_does_not() -> None:
    size = MAX_PAYLOAD_BYTES

    async def answer(writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * size)
        await writer.drain()
        writer.close()

    client = HttpClient()
    async with backend(answer) as url:
        status, body = await get(client, url)
        assert (status, len(body)) == (200, MAX_PAYLOAD_BYTES)
        size += 1
        with pytest.raises(PayloadTooLargeError):
            await get(client, url)
    await client.aclose()


async def test_a_request_that_may_have_been_done_is_not_sent_again() -> None:
    seen = 0

    async def answer_once(writer: Writer) -> None:
        nonlocal seen
        seen += 1
        if seen == 2:
            writer.close()  # after the request was read: the backend may have acted on it
            return
        writer.write(OK)

    client = HttpClient()
    async with backend(answer_once) as url:
        assert await get(client, url, "POST") == (200, b"ok")
        with pytest.raises(BackendError):
            await get(client, url, "POST")
    assert seen == 2
    await client.aclose()


async def test_a_request_is_not_sent_again_once_its_answer_has_begun() -> None:
    seen = 0

    async def answer(writer: Writer) -> None:
        nonlocal seen
        seen += 1
        if seen == 2:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-")
            await writer.drain()
            writer.close()
            return
        writer.write(OK)

    client = HttpClient()
    async with backend(answer) as url:
        assert await get(client, url) == (200, b"ok")
        with pytest.raises(BackendError):
            await get(client, url)
    assert seen == 2
    await client.aclose()
