"""Runs a Pulumi program without serving anything."""

import asyncio
from pathlib import Path

from parity.local.program.configuration import configure
from parity.local.program.project import Project
from parity.local.program.records import ResourceRecord
from parity.local.program.worker_process import ProgramResult, Worker

PROGRAMS = Path(__file__).parent / "programs"


def run_program(folder: Path, *, stack: str = "dev", config: dict[str, str] | None = None) -> ProgramResult:
    """Runs the program in `folder` to its end; its APIs would be served at http://local.test."""
    project = Project.at(folder)
    configuration = configure(project, stack, config or {})

    async def run() -> ProgramResult:
        return await Worker(project.root).run(project, stack, configuration, origin_of=lambda urn: "http://local.test")

    return asyncio.run(run())


def write_program(folder: Path, source: str, *, name: str = "written") -> Path:
    """Writes a program into `folder` and returns it."""
    (folder / "Pulumi.yaml").write_text(f"name: {name}\nruntime: python\n")
    (folder / "__main__.py").write_text(source)
    return folder


def resource(result: ProgramResult, type_: str, name: str) -> ResourceRecord:
    """The one resource of that type and name."""
    (found,) = (record for record in result.resources if (record.type, record.name) == (type_, name))
    return found
