"""What a Dockerfile's image is run with: the state that its instructions leave behind, stage by stage.

https://docs.docker.com/reference/dockerfile/
"""

import platform
import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from parity.local.dockerfile.parser import Dockerfile, DockerfileError, Instruction, parse_dockerfile
from parity.local.dockerfile.words import assignments, expand, split_words

DEFAULT_SHELL = ("/bin/sh", "-c")

LAMBDA_BASE_IMAGE = re.compile(r"(?:^|/)(?:aws-)?lambda[-/](?P<language>[a-z]+):(?P<version>[\w.-]+)")
"""AWS's base images for functions: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html"""
_LAMBDA_VARIABLES = {"LAMBDA_TASK_ROOT": "/var/task", "LAMBDA_RUNTIME_DIR": "/var/runtime"}


@dataclass(frozen=True, slots=True)
class Copy:
    """A COPY or ADD instruction.

    Attributes:
        sources: what is copied, relative to the build context or to `stage`.
        destination: the absolute path in the image; a folder when it ends with a slash.
        stage: the stage that it is copied from, by its number; None for the build context.
    """

    sources: tuple[str, ...]
    destination: str
    stage: int | None


@dataclass(slots=True)
class Stage:
    """One build stage, after all its instructions. The fields are the instructions' own.

    Attributes:
        base: the image that its FROM names, through earlier stages: the one that comes from outside.
        command: CMD as it is run; None when the stage does not say.
        entry_point: ENTRYPOINT likewise.
        entry_point_takes_arguments: false for a shell form, which CMD is not handed to.
        ports: the ports that EXPOSE names.
        copies: its COPY and ADD instructions in order, those of the stages below it first.
    """

    name: str
    base: str
    environment: dict[str, str] = field(default_factory=dict)
    working_directory: str = "/"
    command: list[str] | None = None
    entry_point: list[str] | None = None
    entry_point_takes_arguments: bool = True
    shell: tuple[str, ...] = DEFAULT_SHELL
    ports: list[int] = field(default_factory=list)
    stop_signal: str = "SIGTERM"
    copies: list[Copy] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DockerImage:
    """The stages of a Dockerfile, and the one that is built."""

    stages: list[Stage]
    target: Stage


def read_image(text: str, *, build_args: Mapping[str, str], target: str | None = None) -> DockerImage:
    """Reads what a Dockerfile's image is run with. Nothing is built: RUN has no effect.

    Args:
        text: the Dockerfile.
        build_args: the build arguments, by name.
        target: the name or number of the stage to build; the last one without it.

    Raises:
        DockerfileError: Docker would refuse the Dockerfile, or there is no such stage.
    """
    builder = _Builder(parse_dockerfile(text), build_args)
    builder.run()
    if not builder.stages:
        raise DockerfileError(1, "the Dockerfile has no FROM")
    if target is None:
        return DockerImage(builder.stages, builder.stages[-1])
    number = builder.stage_number(target)
    if number is None:
        names = ", ".join(stage.name for stage in builder.stages if stage.name) or "none has a name"
        raise DockerfileError(1, f"there is no stage {target!r}; the stages: {names}")
    return DockerImage(builder.stages, builder.stages[number])


