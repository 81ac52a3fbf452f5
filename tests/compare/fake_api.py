"""A plain HTTP server that answers like the two integrations: what API Gateway, the function and the echo would say."""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import uuid4

API_ID = "a1b2c3d4e5"
WITHOUT_BODY = {"GET", "HEAD", "OPTIONS"}
HIDDEN = {"connection", "content-length", "content-md5", "expect", "max-forwards", "te"}

Change = Callable[[dict[str, Any]], object]


@dataclass
class FakeApi:
    """What the fake maps, and how a test wants it to misbehave."""

    query_strings: tuple[str, ...] = ("query1", "query2")
    headers: tuple[str, ...] = ()
    change_event: Change = field(default=lambda event: None)
    change_echo: Change = field(default=lambda echo: None)
    error_message: Callable[[str, str], str] = field(default=lambda integration, status: f"status {status}")
    url: str = ""


class _Server(ThreadingHTTPServer):
    request_queue_size = 64


@contextmanager
def fake_api(api: FakeApi | None = None) -> Iterator[FakeApi]:
    """Serves a fake API below `{url}/lambda` and `{url}/http`."""
    fake = api or FakeApi()
    server = _Server(("127.0.0.1", 0), _handler(fake))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_address[1]}/dev"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(fake: FakeApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            status, answer = _answer(fake, self.command, self.path, dict(self.headers.items()), body)
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.send_header("x-amzn-RequestId", str(uuid4()))
            if status == 415:
                self.send_header("x-amzn-ErrorType", "BadRequestException")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815

        def log_message(self, *args: object) -> None:
            pass

    return Handler


def _answer(
    fake: FakeApi, method: str, target: str, headers: Mapping[str, str], body: str
) -> tuple[int, dict[str, Any]]:
    parts = urlsplit(target)
    _, _, integration, path = unquote(parts.path).split("/", 3)
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        query.setdefault(name, []).append(value)
    failure = re.fullmatch(r"status/(\d+)", path)
    if failure:
        return int(failure[1]), {"message": fake.error_message(integration, failure[1])}
    lower = {name.lower(): value for name, value in headers.items()}
    content_type = lower.get("content-type", "application/json").partition(";")[0]
    if content_type != "application/json":
        return 415, {"message": "Unsupported Media Type"}
    try:
        parsed = json.loads(body or "{}")
    except ValueError:
        parsed, body = "", '""'
    if integration == "lambda":
        event = {
            "method": method,
            "authcontext": "",
            "body-json": parsed,
            "params": {
                "path": {"proxy": path.rstrip("/")},
                "querystring": {name: values[-1] for name, values in query.items()},
                "header": {name: value for name, value in headers.items() if name.lower() not in HIDDEN},
            },
        }
        fake.change_event(event)
        return 200, {"statusCode": 200, "body": json.dumps(event)}
    body = "" if method in WITHOUT_BODY else body
    mapped = {name.lower(): lower[name.lower()] for name in fake.headers if name.lower() in lower}
    echo = {
        "method": method,
        "path": f"/{path.rstrip('/')}",
        "query": {name: values[-1:] for name, values in query.items() if name in fake.query_strings},
        "headers": mapped | _gateway_headers(method, lower, body),
        "body": body,
        "json": None,
    }
    fake.change_echo(echo)
    return 200, echo


def _gateway_headers(method: str, headers: Mapping[str, str], body: str) -> dict[str, str]:
    sent = {
        "host": "backend.internal:8000",
        "accept": "application/json",
        "user-agent": f"AmazonAPIGateway_{API_ID}",
        "x-amzn-apigateway-api-id": API_ID,
        "x-amzn-trace-id": "Root=1-67891233-abcdef012345678912345678",
    }
    if body:
        sent["content-length"] = str(len(body.encode()))
    if method not in WITHOUT_BODY:
        sent["content-type"] = headers.get("content-type", "application/json")
    return sent
