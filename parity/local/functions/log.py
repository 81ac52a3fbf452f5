"""What Lambda writes to a function's log, in its own words, and the tail of it that an invocation gives back.

https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
"""

import math
import os
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime

TAIL_BYTES = 4096
"""How much of the log `LogType: Tail` gives back."""


class LambdaLog:
    """The log of one execution environment.

    Args:
        write: gets each event, without a line break at its end; an event may have several lines.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._tail: deque[str] = deque()
        self._tail_length = 0

    def write(self, event: str) -> None:
        """Writes one event. A carriage return in it is a line break, which is how runtimes keep a traceback in one."""
        event = event.replace("\r", "\n")
        self._write(event)
        self._tail.append(event)
        self._tail_length += len(event) + 1
        while self._tail_length - len(self._tail[0]) > TAIL_BYTES:
            self._tail_length -= len(self._tail.popleft()) + 1

    def forget(self) -> None:
        """Begins the tail anew: at the start of an invocation."""
        self._tail.clear()
        self._tail_length = 0

    @property
    def tail(self) -> str:
        """The last 4 KB since the invocation began."""
        text = "".join(f"{event}\n" for event in self._tail)
        return text.encode("utf-8")[-TAIL_BYTES:].decode("utf-8", "ignore")


def start_line(request_id: str) -> str:
    """The line before an invocation."""
    return f"START RequestId: {request_id} Version: $LATEST"


def end_line(request_id: str) -> str:
    """The line after an invocation."""
    return f"END RequestId: {request_id}"


def report_line(
    request_id: str,
    *,
    duration_ms: float,
    memory_size_mb: int,
    memory_used_mb: int | None,
    init_ms: float | None = None,
    status: str = "",
) -> str:
    """What an invocation took.

    Args:
        request_id: the invocation.
        duration_ms: what the handler took.
        memory_size_mb: the function's limit.
        memory_used_mb: the most that the environment has used, or None where the system does not tell.
        init_ms: what the environment's start took, for its first invocation; billed since August 2025.
        status: `timeout`, or `error` with the type of the error; empty when the invocation succeeded.
    """
    parts = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {duration_ms:.2f} ms",
        f"Billed Duration: {math.ceil(duration_ms + (init_ms or 0.0))} ms",
        f"Memory Size: {memory_size_mb} MB",
    ]
    if memory_used_mb is not None:
        parts.append(f"Max Memory Used: {memory_used_mb} MB")
    if init_ms is not None:
        parts.append(f"Init Duration: {init_ms:.2f} ms")
    if status:
        parts.append(f"Status: {status}")
    return "\t".join([*parts, ""])


def init_report_line(init_ms: float, status: str) -> str:
    """What a start that failed took; `status` as in `report_line`."""
    return f"INIT_REPORT Init Duration: {init_ms:.2f} ms\tPhase: init\tStatus: {status}"


def timeout_line(request_id: str, seconds: float) -> str:
    """What Lambda writes when it ends an invocation that took too long."""
    time = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return f"{time} {request_id} Task timed out after {seconds:.2f} seconds"


def memory_used_mb(pid: int) -> int | None:
    """The most memory that a process has used, in MB, where the system has it at hand (Linux), else None."""
    try:
        descriptor = os.open(f"/proc/{pid}/status", os.O_RDONLY)  # on every invocation, so no file object
    except OSError:
        return None
    try:
        status = os.read(descriptor, 4096)
    except OSError:
        return None  # it ended in between
    finally:
        os.close(descriptor)
    _, found, rest = status.partition(b"VmHWM:")
    return int(rest.split(None, 1)[0]) // 1024 if found else None
