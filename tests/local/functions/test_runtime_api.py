"""The Runtime API as a runtime sees it: requests and answers byte by byte."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from parity.local.functions.runtime_api import MAX_PAYLOAD_BYTES, Invocation, RuntimeApi

EVENT = Invocation(
    request_id="8476a536-e9f4-11e8-9739-2dfe598c3fcd",
    payload=b'{"text": "\xc3\xa9"}',
    deadline_ms=1_542_409_706_888,
    function_arn="arn:aws:lambda:us-east-2:123456789012:function:custom-runtime",
    trace_id="Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1",
)


class Recorder:
    """Keeps what the runtime told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, bytes | None]] = []

    def on_next(self) -> None:
        self.told.append(("next", None))

    def on_response(self, body: bytes | None) -> None:
        self.told.append(("response", body))

    def on_error(self, body: bytes) -> None:
        self.told.append(("error", body))

    def on_init_error(self, body: bytes) -> None:
        self.told.append(("init error", body))


class Runtime:
    """A client with one connection, as a runtime has."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str) -> None:
        self.host = address
        self._reader = reader
        self._writer = writer

    def send(self, method: str, path: str, body: bytes = b"", headers: str = "") -> None:
        line = f"{method} /2018-06-01/runtime/{path} HTTP/1.1"
        head = f"{line}\r\nHost: {self.host}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
        self._writer.write(head.encode() + body)

    async def receive(self) -> tuple[int, dict[str, str], bytes]:
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode()
        status_line, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        body = await self._reader.readexactly(int(headers.get("content-length", "0")))
        return int(status_line.split()[1]), headers, body

    async def call(self, method: str, path: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
        self.send(method, path, body)
        return await self.receive()

    def close(self) -> None:
        self._writer.close()


@pytest.fixture
def events() -> Recorder:
    return Recorder()


@pytest.fixture
async def api(events: Recorder) -> AsyncIterator[RuntimeApi]:
    api = RuntimeApi(events)
    yield api
    api.close()


@pytest.fixture
async def runtime(api: RuntimeApi) -> AsyncIterator[Runtime]:
    host, port = (await api.listen()).split(":")
    runtime = Runtime(*await asyncio.open_connection(host, int(port)), api.address)
    yield runtime
    runtime.close()


async def test_next_waits_for_an_event_and_has_its_headers(api: RuntimeApi, runtime: Runtime, events: Recorder) -> None:
    runtime.send("GET", "invocation/next")
    while not events.told:
        await asyncio.sleep(0)
    api.deliver(EVENT)
    status, headers, body = await runtime.receive()
    assert (status, body) == (200, EVENT.payload)
    assert headers["lambda-runtime-aws-request-id"] == EVENT.request_id
    assert headers["lambda-runtime-deadline-ms"] == "1542409706888"
    assert headers["lambda-runtime-invoked-function-arn"] == EVENT.function_arn
    assert headers["lambda-runtime-trace-id"] == EVENT.trace_id
    assert "lambda-runtime-client-context" not in headers


async def test_an_event_that_comes_first_is_kept_for_next(api: RuntimeApi, runtime: Runtime) -> None:
    api.deliver(EVENT)
    assert api.queued is EVENT
    assert (await runtime.call("GET", "invocation/next"))[2] == EVENT.payload
    assert api.queued is None


@pytest.mark.parametrize("kind", ["response", "error"])
async def test_a_result_is_accepted_and_told(api: RuntimeApi, runtime: Runtime, events: Recorder, kind: str) -> None:
    api.deliver(EVENT)
    await runtime.call("GET", "invocation/next")
    status, _, body = await runtime.call("POST", f"invocation/{EVENT.request_id}/{kind}", b'{"a": 1}')
    assert (status, json.loads(body)) == (202, {"status": "OK"})
    assert events.told[-1] == (kind, b'{"a": 1}')


async def test_a_chunked_result_is_put_together(api: RuntimeApi, runtime: Runtime, events: Recorder) -> None:
    api.deliver(EVENT)
    await runtime.call("GET", "invocation/next")
    head = f"POST /2018-06-01/runtime/invocation/{EVENT.request_id}/response HTTP/1.1\r\nHost: {runtime.host}\r\n"
    runtime._writer.write(f"{head}Transfer-Encoding: chunked\r\n\r\n2\r\n[1\r\n2\r\n,2\r\n1\r\n]\r\n0\r\n\r\n".encode())
    assert (await runtime.receive())[0] == 202
    assert events.told[-1] == ("response", b"[1,2]")


async def test_a_result_that_is_too_long_is_refused(api: RuntimeApi, runtime: Runtime, events: Recorder) -> None:
    api.deliver(EVENT)
    await runtime.call("GET", "invocation/next")
    body = b"a" * (MAX_PAYLOAD_BYTES + 1)
    status, _, answer = await runtime.call("POST", f"invocation/{EVENT.request_id}/response", body)
    assert (status, json.loads(answer)["errorType"]) == (413, "RequestEntityTooLarge")
    assert events.told[-1] == ("response", None)


async def test_a_result_for_another_request_is_refused(api: RuntimeApi, runtime: Runtime, events: Recorder) -> None:
    api.deliver(EVENT)
    await runtime.call("GET", "invocation/next")
    status, _, body = await runtime.call("POST", "invocation/other/response", b"1")
    assert (status, json.loads(body)["errorType"]) == (400, "InvalidRequestID")
    assert events.told == [("next", None)]


async def test_next_is_refused_while_a_result_is_due(api: RuntimeApi, runtime: Runtime) -> None:
    api.deliver(EVENT)
    await runtime.call("GET", "invocation/next")
    status, _, body = await runtime.call("GET", "invocation/next")
    assert (status, json.loads(body)["errorType"]) == (403, "InvalidStateTransition")


async def test_an_init_error_is_told(runtime: Runtime, events: Recorder) -> None:
    assert (await runtime.call("POST", "init/error", b'{"errorType": "X"}'))[0] == 202
    assert events.told == [("init error", b'{"errorType": "X"}')]


async def test_an_unknown_operation_is_not_found(runtime: Runtime) -> None:
    assert (await runtime.call("GET", "restore/next"))[0] == 404


async def test_what_is_not_http_drops_the_connection(runtime: Runtime) -> None:
    runtime._writer.write(b"\x00\x01\x02\r\n\r\n")
    with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
        await runtime.receive()


async def test_a_client_that_expects_it_is_told_to_go_on(api: RuntimeApi, runtime: Runtime) -> None:
    runtime.send("POST", "init/error", b"{}", headers="Expect: 100-continue\r\n")
    assert (await runtime.receive())[0] == 100
    assert (await runtime.receive())[0] == 202


@pytest.mark.parametrize(
    ("host", "headers"),
    [
        ("attacker.example:{port}", ""),  # a page whose name leads to this machine: DNS rebinding
        ("127.0.0.1", ""),
        (None, "Origin: http://attacker.example\r\n"),  # a form, or fetch without CORS
        (None, "Referer: http://attacker.example/page\r\n"),
        (None, "Sec-Fetch-Mode: no-cors\r\n"),  # an image or a script
    ],
)
async def test_a_web_page_reaches_nothing(
    runtime: Runtime, api: RuntimeApi, events: Recorder, host: str | None, headers: str
) -> None:
    api.deliver(EVENT)
    own = runtime.host
    runtime.host = own if host is None else host.format(port=own.rpartition(":")[2])
    runtime.send("GET", "invocation/next", headers=headers)
    status, _, body = await runtime.receive()
    assert (status, json.loads(body)["errorType"]) == (403, "Forbidden")
    assert events.told == []
    runtime.host = own
    assert (await runtime.call("GET", "invocation/next"))[0] == 200  # the event is still there for the runtime


async def test_a_web_page_cannot_answer_for_the_function(runtime: Runtime, api: RuntimeApi, events: Recorder) -> None:
    api.deliver(EVENT)
    await runtime.call("GET", "invocation/next")
    runtime.send("POST", f"invocation/{EVENT.request_id}/response", b'"forged"', "Origin: null\r\n")
    assert (await runtime.receive())[0] == 403
    assert events.told == [("next", None)]
