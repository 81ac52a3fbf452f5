"""Launches a container as itself: its image is built and run by a Docker engine, through the `docker` command."""

import asyncio
import os
import re
import secrets
import shutil
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from parity.local.containers.health import free_port
from parity.local.containers.image import ContainerDefinition, ContainerUnavailableError, ImageSource, Launch
from parity.local.processes.processes import ChildProcess

WITHOUT_ENGINE = "--container process runs the image's own command without one"

_OF_ENGINE = re.compile(r"PATH|HOME|DOCKER_.*|LD_.*|(HTTPS?|NO|ALL)_PROXY|SSL_CERT_.*", re.IGNORECASE)
"""Variables that the `docker` command itself reads. The others reach the container through its environment, since
every user of the machine can read an argument list."""
HOST_NAME = "host.docker.internal"
"""The name by which a container reaches the machine that its engine runs on."""


async def plan_docker(definition: ContainerDefinition, scratch: Path, log: Callable[[str], None]) -> Launch:
    """Builds or names a container's image and finds out how to run it.

    Args:
        definition: the container.
        scratch: a folder of its own, for a Dockerfile that is not a file.
        log: gets the lines of the build.

    Raises:
        ContainerUnavailableError: there is no Docker engine, the build failed, or no port is known.
    """
    docker = await _find_engine(definition.name)
    image = await _build(docker, definition, scratch, log) if definition.image.context else _reference(definition)
    port = definition.port or await _exposed_port(docker, image)
    if port is None:
        raise ContainerUnavailableError(
            f"container {definition.name!r} has no port: give its definition portMappings, or its Dockerfile an EXPOSE"
        )
    host_port = free_port()
    name = f"parity-{_slug(definition.name)}-{secrets.token_hex(4)}"
    entry_point = list(definition.entry_point or ())
    arguments = [docker, "run", "--rm", "--init", "--name", name, "--publish", f"127.0.0.1:{host_port}:{port}"]
    arguments += ["--add-host", f"{HOST_NAME}:host-gateway"]
    variables = {key: _reachable(key, value) for key, value in definition.environment.items()}
    passed = {key: value for key, value in variables.items() if not _OF_ENGINE.fullmatch(key)}
    for key, value in variables.items():
        arguments += ["--env", key if key in passed else f"{key}={value}"]
    if entry_point:
        arguments += ["--entrypoint", entry_point[0]]
    return Launch(
        arguments=[*arguments, image, *entry_point[1:], *(definition.command or ())],
        environment={**os.environ, **passed},
        folder=definition.image.context or Path.cwd(),
        ports=[host_port],
        stop_signal=signal.SIGTERM,
        cleanup=[docker, "rm", "--force", name],
    )


async def run_quietly(arguments: Sequence[str]) -> tuple[int, list[str]]:
    """Runs a command to its end in this process's environment; returns its exit status and its output's lines."""
    lines: list[str] = []
    status = await _run(arguments, dict(os.environ), lines.append)
    return status, lines


async def _run(arguments: Sequence[str], environment: Mapping[str, str], on_line: Callable[[str], None]) -> int:
    process = ChildProcess(arguments, environment=environment, folder=Path.cwd(), on_line=on_line)
    await process.start()
    try:
        return await process.wait()
    except asyncio.CancelledError:
        await process.stop()
        raise


async def _find_engine(container: str) -> str:
    docker = shutil.which("docker")
    if docker is None:
        raise ContainerUnavailableError(
            f"container {container!r} is to run in a Docker engine, but there is no `docker` command: install it, or "
            f"{WITHOUT_ENGINE}"
        )
    status, lines = await run_quietly([docker, "version", "--format", "{{.Server.Version}}"])
    if status != 0:
        reason = lines[-1].strip() if lines else f"exit status {status}"
        raise ContainerUnavailableError(
            f"container {container!r} is to run in a Docker engine, but none answers ({reason}): start it; or "
            f"{WITHOUT_ENGINE}"
        )
    return docker


async def _build(docker: str, definition: ContainerDefinition, scratch: Path, log: Callable[[str], None]) -> str:
    source = definition.image
    if source.dockerfile_text is not None:
        path = scratch / "Dockerfile"
        path.write_text(source.dockerfile_text, encoding="utf-8")
        source = replace(source, dockerfile=path)
    tag = f"parity-local/{_slug(definition.name)}:latest"
    status = await _run(_build_command(docker, source, tag), dict(os.environ), log)
    if status != 0:
        raise ContainerUnavailableError(
            f"container {definition.name!r}: docker build failed with exit status {status}; its output says why "
            f"({source.dockerfile_path()})"
        )
    return tag


def _build_command(docker: str, source: ImageSource, tag: str) -> list[str]:
    arguments = [docker, "build", "--tag", tag, "--file", str(source.dockerfile_path())]
    for name, value in source.build_args.items():
        arguments += ["--build-arg", f"{name}={value}"]
    if source.target:
        arguments += ["--target", source.target]
    return [*arguments, str(source.context)]


def _reference(definition: ContainerDefinition) -> str:
    if not definition.image.reference:
        raise ContainerUnavailableError(f"container {definition.name!r} names no image and no build context")
    return definition.image.reference


async def _exposed_port(docker: str, image: str) -> int | None:
    await run_quietly([docker, "pull", "--quiet", image])  # nothing to do for one that was built here
    _, lines = await run_quietly([docker, "image", "inspect", "--format", "{{json .Config.ExposedPorts}}", image])
    match = re.search(r'"(\d+)/tcp"', " ".join(lines))
    return int(match[1]) if match else None


def _reachable(name: str, value: str) -> str:
    """A local AWS endpoint as a container reaches it; every other variable as it is."""
    if not name.startswith("AWS_ENDPOINT_URL"):
        return value
    return re.sub(r"^(https?://)(127\.0\.0\.1|localhost)(?=[:/]|$)", rf"\g<1>{HOST_NAME}", value)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "container"
