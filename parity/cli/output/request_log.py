"""The line that `parity serve` prints for each request: method, path, status, time, and why when it failed.

A query string, headers and bodies are not in it, as they are in no log of AWS's without data trace.
"""

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from parity.cli.output.serve_output import Style
from parity.gateway.model.exchange import Exchange
from parity.terminal import printable, visible

if TYPE_CHECKING:
    from parity.compare.diagnosis.template_files import TemplateFiles

FLUSH_SECONDS = 0.05
"""How long lines are gathered, so that many requests cost one write."""


class RequestLog:
    """Prints a line a request, several at once, from the event loop that answers them.

    Args:
        stream: where to.
        program: the program's folder or file, whose templates are named.
    """

    def __init__(self, stream: TextIO, program: Path) -> None:
        self._stream = stream
        self._style = Style(stream)
        self._folder = program if program.is_dir() else program.parent
        self._files: TemplateFiles | None = None
        self._pending: list[str] = []
        self._clock: tuple[int, str] = (0, "")

    def add(self, exchange: Exchange) -> None:
        """Takes a finished exchange; its line is printed shortly after."""
        self._pending.append(self._line(exchange))
        if len(self._pending) == 1:
            asyncio.get_running_loop().call_later(FLUSH_SECONDS, self.flush)

    def flush(self) -> None:
        """Prints what was taken."""
        pending, self._pending = self._pending, []
        if pending:
            self._stream.write("".join(pending))
            self._stream.flush()

    def _line(self, exchange: Exchange) -> str:
        request, response = exchange.request, exchange.response
        status = response.status if response is not None else 0
        milliseconds = sum(exchange.timings_ms.values())
        clock = self._time(int(request.time or time.time()))
        line = f"{clock} {visible(request.method)} {visible(request.path)} {status} {milliseconds:.0f} ms"
        endpoint = exchange.endpoint_response
        failed = status >= 400 or endpoint is None or endpoint.status >= 400 or endpoint.function_error is not None
        if not failed:
            return line + "\n"
        reason = printable(self._reason(exchange, status)).replace("\n", "\n         ")
        shown = self._style.error(line) if status >= 500 else self._style.warning(line) if status >= 400 else line
        return f"{shown}{'  ' + reason if reason else ''}\n"

    def _time(self, seconds: int) -> str:
        """The time of day; formatted once a second."""
        if self._clock[0] != seconds:
            self._clock = (seconds, time.strftime("%H:%M:%S", time.localtime(seconds)))
        return self._clock[1]

    def _reason(self, exchange: Exchange, status: int) -> str:
        """Why a request failed: the gateway's reason, the template that broke with its file, or the backend's error."""
        from parity.compare.client import Answer
        from parity.compare.diagnosis.clue import clue
        from parity.compare.diagnosis.template_files import TemplateFiles

        self._files = self._files or TemplateFiles(self._folder)
        answer = Answer(status=status)
        found = clue(answer, exchange, expected_status=200, is_echo=False, files=self._files)
        endpoint = exchange.endpoint_response
        if endpoint is not None and endpoint.function_error is not None and not exchange.gateway_response:
            return f"the function failed ({endpoint.function_error})"
        return found.partition(": ")[0] if found.startswith("the backend answered") else found
