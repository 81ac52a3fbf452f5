"""What goes over the wire is what the case says, and nothing else."""

import socket
import threading
from collections.abc import Iterator

import pytest

from parity.compare.case import Case
from parity.compare.client import Client


class Wire:
    """Listens, answers every request with 200, and keeps the bytes that came."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.received = b""
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        connection, _ = self.socket.accept()
        with connection:
            while b"END" not in self.received:
                self.received += connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Kept-Case: yes\r\nContent-Length: 2\r\n\r\nok")


@pytest.fixture
def wire() -> Iterator[Wire]:
    listening = Wire()
    yield listening
    listening.socket.close()


def test_nothing_is_added_but_host_and_content_length(wire: Wire) -> None:
    case = Case(
        name="a",
        method="POST",
        path="/a%20b",
        query_string="q=1&q=%C3%BC",
        headers=(("X-MiXed", "ü"), ("x-mixed", "two")),
        body=b"END",
    )

    with Client(f"http://127.0.0.1:{wire.port}/dev/http") as client:
        answer = client.send(case)

    assert (
        wire.received
        == (
            f"POST /dev/http/a%20b?q=1&q=%C3%BC HTTP/1.1\r\nHost: 127.0.0.1:{wire.port}\r\n"
            "X-MiXed: ü\r\nx-mixed: two\r\nContent-Length: 3\r\n\r\nEND"
        ).encode()
    )
    assert (answer.status, answer.text, answer.header("x-kept-case")) == (200, "ok", "yes")
    assert answer.sent_headers[0] == ("Host", f"127.0.0.1:{wire.port}")


def test_no_body_has_no_content_length(wire: Wire) -> None:
    with Client(f"http://127.0.0.1:{wire.port}") as client:
        client.send(Case(name="a", path="/", headers=(("X", "END"),)))

    assert b"content-length" not in wire.received.lower()


def test_an_address_where_nobody_listens_is_an_answer_with_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with Client(f"http://127.0.0.1:{port}") as client:
        answer = client.send(Case(name="a"))

    assert answer.status == 0
    assert "ConnectionRefusedError" in answer.error
