"""A container of an ECS service, run locally: as a process, or by a Docker engine."""

import asyncio
import contextlib
import shutil
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from parity.local.containers.docker_engine import plan_docker, run_quietly
from parity.local.containers.health import wait_until_healthy
from parity.local.containers.image import ContainerDefinition, ContainerUnavailableError, ImageSource, Launch
from parity.local.containers.process import plan_process
from parity.local.processes.processes import ChildProcess
from parity.local.processes.scratch import scratch_folder

__all__ = ["Container", "ContainerUnavailableError", "ImageSource"]

START_TIMEOUT_SECONDS = 60.0
STOP_TIMEOUT_SECONDS = 5.0
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 10.0
_KEPT_LINES = 12


class Container:
    """A running container. When it ends by itself it is started again, as ECS does.

    Args:
        name: its name in the task definition.
        image: where its image comes from.
        environment: the task definition's environment variables, over the image's.
        command: the task definition's command, in place of the image's; None for the image's.
        entry_point: likewise.
        port: the container port that is mapped; None for the first that the image exposes.
        health_check_path: the path that the target group asks; None to be content with a connection.
        log: gets each line of its output, and what happens to it.
        engine: `process`, or `docker` to build and run the real image.
        start_timeout_seconds: how long it may take until it answers.
        stop_timeout_seconds: how long it may take to end when it is asked to.
    """

    def __init__(
        self,
        name: str,
        image: ImageSource,
        *,
        environment: Mapping[str, str],
        command: Sequence[str] | None,
        entry_point: Sequence[str] | None,
        port: int | None,
        health_check_path: str | None,
        log: Callable[[str], None],
        engine: Literal["process", "docker"] = "process",
        start_timeout_seconds: float = START_TIMEOUT_SECONDS,
        stop_timeout_seconds: float = STOP_TIMEOUT_SECONDS,
    ) -> None:
        self.name = name
        self._definition = ContainerDefinition(
            name=name, image=image, environment=environment, command=command, entry_point=entry_point, port=port
        )
        self._health_check_path = health_check_path
        self._log = log
        self._engine = engine
        self._start_timeout_seconds = start_timeout_seconds
        self._stop_timeout_seconds = stop_timeout_seconds
        self._recent_lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._scratch: Path | None = None
        self._launch: Launch | None = None
        self._process: ChildProcess | None = None
        self._supervisor: asyncio.Task[None] | None = None

    async def start(self) -> str:
        """Starts the container and waits until it answers.

        Returns:
            The origin at which it answers, `http://127.0.0.1:PORT`; it stays the same when it is started again.

        Raises:
            ContainerUnavailableError: it cannot be run here, ended at once, or did not answer in time.
        """
        self._scratch = scratch_folder("container")
        try:
            if self._engine == "docker":
                launch = await plan_docker(self._definition, self._scratch, self._write)
            else:
                launch = plan_process(self._definition, self._scratch)
            port = await self._run(launch)
        except BaseException:
            await self.aclose()
            raise
        self._launch = launch
        self._supervisor = asyncio.create_task(self._supervise(launch))
        return f"http://127.0.0.1:{port}"

    @property
    def running(self) -> bool:
        """Whether its process runs at this moment."""
        return self._process is not None and self._process.running

    async def aclose(self) -> None:
        """Asks the container to end, and ends it when it does not."""
        if self._supervisor is not None:
            self._supervisor.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._supervisor
            self._supervisor = None
        await self._stop()
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch = None

    async def _run(self, launch: Launch) -> int:
        """Starts the process and waits for its health; returns the port at which it answers."""
        self._launch = launch
        self._recent_lines.clear()
        process = ChildProcess(
            launch.arguments, environment=launch.environment, folder=launch.folder, on_line=self._write
        )
        try:
            await process.start()
            self._process = process  # one that does not start leaves the one before, whose end is known
            async with asyncio.timeout(self._start_timeout_seconds):
                port = await wait_until_healthy(
                    launch.ports, self._health_check_path, is_running=lambda: process.running
                )
        except TimeoutError:  # an OSError too, so it stands first
            await process.stop()
            what = f"at {self._health_check_path}" if self._health_check_path else "at its port"
            raise self._unavailable(
                f"did not answer {what} within {self._start_timeout_seconds:.0f} s "
                f"(127.0.0.1, port {' or '.join(map(str, launch.ports))})"
            ) from None
        except OSError as error:
            raise self._unavailable(f"cannot be started: {error}") from error
        if port is None:
            raise self._unavailable(f"ended with {_ending(await process.wait())} before it answered")
        return port

    async def _supervise(self, launch: Launch) -> None:
        pause = FIRST_PAUSE_SECONDS
        while self._process is not None:
            status = await self._process.wait()
            self._log(f"container {self.name!r} ended with {_ending(status)} and is started again")
            await asyncio.sleep(pause)
            try:
                await self._run(launch)
                pause = FIRST_PAUSE_SECONDS
            except ContainerUnavailableError as error:
                self._log(error.reason)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None or self._launch is None:
            return
        await process.stop(self._stop_timeout_seconds, self._launch.stop_signal)
        if self._launch.cleanup:
            await run_quietly(self._launch.cleanup)

    def _write(self, line: str) -> None:
        self._recent_lines.append(line)
        self._log(line)

    def _unavailable(self, what: str) -> ContainerUnavailableError:
        output = "".join(f"\n    {line}" for line in self._recent_lines)
        hint = ""
        if "ModuleNotFoundError" in output and self._engine == "process":
            hint = (
                "\n  As a process it uses the Python packages of Parity's own environment: "
                "install the missing one there, or use --container docker"
            )
        return ContainerUnavailableError(f"container {self.name!r} {what}{hint}" + (output and f"; it wrote:{output}"))


def _ending(status: int) -> str:
    return f"exit status {status}" if status >= 0 else f"signal {-status}"
