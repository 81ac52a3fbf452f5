"""What a program declares, without making any of it live."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from parity.local.program.configuration import configure
from parity.local.program.project import Project
from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import ResourceIndex
from parity.local.program.worker_process import Worker
from parity.local.rest_api.rest_apis import DeployedApi, rest_apis

UNSERVED_ORIGIN = "https://not-served.invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A project's folder, and the resources and REST APIs that its program declares."""

    root: Path
    resources: tuple[ResourceRecord, ...]
    apis: tuple[DeployedApi, ...]


async def declared(
    program: Path, *, stack: str = "dev", config: Mapping[str, str] | None = None, answers: Path | None = None
) -> Declared:
    """Runs a Pulumi program and assembles its REST APIs; no backend is started and nothing is served.

    Args:
        program: a folder with Pulumi.yaml, or a Python file.
        stack: the stack's name; `Pulumi.{stack}.yaml` is read where it exists.
        config: configuration values that come before the stack's own.
        answers: the file of answers; None for `parity.answers.yaml` beside the program, if there is one.

    Raises:
        UserError: the program or its configuration is wrong.
    """
    worker = Worker(program)
    try:
        project = Project.at(program)
        configuration = configure(project, stack, config or {}, answers_file=answers)
    except BaseException:
        worker.kill()
        raise
    result = await worker.run(project, stack, configuration, origin_of=lambda _: UNSERVED_ORIGIN)
    return Declared(
        root=project.root, resources=tuple(result.resources), apis=tuple(rest_apis(ResourceIndex(result.resources)))
    )
