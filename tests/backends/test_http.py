"""The echo service, as a process of its own, as its image runs it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "backend_http"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def start(port: int) -> subprocess.Popen[bytes]:
    """Starts the service and waits until it accepts connections."""
    environment = {**os.environ, "HOST": "127.0.0.1", "PORT": str(port)}
    process = subprocess.Popen([sys.executable, "app.py"], cwd=SOURCE, env=environment, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.02)
        else:
            return process
    raise AssertionError(f"the service ended with {process.returncode}")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a running service."""
    number = free_port()
    process = start(number)
    yield number
    process.terminate()
    process.wait(10)


def send(
    port: int, method: str, target: str, body: bytes = b"", headers: list[tuple[str, str]] | None = None
) -> tuple[int, dict[str, str], bytes]:
    """Sends one request as it stands; returns status, headers in lower case, and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest(method, target, skip_accept_encoding=True)
    for name, value in [*(headers or []), ("Content-Length", str(len(body)))]:
        connection.putheader(name, value)
    connection.endheaders(body)
    response = connection.getresponse()
    answer = response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    connection.close()
    return answer


def echoed(port: int, method: str, target: str, body: bytes = b"", **options: Any) -> dict[str, Any]:
    status, headers, answer = send(port, method, target, body, **options)
    assert (status, headers["content-type"]) == (200, "application/json")
    found: dict[str, Any] = json.loads(answer)
    return found


def test_the_articles_request_is_echoed(port: int) -> None:
    target = "/path1/path2?query1=querystring1&query2=querystring2"
    body = b'{"keybody":"valuebody"}'
    echo = echoed(port, "POST", target, body, headers=[("Content-Type", "application/json"), ("Header1", "value1")])
    assert echo["method"] == "POST"
    assert echo["path"] == "/path1/path2"
    assert echo["query"] == {"query1": ["querystring1"], "query2": ["querystring2"]}
    assert echo["headers"]["header1"] == "value1"
    assert echo["body"] == body.decode()
    assert echo["json"] == {"keybody": "valuebody"}


def test_repeated_and_empty_query_strings_are_kept_in_their_order(port: int) -> None:
    assert echoed(port, "GET", "/a?x=2&x=1&y=&z=%C3%A9+%26")["query"] == {"x": ["2", "1"], "y": [""], "z": ["é &"]}


def test_any_path_is_echoed(port: int) -> None:
    assert echoed(port, "GET", "/a%0Ab/%0D%0A/%00/%2F/../%F0%9F%98%80")["path"] == "/a\nb/\r\n/\0///../😀"


def test_repeated_headers_are_joined(port: int) -> None:
    assert echoed(port, "GET", "/a", headers=[("X-A", "1"), ("x-a", "2")])["headers"]["x-a"] == "1, 2"


@pytest.mark.parametrize(("sent", "text"), [("é日😀".encode(), "é日😀"), (b"caf\xe9", "café"), (b'a"\\', 'a"\\')])
def test_headers_are_read_as_utf_8_or_latin_1(port: int, sent: bytes, text: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest("GET", "/a")
    connection.putheader("X-A", sent)
    connection.endheaders()
    assert json.loads(connection.getresponse().read())["headers"]["x-a"] == text
    connection.close()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_every_method_of_api_gateway_is_echoed(port: int, method: str) -> None:
    assert echoed(port, method, "/")["method"] == method


def test_head_answers_without_a_body(port: int) -> None:
    status, headers, body = send(port, "HEAD", "/path")
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) > 0


@pytest.mark.parametrize(
    ("body", "text", "parsed"),
    [
        (b"", "", None),
        (b"not json", "not json", None),
        (b"\xff\xfe{", "\ufffd\ufffd{", None),
        (b"[1, null, 1.5]", "[1, null, 1.5]", [1, None, 1.5]),
        ('"é"'.encode(), '"é"', "é"),
        (b"NaN", "NaN", None),
        (b"1e999", "1e999", None),
        (b'"\\ud800"', '"\\ud800"', "\ud800"),
        (b"[" * 100_000, "[" * 100_000, None),
    ],
    ids=["empty", "text", "not UTF-8", "array", "non-ASCII", "NaN", "infinity", "lone surrogate", "deep"],
)
def test_any_body_is_answered_as_text_and_as_json_if_it_is_that(port: int, body: bytes, text: str, parsed: Any) -> None:
    echo = echoed(port, "POST", "/", body)
    assert (echo["body"], echo["json"]) == (text, parsed)


@pytest.mark.parametrize(
    ("code", "message"), [(200, "OK"), (404, "Not Found"), (503, "Service Unavailable"), (499, "Status 499")]
)
def test_a_status_is_answered_when_asked_for(port: int, code: int, message: str) -> None:
    status, _, body = send(port, "POST", f"/status/{code}")
    assert (status, json.loads(body)) == (code, {"message": message})


@pytest.mark.parametrize("code", [100, 199, 600, 99999])
def test_what_is_no_status_is_a_400(port: int, code: int) -> None:
    assert send(port, "GET", f"/status/{code}")[0] == 400


@pytest.mark.parametrize("code", [204, 304])
def test_a_status_without_a_body_has_none(port: int, code: int) -> None:
    status, _, body = send(port, "GET", f"/status/{code}")
    assert (status, body) == (code, b"")


def test_it_says_that_it_is_healthy(port: int) -> None:
    assert send(port, "GET", "/healthz")[0] == 200


def health_check(port: int) -> int:
    return subprocess.run(
        [sys.executable, "healthcheck.py"], cwd=SOURCE, env={**os.environ, "PORT": str(port)}, check=False
    ).returncode


def test_the_health_check_tells_a_running_service_from_none(port: int) -> None:
    assert health_check(port) == 0
    assert health_check(free_port()) == 1


def test_sigterm_lets_a_request_finish() -> None:
    number = free_port()
    process = start(number)
    connection = http.client.HTTPConnection("127.0.0.1", number, timeout=10)
    connection.putrequest("POST", "/slow")
    connection.putheader("Content-Length", "2")
    connection.endheaders(b"4")
    # The service has the first byte of the body when it answers another request.
    assert send(number, "GET", "/healthz")[0] == 200
    process.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    connection.send(b"2")
    assert json.loads(connection.getresponse().read())["json"] == 42
    connection.close()
    assert process.wait(10) in (0, -signal.SIGTERM)
