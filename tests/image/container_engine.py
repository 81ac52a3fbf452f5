"""What the tests ask of a container engine, and what an image says of itself."""

import signal
import subprocess
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class ImageSettings:
    """How an image wants to be run; `user` is empty where it names none, which is root."""

    user: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: str
    health_check: tuple[str, ...]

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "ImageSettings":
        """The settings in the `config` object of Docker's image format."""
        kind, *health_check = (config.get("Healthcheck") or {}).get("Test") or ["NONE"]
        return cls(
            user=config.get("User") or "",
            command=(*(config.get("Entrypoint") or ()), *(config.get("Cmd") or ())),
            environment=dict(entry.split("=", 1) for entry in config.get("Env") or ()),
            folder=config.get("WorkingDir") or "/",
            health_check=("/bin/sh", "-c", *health_check) if kind == "CMD-SHELL" else tuple(health_check),
        )


class RunningContainer(Protocol):
    """A container that runs its image's command."""

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal to the main process."""

    def wait(self, seconds: float) -> int:
        """The exit status of the main process; subprocess.TimeoutExpired if it still runs after `seconds`."""

    def execute(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in the container, as its user."""

    def log(self) -> str:
        """What the main process has printed."""


class ContainerEngine(Protocol):
    """An engine that builds an image from a Dockerfile and runs it."""

    def unavailable(self) -> str:
        """Why the engine cannot be used here; empty if it can."""

    def has_image(self, image: str) -> bool:
        """Whether an image can be built upon: it is in the engine's storage, or in a registry that it reaches."""

    def build(self, context: Path, image: str, arguments: Mapping[str, str]) -> None:
        """Build the Dockerfile of a folder; CalledProcessError if it fails."""

    def settings(self, image: str) -> ImageSettings:
        """How an image wants to be run."""

    def running(
        self, image: str, environment: Mapping[str, str], port: int
    ) -> AbstractContextManager[RunningContainer]:
        """Run an image as its own user with a read-only root, until the block ends; its process listens on `port`."""

    def remove(self, image: str) -> None:
        """Remove an image from the engine's storage."""
