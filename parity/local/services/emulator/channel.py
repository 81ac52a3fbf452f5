"""The emulator's end of its connection with the process that started it: lines of JSON over a socket.

From there come `{"kind": "provision", "records"}` and `{"kind": "result", "id", …}`; back go `provisioned`, `log` and
`invoke`. Payloads are base64: an event is bytes.
"""

import base64
import itertools
import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_LONGEST_INVOCATION_SECONDS = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """What an invocation of a function came to. `error` says why there was none; else it is empty."""

    payload: bytes = b""
    function_error: str | None = None
    error: str = ""


class Channel:
    """The connection.

    Args:
        connection: the socket.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._waiting: dict[int, tuple[threading.Event, list[dict[str, Any]]]] = {}

    def read(self, on_provision: Callable[[list[dict[str, Any]]], None]) -> None:
        """Reads until the other end is closed; results go to those that wait for them."""
        with self._socket.makefile("rb") as lines:
            for line in lines:
                message = json.loads(line)
                if message["kind"] == "provision":
                    threading.Thread(target=on_provision, args=[message["records"]], daemon=True).start()
                elif message["kind"] == "result":
                    arrived, results = self._waiting.pop(message["id"], (None, []))
                    results.append(message)
                    if arrived is not None:
                        arrived.set()

    def log(self, line: str) -> None:
        """Sends a line for the user."""
        self.send({"kind": "log", "line": line})

    def invoke(self, function: str, payload: bytes, *, asynchronous: bool = False) -> Invocation:
        """Invokes a function of the program and waits for its result.

        Args:
            function: its ARN, or its name.
            payload: the event.
            asynchronous: return as soon as the event is accepted.
        """
        arrived = threading.Event()
        results: list[dict[str, Any]] = []
        number = next(self._ids)
        self._waiting[number] = (arrived, results)
        event = base64.b64encode(payload).decode()
        self.send({"kind": "invoke", "id": number, "function": function, "payload": event, "async": asynchronous})
        if not arrived.wait(_LONGEST_INVOCATION_SECONDS):
            self._waiting.pop(number, None)
            return Invocation(error=f"{function} did not answer")
        result = results[0]
        return Invocation(
            payload=base64.b64decode(result.get("payload", "")),
            function_error=result.get("function_error"),
            error=result.get("error", ""),
        )

    def send(self, message: dict[str, Any]) -> None:
        """Sends a message."""
        with self._lock:
            self._socket.sendall(json.dumps(message).encode() + b"\n")
