"""Docker as the tests' container engine."""

import json
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.image.container_engine import ImageSettings


class DockerEngine:
    """The `docker` client and the engine that it reaches."""

    def unavailable(self) -> str:
        if shutil.which("docker") is None:
            return "no docker on the PATH"
        return "" if _docker("info", check=False).returncode == 0 else "docker reaches no engine"

    def has_image(self, image: str) -> bool:
        here = _docker("image", "inspect", image, check=False).returncode == 0
        return here or _docker("pull", "--quiet", image, check=False).returncode == 0

    def build(self, context: Path, image: str, arguments: Mapping[str, str]) -> None:
        options = [option for key, value in arguments.items() for option in ("--build-arg", f"{key}={value}")]
        _docker("build", "--quiet", "--tag", image, *options, str(context))

    def settings(self, image: str) -> ImageSettings:
        return ImageSettings.from_config(json.loads(_docker("image", "inspect", image).stdout)[0]["Config"])

    @contextmanager
    def running(self, image: str, environment: Mapping[str, str], port: int) -> Iterator["DockerContainer"]:
        options = [option for key, value in environment.items() for option in ("--env", f"{key}={value}")]
        published = ("--publish", f"127.0.0.1:{port}:{port}")
        container = _docker("run", "--detach", "--read-only", "--tmpfs", "/tmp", *published, *options, image)
        try:
            yield DockerContainer(container.stdout.strip())
        finally:
            _docker("rm", "--force", container.stdout.strip())

    def remove(self, image: str) -> None:
        _docker("image", "rm", "--force", image)


@dataclass(frozen=True, slots=True)
class DockerContainer:
    """A container of Docker's."""

    id: str

    def send_signal(self, number: signal.Signals) -> None:
        _docker("kill", "--signal", number.name, self.id)

    def wait(self, seconds: float) -> int:
        return int(_docker("wait", self.id, timeout=seconds).stdout)

    def execute(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return _docker("exec", self.id, *command, check=False)

    def log(self) -> str:
        shown = _docker("logs", self.id)
        return shown.stdout + shown.stderr


def _docker(*arguments: str, check: bool = True, timeout: float | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=check, timeout=timeout)
