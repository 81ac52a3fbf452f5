"""Runs a Lambda function for one test, from source text."""

import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from parity.local.functions.concurrency import AccountConcurrency
from parity.local.functions.configuration import LambdaConfiguration
from parity.local.functions.function import LambdaFunction
from parity.local.functions.runtimes.image import FunctionImage

OWN_PYTHON = f"python3.{sys.version_info.minor}"
"""The runtime that is always there: this process's own."""
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:echo"


class RunningFunction(LambdaFunction):
    """A function that keeps its log."""

    lines: list[str]


@asynccontextmanager
async def running_function(
    folder: Path,
    source: str,
    *,
    handler: str = "app.handler",
    runtime: str = OWN_PYTHON,
    environment: Mapping[str, str] | None = None,
    timeout_seconds: float = 5,
    layers: Sequence[Path] = (),
    reserved_concurrency: int | None = None,
    account: AccountConcurrency | None = None,
    image: FunctionImage | None = None,
    file: str = "app.py",
    project: Path | None = None,
) -> AsyncIterator[RunningFunction]:
    """Yields a function whose module `app` is `source`, written into `file`."""
    (folder / file).write_text(source)
    lines: list[str] = []
    configuration = LambdaConfiguration(
        name="echo",
        arn=ARN,
        code=folder,
        handler=handler,
        runtime=runtime,
        environment=environment or {},
        timeout_seconds=timeout_seconds,
        memory_size_mb=256,
        layers=layers,
        region="eu-west-1",
        image=image,
        log_group="/aws/lambda/echo",
        project=project,
    )
    function = RunningFunction(
        configuration,
        concurrency=(account or AccountConcurrency()).of_function(reserved_concurrency),
        log=lines.append,
    )
    function.lines = lines
    try:
        yield function
    finally:
        await function.aclose()


def is_running(pid: int) -> bool:
    """Whether there is such a process, and not only the entry of one whose end nobody has asked for yet."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return not Path("/proc/self").exists()  # it has just ended, or the system has no /proc
