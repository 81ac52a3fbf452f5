"""Launches a container as a process: the image's own command, in its build context, with Parity's own interpreter."""

import os
import signal
from pathlib import Path

from parity.local.containers.command import CommandError, ContainerCommand
from parity.local.containers.files import ContainerFiles
from parity.local.containers.health import free_port, port_taken
from parity.local.containers.image import ContainerDefinition, ContainerUnavailableError, Launch
from parity.local.dockerfile.image import DockerImage, read_image
from parity.local.dockerfile.parser import DockerfileError

WITH_ENGINE = "--container docker runs the real image where there is a Docker engine"


def plan_process(definition: ContainerDefinition, scratch: Path) -> Launch:
    """Finds out how to run a container as a process.

    Args:
        definition: the container.
        scratch: an empty folder of its own, for its home folder and, where needed, its working directory.

    Raises:
        ContainerUnavailableError: it cannot be run so.
    """
    context = _context(definition)
    image = _read(definition)
    stage = image.target
    port = definition.port or next(iter(stage.ports), None)
    where = f"container {definition.name!r} ({definition.image.dockerfile_path()})"
    if port is None:
        raise ContainerUnavailableError(
            f"{where} has no port: give its definition portMappings, or its Dockerfile an EXPOSE"
        )
    files = ContainerFiles(image, context)
    work = scratch / "work"
    home = scratch / "home"
    work.mkdir()
    home.mkdir()
    folder = files.working_folder(work)
    declared = {**stage.environment, **definition.environment}
    host_port = free_port()
    command = ContainerCommand(stage, files, port=port, host_port=host_port)
    try:
        arguments = command.arguments(definition.entry_point, definition.command)
        ports = [host_port]
        if not command.takes_port(declared, definition.entry_point, definition.command):
            _require_free(port)
            ports.append(port)  # it may still read PORT without declaring it
    except CommandError as error:
        raise ContainerUnavailableError(f"{where} cannot be run as a process: {error}; {WITH_ENGINE}") from error
    environment = {
        "HOME": str(home),
        "HOSTNAME": definition.name,
        "LANG": os.environ.get("LANG", "C.UTF-8"),
        "AWS_EXECUTION_ENV": "AWS_ECS_FARGATE",
        **command.variables(declared),
    }
    return Launch(
        arguments=arguments,
        environment=environment,
        folder=folder,
        ports=ports,
        stop_signal=_signal_number(stage.stop_signal),
    )


def _require_free(port: int) -> None:
    if port_taken(port):
        raise CommandError(
            f"port {port} is taken, and the image takes its port from no environment variable: "
            "end what listens there, or declare one, such as ENV PORT in the Dockerfile"
        )


def _context(definition: ContainerDefinition) -> Path:
    """The build context, without which there is no Dockerfile to read."""
    source = definition.image
    if source.context is None:
        raise ContainerUnavailableError(
            f"container {definition.name!r} uses the image {source.reference!r}, which is not built from a Dockerfile "
            f"of this program, so there is nothing to run as a process; {WITH_ENGINE}"
        )
    return source.context


def _read(definition: ContainerDefinition) -> DockerImage:
    source = definition.image
    path = source.dockerfile_path()
    try:
        text = source.dockerfile_text or path.read_text(encoding="utf-8")
        return read_image(text, build_args=source.build_args, target=source.target)
    except OSError as error:
        raise ContainerUnavailableError(
            f"container {definition.name!r}: its Dockerfile cannot be read: {path} ({error.strerror})"
        ) from error
    except DockerfileError as error:
        raise ContainerUnavailableError(f"container {definition.name!r}: {path}, {error}") from error


def _signal_number(name: str) -> int:
    if name.isdigit():
        return int(name)
    text = name.upper() if name.upper().startswith("SIG") else f"SIG{name.upper()}"
    return getattr(signal, text, signal.SIGTERM)
