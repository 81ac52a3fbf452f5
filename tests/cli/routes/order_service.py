"""The service that the program `two_routes` moves its routes to, in this process."""

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class OrderService(ThreadingHTTPServer):
    """Takes orders. `change` is added to each answer."""

    change: dict[str, Any]

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: OrderService

    def do_POST(self) -> None:
        order = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        self._answer({"id": str(uuid.uuid4()), "item": order.get("item"), "handled_by": "service"})

    def do_GET(self) -> None:
        self._answer({"id": self.path.partition("?")[0].rpartition("/")[2], "state": "open"})

    def _answer(self, document: dict[str, Any]) -> None:
        data = json.dumps(document | self.server.change).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def order_service() -> Iterator[OrderService]:
    """The service, for as long as the context lasts."""
    server = OrderService(("127.0.0.1", 0), _Handler)
    server.change = {}
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
