"""Response transfer mode STREAM: response-transfer-mode.html and response-transfer-mode-lambda.html in AWS's guide."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from parity.gateway.checks.check import check
from parity.gateway.gateway import Gateway
from parity.gateway.integrations import compiled
from parity.gateway.integrations.lambda_stream import DELIMITER, MAX_METADATA_BYTES
from parity.gateway.integrations.piece_queue import MOST_WAITING_BYTES
from parity.gateway.model.backends import LambdaResult, LambdaUnavailableError, ResponseSink
from parity.gateway.model.definition import Integration, MethodSettings, RestApi, Stage
from parity.gateway.model.quotas import MAX_PAYLOAD_BYTES
from parity.gateway.server.server import Server
from tests.gateway.support import (
    FUNCTION_URI,
    Functions,
    Received,
    answer,
    gateway,
    http_backend,
    method,
    rest_api,
    send,
)

STREAMING_URI = FUNCTION_URI.replace("2015-03-31", "2021-11-15").replace(
    "/invocations", "/response-streaming-invocations"
)


def http_proxy(url: str, **settings: Any) -> RestApi:
    stream = {"type": "HTTP_PROXY", "uri": url, "http_method": "GET", "response_transfer_mode": "STREAM"}
    return rest_api({"/": Integration(**{**stream, **settings})})


def lambda_proxy(**settings: Any) -> RestApi:
    integration = Integration(
        **{"type": "AWS_PROXY", "uri": STREAMING_URI, "response_transfer_mode": "STREAM", **settings}
    )
    return rest_api({"/": method(integration)})


@asynccontextmanager
async def connected(served: Gateway) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A client's connection to a server of the gateway."""
    server = Server({"dev": served})
    await server.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        await server.stop(grace=0.1)


async def head_of(reader: asyncio.StreamReader) -> dict[str, str]:
    """The status and the header fields of an answer, by lower-case name."""
    lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:] if line)}
    return {"status": lines[0].split()[1], **fields}


async def chunk_of(reader: asyncio.StreamReader) -> bytes:
    """The next chunk of an answer's body; empty for the last one."""
    size = int(await reader.readline(), 16)
    return (await reader.readexactly(size + 2))[:-2]


GET = b"GET /dev HTTP/1.1\r\nHost: localhost\r\n\r\n"


