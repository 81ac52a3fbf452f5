"""The containers of a program's ECS services: from task definition and image to a container that runs here."""

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, cast

from parity.local.containers.container import Container, ContainerUnavailableError, ImageSource
from parity.local.containers.state import BackendState
from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import ResourceIndex, optional_text, text, texts
from parity.local.rest_api.private_endpoints import ServiceContainer

BUILT_IMAGE = "docker-build:index:Image"
CLASSIC_IMAGE = "docker:index/image:Image"


class LiveContainer:
    """A container and where it answers; one that cannot be run here keeps the reason.

    Args:
        container: the container, not yet started.
        name: its name in the task definition.
        declared_by: the service that it belongs to.
        log: takes what its user should know.
    """

    def __init__(self, container: Container, name: str, declared_by: str, log: Callable[[str], None]) -> None:
        self._container = container
        self._name = name
        self._declared_by = declared_by
        self._log = log
        self.origin: str | None = None
        self.unavailable = ""

    async def start(self) -> None:
        """Starts the container and waits until it answers, or is known not to."""
        try:
            self.origin = await self._container.start()
        except ContainerUnavailableError as error:
            self.unavailable = error.reason
            self._log(error.reason)

    def state(self) -> BackendState:
        """The container as its user sees it."""
        return BackendState(
            kind="container",
            name=self._name,
            origin=self.origin or "",
            unavailable=self.unavailable,
            declared_by=self._declared_by,
        )

    async def aclose(self) -> None:
        """Ends the container."""
        await self._container.aclose()


def live_container(
    found: ServiceContainer,
    resource_index: ResourceIndex,
    *,
    directory: Path,
    mode: str,
    log_sink: Callable[[str, str], None],
    aws_variables: Mapping[str, str] | None = None,
) -> LiveContainer:
    """The container behind a target group, not yet started.

    Args:
        found: the container and its service.
        resource_index: the resources among which its image is looked for.
        directory: the folder that the program's relative paths begin at.
        mode: `process` or `docker`.
        log_sink: takes its log group and each line of its output.
        aws_variables: the environment variables that send its calls to AWS elsewhere; the definition's own override.
    """
    definition = found.definition
    name = text(definition, "name")
    options = (definition.get("logConfiguration") or {}).get("options") or {}
    group = text(options, "awslogs-group") or f"/ecs/{name}"

    def log(line: str) -> None:
        log_sink(group, line)

    container = Container(
        name,
        image_source(text(definition, "image"), resource_index, directory),
        environment={**(aws_variables or {}), **container_environment(definition)},
        command=_words(definition, "command"),
        entry_point=_words(definition, "entryPoint"),
        port=found.port,
        health_check_path=found.health_check_path,
        log=log,
        engine=cast(Literal["process", "docker"], mode),
    )
    return LiveContainer(container, name, found.service.declared_by, log)


def image_source(reference: str, resource_index: ResourceIndex, directory: Path) -> ImageSource:
    """Where an image comes from: the build context of an image resource, or else a registry.

    Args:
        reference: the image as the task definition names it.
        resource_index: the resources of the program.
        directory: the folder that the program's relative paths begin at.
    """
    for record in resource_index.of_type(BUILT_IMAGE):
        if _names(record, reference, record.inputs.get("tags") or []):
            context = record.inputs.get("context") or {}
            return _build(
                reference,
                directory,
                context=optional_text(context, "location"),
                dockerfile=optional_text(record.inputs.get("dockerfile") or {}, "location"),
                arguments=texts(record.inputs, "buildArgs"),
                target=optional_text(record.inputs, "target"),
            )
    for record in resource_index.of_type(CLASSIC_IMAGE):
        if _names(record, reference, [record.inputs.get("imageName")]):
            build = record.inputs.get("build") or {}
            return _build(
                reference,
                directory,
                context=optional_text(build, "context"),
                dockerfile=optional_text(build, "dockerfile"),
                arguments=texts(build, "args"),
                target=optional_text(build, "target"),
            )
    return ImageSource(reference=reference)


def _build(
    reference: str,
    directory: Path,
    *,
    context: str | None,
    dockerfile: str | None,
    arguments: Mapping[str, str],
    target: str | None,
) -> ImageSource:
    if context is not None and "://" in context:
        return ImageSource(reference=reference)
    folder = (directory / (context or ".")).resolve()
    return ImageSource(
        context=folder,
        dockerfile=(directory / dockerfile).resolve() if dockerfile else None,
        build_args=arguments,
        target=target,
        reference=reference,
    )


def _names(record: ResourceRecord, reference: str, tags: list[Any]) -> bool:
    """Whether `reference` names what an image resource builds: by its reference, its digest or one of its tags."""
    outputs = record.outputs
    if reference in (outputs.get("ref"), outputs.get("repoDigest"), outputs.get("imageName")):
        return True
    digest = text(outputs, "digest")
    return reference in tags or (bool(digest) and reference.endswith(f"@{digest}"))


def container_environment(definition: Mapping[str, Any]) -> dict[str, str]:
    """The environment variables of a container definition."""
    variables = {}
    for entry in definition.get("environment") or []:
        with contextlib.suppress(KeyError):
            variables[str(entry["name"])] = str(entry["value"])
    return variables


def _words(definition: Mapping[str, Any], name: str) -> list[str] | None:
    words = definition.get(name)
    return [str(word) for word in words] if words else None
