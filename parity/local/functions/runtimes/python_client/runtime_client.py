"""What AWS's runtime interface client has as a compiled module, in Python: for other Pythons than Parity's own.

It has the functions that `awslambdaric` calls. Runs on Python 3.9 and newer.
https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import os
import socket

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

_PREFIX = "/2018-06-01/runtime/invocation/"


class _Client:
    """One connection to the Runtime API, kept open between the calls."""

    def __init__(self) -> None:
        self.user_agent = ""
        self._socket: socket.socket | None = None
        self._answers: BinaryIO | None = None

    def call(
        self, method: str, path: str, body: bytes = b"", fields: Sequence[str] = ()
    ) -> tuple[int, dict[str, str], bytes]:
        """Sends a request; returns the status, the fields by lower-case name, and the body."""
        address = os.environ["AWS_LAMBDA_RUNTIME_API"]
        if self._socket is None or self._answers is None:
            host, _, port = address.rpartition(":")
            self._socket = socket.create_connection((host, int(port)))
            self._answers = self._socket.makefile("rb")
        head = [f"{method} {_PREFIX}{path} HTTP/1.1", f"Host: {address}", f"User-Agent: {self.user_agent}"]
        head += [*fields, f"Content-Length: {len(body)}", "", ""]
        self._socket.sendall("\r\n".join(head).encode("latin-1", "replace") + body)
        return _read_answer(self._answers)


def _read_answer(answers: BinaryIO) -> tuple[int, dict[str, str], bytes]:
    status_line = answers.readline()
    if not status_line:
        raise RuntimeError("the Runtime API closed the connection")
    fields = {}
    for line in iter(answers.readline, b"\r\n"):
        name, _, value = line.decode("utf-8", "replace").partition(":")
        fields[name.strip().lower()] = value.strip()
    body = answers.read(int(fields.get("content-length", "0")))
    return int(status_line.split()[1]), fields, body


_client = _Client()


def initialize_client(user_agent: str) -> None:
    """Takes the User-Agent of the requests."""
    _client.user_agent = user_agent


def next() -> tuple[bytes, dict[str, object]]:  # noqa: A001 - the client's name for it
    """Waits for the next event; returns its payload and its fields, None for a missing one."""
    status, fields, body = _client.call("GET", "next")
    if status != 200:
        raise RuntimeError("Failed to get next")
    names = ("Aws-Request-Id", "Trace-Id", "Invoked-Function-Arn", "Client-Context", "Cognito-Identity")
    headers: dict[str, object] = {
        f"Lambda-Runtime-{name}": fields.get(f"lambda-runtime-{name.lower()}") for name in names
    }
    headers["Lambda-Runtime-Deadline-Ms"] = int(fields.get("lambda-runtime-deadline-ms") or 0)
    headers["Content-Type"] = fields.get("content-type")
    return body, headers


def post_invocation_result(
    invoke_id: str, data: bytes, content_type: str = "application/json", invocation_id: object = None
) -> None:
    """Reports what the handler returned."""
    _report(invoke_id + "/response", data, ["Content-Type: " + content_type])


def post_error(invoke_id: str, error: str | bytes, xray_fault: str = "", invocation_id: object = None) -> None:
    """Reports that the handler raised; `error` is JSON."""
    data = error if isinstance(error, bytes) else error.encode("utf-8")
    _report(invoke_id + "/error", data, ["Content-Type: application/json"])


def _report(path: str, data: bytes, fields: Sequence[str]) -> None:
    status, _, _ = _client.call("POST", path, data, fields)
    if not 200 <= status < 300:
        raise RuntimeError("Failed to post invocation response")