async def test_a_piece_reaches_the_client_before_the_backend_sends_the_next() -> None:
    received = asyncio.Event()

    async def script(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        writer.write(b"3\r\none\r\n")
        await received.wait()
        writer.write(b"3\r\ntwo\r\n0\r\n\r\n")

    async with http_backend(script) as backend, connected(gateway(http_proxy(backend.url))) as (reader, writer):
        writer.write(GET)
        head = await head_of(reader)
        assert await chunk_of(reader) == b"one"
        received.set()
        assert [await chunk_of(reader), await chunk_of(reader)] == [b"two", b""]
        writer.write(GET)
        assert (await head_of(reader))["status"] == "200"
    assert (head["status"], head["content-type"]) == ("200", "text/event-stream")
    assert head["transfer-encoding"] == "chunked"
    assert "content-length" not in head


async def test_a_stream_may_be_larger_than_a_payload() -> None:
    piece = b"x" * (1024 * 1024)
    count = MAX_PAYLOAD_BYTES // len(piece) + 2

    async def script(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {count * len(piece)}\r\n\r\n".encode())
        for _number in range(count):
            writer.write(piece)
            await writer.drain()

    async with http_backend(script) as backend, connected(gateway(http_proxy(backend.url))) as (reader, writer):
        writer.write(GET)
        await head_of(reader)
        size = 0
        while piece_received := await chunk_of(reader):
            size += len(piece_received)
    assert size == count * len(piece)


async def test_a_status_without_body_is_not_sent_in_chunks() -> None:
    async def script(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n")

    async with http_backend(script) as backend, connected(gateway(http_proxy(backend.url))) as (reader, writer):
        writer.write(GET)
        head = await head_of(reader)
        assert await reader.read() == b""
    assert (head["status"], head["x-a"], head["connection"]) == ("204", "b", "close")
    assert "transfer-encoding" not in head


async def test_a_stream_that_breaks_off_ends_the_client_s_connection() -> None:
    async def script(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
        await writer.drain()
        writer.close()

    async with http_backend(script) as backend, connected(gateway(http_proxy(backend.url))) as (reader, writer):
        writer.write(GET)
        await head_of(reader)
        assert await chunk_of(reader) == b"abc"
        assert await reader.read() == b""


async def test_a_stream_that_outlasts_the_timeout_breaks_off() -> None:
    async def script(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
        await asyncio.sleep(30)

    async with (
        http_backend(script) as backend,
        connected(gateway(http_proxy(backend.url, timeout_ms=200))) as (reader, writer),
    ):
        writer.write(GET)
        await head_of(reader)
        assert await chunk_of(reader) == b"abc"
        assert await reader.read() == b""


async def test_a_backend_that_is_silent_for_long_breaks_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """30 seconds at an edge-optimized endpoint, 5 minutes at others."""
    monkeypatch.setattr(compiled, "MAX_EDGE_STREAM_SILENCE_SECONDS", 0.1)

    async def script(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
        await asyncio.sleep(30)

    async with http_backend(script) as backend:
        api = replace(http_proxy(backend.url), edge_optimized=True)
        async with connected(gateway(api)) as (reader, writer):
            writer.write(GET)
            await head_of(reader)
            assert await chunk_of(reader) == b"abc"
            assert await reader.read() == b""


async def test_a_body_without_length_ends_with_the_connection() -> None:
    async def script(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nabc")
        await writer.drain()
        writer.close()

    async with http_backend(script) as backend, connected(gateway(http_proxy(backend.url))) as (reader, writer):
        writer.write(GET)
        await head_of(reader)
        assert [await chunk_of(reader), await chunk_of(reader)] == [b"abc", b""]


async def test_no_answer_in_time_is_a_504_and_the_backend_is_left() -> None:
    left = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()  # to the connection's end
        left.set()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        exchange = await send(gateway(http_proxy(url, timeout_ms=100)))
        assert answer(exchange)[0] == 504
        async with asyncio.timeout(10):
            await left.wait()


async def test_an_endpoint_that_does_not_answer_is_a_504() -> None:
    assert answer(await send(gateway(http_proxy("http://127.0.0.1:9/"))))[0] == 504


async def test_a_head_request_has_no_body() -> None:
    async def script(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nX-A: b\r\n\r\n")

    async with http_backend(script) as backend:
        api = http_proxy(backend.url, http_method="HEAD")
        async with connected(gateway(api)) as (reader, writer):
            writer.write(b"HEAD /dev HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            head = await head_of(reader)
            rest = await reader.read()
    assert (head["x-a"], rest) == ("b", b"")


def streamed(metadata: Any, body: bytes = b"") -> Functions:
    """A function that answers metadata, delimiter and body."""
    text = metadata if isinstance(metadata, bytes) else json.dumps(metadata).encode()
    return Functions(lambda event: text + DELIMITER + body)


async def whole(served: Gateway) -> tuple[dict[str, str], bytes]:
    """Head and body of a streamed answer."""
    async with connected(served) as (reader, writer):
        writer.write(GET)
        head = await head_of(reader)
        body = b""
        while piece := await chunk_of(reader):
            body += piece
    return head, body


async def test_a_function_s_metadata_becomes_status_and_headers() -> None:
    metadata = {
        "statusCode": 201,
        "headers": {"X-A": "b", "Content-Type": "text/plain"},
        "multiValueHeaders": {"X-M": ["1", "2"]},
        "cookies": ["a=1"],
    }
    head, body = await whole(gateway(lambda_proxy(), streamed(metadata, b"\x00\xffraw")))
    assert (head["status"], head["x-a"], head["x-m"], head["set-cookie"]) == ("201", "b", "1, 2", "a=1")
    assert (head["content-type"], head["transfer-encoding"], body) == ("text/plain", "chunked", b"\x00\xffraw")


async def test_the_event_is_that_of_a_proxy_integration() -> None:
    functions = streamed({})
    await send(gateway(lambda_proxy(), functions), query="a=b")
    assert functions.events[0]["queryStringParameters"] == {"a": "b"}


@pytest.mark.parametrize(
    "output",
    [
        b'{"statusCode": 200, "body": "x"}',
        b"plain" + DELIMITER + b"x",
        b'{"statusCode": 200, "body": "x"}' + DELIMITER,
        b'{"statusCode": 9999}' + DELIMITER,
        b'{"cookies": "a=1"}' + DELIMITER,
        b'{"headers": {"X": "' + b"y" * MAX_METADATA_BYTES + b'"}}' + DELIMITER,
        b"[]" + DELIMITER,
    ],
)
async def test_another_form_is_a_502(output: bytes) -> None:
    status, _, body = answer(await send(gateway(lambda_proxy(), Functions(lambda event: output))))
    assert (status, json.loads(body)) == (502, {"message": "Internal server error"})


async def test_a_function_that_raises_is_a_502() -> None:
    assert answer(await send(gateway(lambda_proxy(), Functions(lambda event: 1 / 0))))[0] == 502


class Source(asyncio.ReadTransport):
    """Where a function's pieces come from; it keeps whether it is paused."""

    def __init__(self) -> None:
        super().__init__()
        self.paused = False

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False

    def is_reading(self) -> bool:
        return not self.paused

    def is_closing(self) -> bool:
        return False


Script = Callable[[Callable[[bytes], None]], Awaitable[LambdaResult]]


class StreamingFunctions(Functions):
    """A function that writes its response as a script says; the script gets what writes a piece."""

    def __init__(self, script: Script) -> None:
        super().__init__()
        self._script = script
        self.source = Source()

    async def invoke(
        self, function_arn: str, payload: bytes, *, asynchronous: bool = False, sink: ResponseSink | None = None
    ) -> LambdaResult:
        assert sink is not None
        taking = sink
        return await self._script(lambda piece: taking.take(piece, self.source))


METADATA = json.dumps({"statusCode": 201}).encode() + DELIMITER


async def test_what_a_function_writes_reaches_the_client_before_it_is_done() -> None:
    received = asyncio.Event()

    async def script(write: Callable[[bytes], None]) -> LambdaResult:
        write(METADATA[:4])
        write(METADATA[4:] + b"one")
        await received.wait()
        write(b"two")
        return LambdaResult(payload=b"")

    async with connected(gateway(lambda_proxy(), StreamingFunctions(script))) as (reader, writer):
        writer.write(GET)
        assert (await head_of(reader))["status"] == "201"
        assert await chunk_of(reader) == b"one"
        received.set()
        assert [await chunk_of(reader), await chunk_of(reader)] == [b"two", b""]


async def test_a_function_that_fails_while_it_writes_breaks_the_stream_off() -> None:
    async def script(write: Callable[[bytes], None]) -> LambdaResult:
        write(METADATA + b"one")
        return LambdaResult(payload=b"{}", function_error="Unhandled")

    async with connected(gateway(lambda_proxy(), StreamingFunctions(script))) as (reader, writer):
        writer.write(GET)
        await head_of(reader)
        assert await chunk_of(reader) == b"one"
        assert await reader.read() == b""  # without a last chunk


async def test_a_function_that_is_silent_for_too_long_breaks_the_stream_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "MAX_STREAM_SILENCE_SECONDS", 0.05)

    async def script(write: Callable[[bytes], None]) -> LambdaResult:
        write(METADATA + b"one")
        await asyncio.sleep(30)
        return LambdaResult(payload=b"")

    async with connected(gateway(lambda_proxy(), StreamingFunctions(script))) as (reader, writer):
        writer.write(GET)
        await head_of(reader)
        assert await chunk_of(reader) == b"one"
        assert await reader.read() == b""


async def test_no_metadata_in_time_is_a_504() -> None:
    async def script(write: Callable[[bytes], None]) -> LambdaResult:
        write(METADATA[:5])
        await asyncio.sleep(30)
        return LambdaResult(payload=b"")

    exchange = await send(gateway(lambda_proxy(timeout_ms=50), StreamingFunctions(script)))
    assert answer(exchange)[0] == 504


async def test_a_function_that_is_faster_than_the_client_is_paused() -> None:
    async def script(write: Callable[[bytes], None]) -> LambdaResult:
        write(METADATA + b"one")
        write(b"x" * (MOST_WAITING_BYTES + 1))
        return LambdaResult(payload=b"")

    functions = StreamingFunctions(script)
    exchange = await send(gateway(lambda_proxy(), functions))
    assert functions.source.paused
    assert exchange.stream is not None
    assert sum([len(piece) async for piece in exchange.stream]) == MOST_WAITING_BYTES + 4
    assert not functions.source.paused


async def test_a_throttled_function_is_a_500() -> None:
    async def script(_: Callable[[bytes], None]) -> LambdaResult:
        raise LambdaUnavailableError("TooManyRequestsException", status=429)

    exchange = await send(gateway(lambda_proxy(), StreamingFunctions(script)))
    assert answer(exchange)[0] == 500


async def test_a_stream_is_neither_cached_nor_compressed() -> None:
    functions = streamed({"headers": {"Content-Type": "text/plain"}}, b"a" * 2000)
    cached = Stage(
        name="dev", cache_cluster_enabled=True, method_settings={"/ANY": MethodSettings(caching_enabled=True)}
    )
    api = rest_api(
        {"/": Integration(type="AWS_PROXY", uri=STREAMING_URI, response_transfer_mode="STREAM")},
        minimum_compression_size=0,
    )
    served = gateway(api, functions, cached)
    for _ in range(2):
        _, headers, _ = answer(await send(served, headers={"Accept-Encoding": "gzip"}))
        assert "content-encoding" not in headers
    assert len(functions.events) == 2


@pytest.mark.parametrize(
    ("api", "message"),
    [
        (lambda_proxy(uri=FUNCTION_URI), "not that of the function's response streaming"),
        (lambda_proxy(response_transfer_mode="BUFFERED"), "the answer is not to be streamed"),
        (lambda_proxy(timeout_ms=900_001), "out of range"),
        (
            rest_api({"/": Integration(type="MOCK", response_transfer_mode="STREAM")}),
            "not for an integration of type MOCK",
        ),
    ],
)
def test_settings_that_cannot_be_meant(api: RestApi, message: str) -> None:
    assert [problem.what for problem in check(api, Stage(name="dev")) if message in problem.what]


@pytest.mark.parametrize("api", [lambda_proxy(timeout_ms=900_000), http_proxy("http://a.test", timeout_ms=600_000)])
def test_settings_that_can_be_meant(api: RestApi) -> None:
    assert not [
        problem for problem in check(api, Stage(name="dev")) if "timeout" in problem.what or "stream" in problem.what
    ]
