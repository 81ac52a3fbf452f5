"""What a container is made of and how it is launched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


class ContainerUnavailableError(Exception):
    """A container cannot be run here; the text names it, says why, and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSource:
    """Where a container's image comes from: a build context, or a registry.

    Attributes:
        context: the folder of the build, or None for an image that is only named.
        dockerfile: the Dockerfile, absolute or within the context; `Dockerfile` in the context without it.
        dockerfile_text: the Dockerfile itself, where it is not a file.
        build_args: the build arguments, by name.
        target: the stage to build.
        reference: the image's name in a registry, for an image that is not built.
    """

    context: Path | None = None
    dockerfile: Path | None = None
    dockerfile_text: str | None = None
    build_args: Mapping[str, str] = field(default_factory=dict)
    target: str | None = None
    reference: str | None = None

    def dockerfile_path(self) -> Path:
        """The Dockerfile's path.

        Raises:
            ValueError: the image has no build context.
        """
        if self.context is None:
            raise ValueError("the image has no build context")
        return self.context / (self.dockerfile or "Dockerfile")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerDefinition:
    """A container of a task definition. `port` is None when it maps none; the image says then what it exposes."""

    name: str
    image: ImageSource
    environment: Mapping[str, str]
    command: Sequence[str] | None
    entry_point: Sequence[str] | None
    port: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How a container is started.

    Attributes:
        arguments: the command line.
        environment: all its environment variables.
        folder: its working directory.
        ports: the ports of 127.0.0.1 at which it may answer.
        stop_signal: the signal that asks it to end.
        cleanup: a command that removes what its end may leave behind.
    """

    arguments: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    ports: Sequence[int]
    stop_signal: int
    cleanup: Sequence[str] = ()