class _Builder:
    def __init__(self, dockerfile: Dockerfile, build_args: Mapping[str, str]) -> None:
        self.stages: list[Stage] = []
        self._dockerfile = dockerfile
        self._build_args = build_args
        self._predefined = _platform_arguments()
        self._global_args: dict[str, str] = {}
        self._args: dict[str, str] = {}
        self._command_is_own = False
        self._handlers: dict[str, Callable[[Stage, Instruction], None]] = {
            "ENV": self._env,
            "WORKDIR": self._workdir,
            "CMD": self._cmd,
            "ENTRYPOINT": self._entrypoint,
            "SHELL": self._shell,
            "EXPOSE": self._expose,
            "STOPSIGNAL": self._stopsignal,
            "COPY": self._copy,
            "ADD": self._copy,
        }

    def run(self) -> None:
        for instruction in self._dockerfile.instructions:
            if instruction.keyword == "FROM":
                self._from(instruction)
            elif instruction.keyword == "ARG":
                self._arg(instruction)
            elif not self.stages:
                raise DockerfileError(instruction.line, f"{instruction.keyword} stands before FROM")
            elif handler := self._handlers.get(instruction.keyword):
                handler(self.stages[-1], instruction)

    def stage_number(self, name: str) -> int | None:
        for number, stage in reversed(list(enumerate(self.stages))):
            if stage.name == name.lower():
                return number
        return int(name) if name.isdigit() and int(name) < len(self.stages) else None

    def _expand(self, text: str, variables: Mapping[str, str]) -> str:
        return expand(text, variables, self._dockerfile.escape)

    def _variables(self, stage: Stage) -> dict[str, str]:
        return {**self._args, **stage.environment}

    def _words(self, stage: Stage, instruction: Instruction) -> list[str]:
        words = split_words(instruction.arguments, self._dockerfile.escape)
        return [self._expand(word, self._variables(stage)) for word in words]

    def _from(self, instruction: Instruction) -> None:
        words = split_words(instruction.arguments, self._dockerfile.escape)
        if len(words) not in (1, 3) or (len(words) == 3 and words[1].upper() != "AS"):
            raise DockerfileError(instruction.line, "FROM takes an image, and perhaps AS and a name")
        image = self._expand(words[0], {**self._predefined, **self._global_args})
        if not image:
            raise DockerfileError(instruction.line, f"the image of FROM {words[0]} is empty: give the build argument")
        name = words[2].lower() if len(words) == 3 else ""
        number = self.stage_number(image) if not image.isdigit() else None
        self._args = {}
        self._command_is_own = False
        if number is None:
            self.stages.append(_first_stage(name, image))
            return
        below = self.stages[number]
        self.stages.append(
            Stage(
                name,
                below.base,
                dict(below.environment),
                below.working_directory,
                below.command,
                below.entry_point,
                below.entry_point_takes_arguments,
                below.shell,
                list(below.ports),
                below.stop_signal,
                list(below.copies),
            )
        )

    def _arg(self, instruction: Instruction) -> None:
        stage = self.stages[-1] if self.stages else None
        known = self._variables(stage) if stage else {**self._predefined, **self._global_args}
        for word in split_words(instruction.arguments, self._dockerfile.escape):
            name, has_default, default = word.partition("=")
            value = self._build_args.get(name)
            if value is None and has_default:
                value = self._expand(default, known)
            if value is None and stage:
                value = self._global_args.get(name, self._predefined.get(name))
            if value is not None:
                (self._args if stage else self._global_args)[name] = value
                known[name] = value

    def _env(self, stage: Stage, instruction: Instruction) -> None:
        stage.environment.update(assignments(instruction.arguments, self._variables(stage), self._dockerfile.escape))

    def _workdir(self, stage: Stage, instruction: Instruction) -> None:
        folder = self._expand(instruction.arguments, self._variables(stage))
        stage.working_directory = posixpath.normpath(posixpath.join(stage.working_directory, folder))

    def _run_form(self, stage: Stage, instruction: Instruction) -> list[str]:
        listed = instruction.json_list()
        return listed if listed is not None else [*stage.shell, instruction.arguments]

    def _cmd(self, stage: Stage, instruction: Instruction) -> None:
        stage.command = self._run_form(stage, instruction)
        self._command_is_own = True

    def _entrypoint(self, stage: Stage, instruction: Instruction) -> None:
        stage.entry_point = self._run_form(stage, instruction) or None
        stage.entry_point_takes_arguments = instruction.json_list() is not None
        if not self._command_is_own:
            stage.command = None  # a new entry point drops the command of the image below

    def _shell(self, stage: Stage, instruction: Instruction) -> None:
        listed = instruction.json_list()
        if not listed:
            raise DockerfileError(instruction.line, 'SHELL takes a JSON list: ["program", "argument"]')
        stage.shell = tuple(listed)

    def _expose(self, stage: Stage, instruction: Instruction) -> None:
        for word in self._words(stage, instruction):
            first = word.partition("/")[0].partition("-")[0]
            if first.isdigit() and int(first) not in stage.ports:
                stage.ports.append(int(first))

    def _stopsignal(self, stage: Stage, instruction: Instruction) -> None:
        stage.stop_signal = self._expand(instruction.arguments, self._variables(stage))

    def _copy(self, stage: Stage, instruction: Instruction) -> None:
        listed = instruction.json_list()
        words = listed if listed is not None else split_words(instruction.arguments, self._dockerfile.escape)
        words = [self._expand(word, self._variables(stage)) for word in words]
        if len(words) < 2:
            raise DockerfileError(instruction.line, f"{instruction.keyword} takes sources and a destination")
        *sources, destination = words
        sources = [source for source in sources if not source.startswith("<<") and "://" not in source]
        origin = instruction.flags.get("from")
        number = self.stage_number(self._expand(origin, self._variables(stage))) if origin else None
        if not sources or (origin and number is None):
            return  # its content stands in the Dockerfile, on a server or in another image
        path = posixpath.normpath(posixpath.join(stage.working_directory, destination))
        is_folder = destination.endswith(("/", "/.")) or destination == "." or len(sources) > 1
        slash = "/" if is_folder or path == stage.working_directory else ""
        stage.copies.append(Copy(tuple(sources), path.rstrip("/") + slash, number))


def _first_stage(name: str, image: str) -> Stage:
    """A stage that begins with an image from outside; of AWS's base images it is known what they set."""
    if LAMBDA_BASE_IMAGE.search(image):
        return Stage(name, image, dict(_LAMBDA_VARIABLES), _LAMBDA_VARIABLES["LAMBDA_TASK_ROOT"])
    return Stage(name, image)


def _platform_arguments() -> dict[str, str]:
    machine = platform.machine().lower()
    architecture = {"x86_64": "amd64", "aarch64": "arm64"}.get(machine, machine)
    arguments: dict[str, str] = {}
    for prefix in ("TARGET", "BUILD"):
        arguments |= {
            f"{prefix}PLATFORM": f"linux/{architecture}",
            f"{prefix}OS": "linux",
            f"{prefix}ARCH": architecture,
        }
        arguments |= {f"{prefix}VARIANT": ""}
    return arguments
