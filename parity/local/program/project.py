"""A Pulumi project on disk: where its program is, and the configuration that a stack of it gets.

https://www.pulumi.com/docs/iac/concepts/projects/project-file/
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from parity.errors import UserError

PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml")
_DOCUMENT_PROGRAM = Path(__file__).parent / "document_program"
DEFAULT_REGION = "us-east-1"
ACCOUNT_ID = "123456789012"
"""The AWS account in which every program runs locally."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project: `name`, its folder (`root`), the program to run, and the folder to run it in.

    `document` is the OpenAPI document that is served in the place of a program of its own.
    """

    name: str
    root: Path
    program: Path
    directory: Path
    file: Path | None = None
    declared_config: Mapping[str, Any] = field(default_factory=dict)
    stack_config_folder: Path | None = None
    document: Path | None = None

    @classmethod
    def at(cls, path: Path) -> "Project":
        """Reads the project at `path`: a folder with Pulumi.yaml, a Python file (in or without one), or a document.

        Raises:
            UserError: there is no program, or Pulumi.yaml is wrong.
        """
        path = path.absolute()
        if not path.exists():
            raise UserError(
                f"{path} does not exist. Name a folder with a Pulumi.yaml, a Python file, or an OpenAPI document"
            )
        if path.is_file() and path.suffix == ".py":
            file = next((path.parent / name for name in PROJECT_FILES if (path.parent / name).is_file()), None)
            if file is None:
                return cls(name=path.parent.name, root=path.parent, program=path, directory=path.parent)
            return cls._read(file, path)
        if path.name in PROJECT_FILES and path.is_file():
            return cls._read(path, None)
        if is_document(path):
            return cls(
                name=path.stem, root=path.parent, program=_DOCUMENT_PROGRAM, directory=path.parent, document=path
            )
        file = next((path / name for name in PROJECT_FILES if (path / name).is_file()), None)
        if file is None:
            raise UserError(f"{path} is not a Pulumi program: Pulumi.yaml not found. Name a folder that has one.")
        return cls._read(file, None)

    @classmethod
    def _read(cls, file: Path, program: Path | None) -> "Project":
        content = read_yaml(file)
        name = content.get("name")
        if not isinstance(name, str) or not name:
            raise UserError(f"{file} has no 'name'; give the project one")
        runtime = content.get("runtime")
        language = runtime.get("name") if isinstance(runtime, dict) else runtime
        if language != "python":
            raise UserError(f"{file} says runtime: {language}; only programs in Python can be run here")
        main = program or (file.parent / str(content.get("main") or ".")).resolve()
        if not main.exists():
            raise UserError(f"{file} says main: {content.get('main')}, but there is no {main}")
        config = content.get("config")
        folder = (content.get("stackConfigDir") or "") if isinstance(content.get("stackConfigDir"), str) else ""
        return cls(
            name=name,
            root=file.parent,
            program=main,
            directory=main if main.is_dir() else main.parent,
            file=file,
            declared_config=config if isinstance(config, dict) else {},
            stack_config_folder=file.parent / folder,
        )

    def stacks(self) -> list[str]:
        """The names of the stacks that have a configuration file, sorted."""
        folder = self.stack_config_folder or self.root
        found = (re.fullmatch(r"Pulumi\.(.+)\.ya?ml", path.name) for path in folder.glob("Pulumi.*.y*ml"))
        return sorted({name[1] for name in found if name})

    def stack_file(self, stack: str) -> Path | None:
        """The stack's own configuration file, or None when there is none."""
        folder = self.stack_config_folder or self.root
        short = stack.rpartition("/")[2]
        candidates = (folder / f"Pulumi.{short}{suffix}" for suffix in (".yaml", ".yml"))
        return next((candidate for candidate in candidates if candidate.is_file()), None)


def is_document(path: Path) -> bool:
    """Whether a path is that of an OpenAPI document, and not of a program."""
    return path.suffix in (".yaml", ".yml", ".json") and path.name not in PROJECT_FILES and path.is_file()


def find_project(start: Path) -> Path | None:
    """The nearest folder with a Pulumi.yaml, from `start` upwards."""
    for folder in (start, *start.parents):
        if any((folder / name).is_file() for name in PROJECT_FILES):
            return folder
    return None


def read_yaml(file: Path) -> dict[str, Any]:
    """A YAML file that holds a mapping.

    Raises:
        UserError: the file cannot be read, is not YAML, or not a mapping.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader
    except OSError as error:
        raise UserError(f"{file} cannot be read ({error.strerror}); save it again") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{file} cannot be read as YAML: {error}") from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise UserError(f"{file} must hold a mapping, not {json.dumps(content)[:50]}")
    return content
