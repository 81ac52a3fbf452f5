"""How a program is run locally."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from parity.gateway.lifecycle.request_work import DEFAULT_BUDGET, BudgetSize
from parity.gateway.model.exchange import Exchange

Progress = Callable[[str], None]
"""Told in a few words what is being done."""

Wait = Callable[[], Awaitable[None]]
"""Awaited before each request."""

LogSink = Callable[[str, str], None]
"""Takes a log group's name and a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOptions:
    """See `parity.local.session.open_session`."""

    program: Path
    stack: str = "dev"
    config: Mapping[str, str]
    answers: Path | None = None
    host: str = "127.0.0.1"
    port: int = 0
    container: str = "process"
    record: bool = False
    on_progress: Progress | None = None
    log_sink: LogSink | None = None
    before_request: Wait | None = None
    on_exchange: Callable[[Exchange], None] | None = None
    aws_endpoints: Mapping[str, str] = field(default_factory=dict)
    budget: BudgetSize = DEFAULT_BUDGET
