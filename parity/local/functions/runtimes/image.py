"""Functions that are container images, run as processes in their build context, like the containers of ECS services.

https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
"""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from parity.local.containers.command import CommandError, ContainerCommand
from parity.local.containers.files import ContainerFiles
from parity.local.containers.image import ImageSource
from parity.local.dockerfile.image import LAMBDA_BASE_IMAGE, Stage, read_image
from parity.local.dockerfile.parser import DockerfileError
from parity.local.functions.runtimes.nodejs import LATEST_NODEJS, nodejs_runtime
from parity.local.functions.runtimes.runtime import Runtime, RuntimeUnavailableError

_PORT = 8080  # replaced by itself: an image of a function listens at none


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionImage:
    """The image of a function.

    Attributes:
        source: where it comes from.
        command: the function's `image_config.commands`, in place of the image's CMD.
        entry_point: likewise its `entry_points`.
        scratch: an empty folder, in which its working directory is put together where the context has none like it.
    """

    source: ImageSource
    command: Sequence[str] | None
    entry_point: Sequence[str] | None
    scratch: Path


def image_runtime(image: FunctionImage) -> Runtime:
    """How such a function is started: what its image would run, with the packages of Parity's own environment.

    Raises:
        RuntimeUnavailableError: it is not built by the program, or its command cannot be run locally.
    """
    source = image.source
    if source.context is None:
        raise RuntimeUnavailableError(
            f"is the container image {source.reference!r}, which is not built from a Dockerfile of this program, "
            "so there is nothing to run: declare the build with docker_build.Image"
        )
    path = source.dockerfile_path()
    try:
        text = source.dockerfile_text or path.read_text(encoding="utf-8")
        docker_image = read_image(text, build_args=source.build_args, target=source.target)
        files = ContainerFiles(docker_image, source.context)
        return _runtime(image, docker_image.target, files, files.working_folder(image.scratch))
    except OSError as error:
        raise RuntimeUnavailableError(f"has a Dockerfile that cannot be read: {path} ({error.strerror})") from error
    except DockerfileError as error:
        raise RuntimeUnavailableError(f"has a Dockerfile that Docker refuses: {path}, {error}") from error
    except CommandError as error:
        raise RuntimeUnavailableError(f"cannot be run as a process ({path}): {error}") from error


def _runtime(image: FunctionImage, stage: Stage, files: ContainerFiles, folder: Path) -> Runtime:
    command = list(image.command or stage.command or ())
    base = LAMBDA_BASE_IMAGE.search(stage.base)
    entry_point = list(image.entry_point or stage.entry_point or ())
    if base is not None and not entry_point:
        return _of_base_image(base["language"], base["version"], stage, folder, command)
    if any(Path(word).name in ("aws-lambda-ric", "npx") for word in entry_point):
        return _nodejs(_node_of(stage.base), stage, folder, command)
    arguments = ContainerCommand(stage, files, port=_PORT, host_port=_PORT).arguments(entry_point, command)
    return Runtime(
        arguments=arguments,
        folder=folder,
        defaults={**stage.environment, "PATH": ContainerCommand.search_path()},
    )


def _of_base_image(language: str, version: str, stage: Stage, folder: Path, command: list[str]) -> Runtime:
    """What AWS's base image for a language runs: the handler that CMD names."""
    if language == "nodejs":
        major = version.partition(".")[0]
        name = f"nodejs{major}.x" if major.isdigit() else _node_of("")
        return _nodejs(name, stage, folder, command)
    if language != "python":
        raise RuntimeUnavailableError(f"has the base image {stage.base!r}, whose runtime is not emulated")
    running = f"{sys.version_info[0]}.{sys.version_info[1]}"
    declared = re.match(r"3\.\d+", version)
    other = declared is not None and declared[0] != running
    return Runtime(
        # Not isolated, as a function of a Zip is: what RUN would install is in Parity's own environment, or nowhere.
        arguments=[sys.executable, "-B", "-m", "awslambdaric", _handler(command)],
        folder=folder,
        defaults={**stage.environment, "PATH": ContainerCommand.search_path(), "PYTHONPATH": str(folder)},
        programs=Path(sys.executable).parent,
        version=f"python:{running}",
        note=f"has the base image {stage.base!r}, and runs with Python {running} and its packages" if other else "",
    )


def _nodejs(name: str, stage: Stage, folder: Path, command: list[str]) -> Runtime:
    runtime = nodejs_runtime(name, handler=_handler(command), code=folder, layers=(), environment=stage.environment)
    return replace(runtime, defaults=stage.environment)


def _handler(command: Sequence[str]) -> str:
    if not command:
        raise CommandError('it names no handler: give its Dockerfile a CMD, such as CMD ["app.handler"]')
    return command[-1]


def _node_of(base: str) -> str:
    """The runtime for the major version in a base image's tag, such as `node:20-slim`."""
    found = re.search(r"node:(\d+)", base)
    return f"nodejs{found[1] if found else LATEST_NODEJS}.x"
