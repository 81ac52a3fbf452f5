"""Turns an image's own command into one that runs locally, in the environment that Parity runs in."""

import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from parity.local.containers.files import ContainerFiles
from parity.local.dockerfile.image import Stage

_PYTHON = re.compile(r"python(3(\.\d+)?)?")
_ABSOLUTE_PATH = re.compile(r"(?<![\w./:$}-])/[\w.@+-]+(?:/[\w.@+-]+)*")
_INIT_PROGRAMS = frozenset({"tini", "dumb-init", "catatonit", "docker-init"})
_PROGRAM_FOLDERS = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
_ANY_ADDRESS = "0.0.0.0"  # noqa: S104 - looked for, to be replaced


class CommandError(Exception):
    """The image's command cannot be run as a process locally; the text says why."""


class ContainerCommand:
    """Finds out how to run an image's command here.

    Args:
        stage: the image's final stage.
        files: finds the image's files in the build context.
        port: the port that the container listens at in the image.
        host_port: the port that it is to listen at here.
    """

    def __init__(self, stage: Stage, files: ContainerFiles, *, port: int, host_port: int) -> None:
        self._stage = stage
        self._files = files
        self._port = str(port)
        self._host_port = str(host_port)

    @staticmethod
    def search_path() -> str:
        """The PATH: the programs of Parity's own environment, then the system's."""
        return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])

    def arguments(self, entry_point: Sequence[str] | None, command: Sequence[str] | None) -> list[str]:
        """The command line.

        Args:
            entry_point: the task definition's `entryPoint`, in place of the image's and its CMD.
            command: the task definition's `command`, in place of the image's.

        Raises:
            CommandError: there is no command, or its program is not installed.
        """
        whole = self._image_arguments(entry_point, command)
        if not whole:
            raise CommandError(
                f"it has no CMD or ENTRYPOINT of its own: the command comes with its base image {self._stage.base!r}"
            )
        whole = _without_init_program(whole)
        program = self._program(whole[0])
        return [*program, *self._with_own_port([self._localize(argument) for argument in whole[1:]])]

    def takes_port(
        self, declared: Mapping[str, str], entry_point: Sequence[str] | None, command: Sequence[str] | None
    ) -> bool:
        """Whether an environment variable or an argument tells the container its port, so that it can be another.

        Args:
            declared: the image's and the task definition's environment variables.
            entry_point: as in `arguments`.
            command: as in `arguments`.
        """
        if any(is_port_variable(name) and value == self._port for name, value in declared.items()):
            return True
        arguments = self._image_arguments(entry_point, command)
        if any(re.search(r"\$\{?PORT\b", argument) for argument in arguments):
            return True
        return self._host_port in " ".join(self._with_own_port(arguments))

    def variables(self, declared: Mapping[str, str]) -> dict[str, str]:
        """The container's environment variables, with its port, address and paths as they are here.

        Args:
            declared: the image's and the task definition's, by name.
        """
        result: dict[str, str] = {"PORT": self._host_port}
        for name, value in declared.items():
            if is_port_variable(name) and value == self._port:
                result[name] = self._host_port
            elif name == "PYTHONPATH":
                result[name] = os.pathsep.join(self._localize(entry) for entry in value.split(":"))
            else:
                result[name] = "127.0.0.1" if value == _ANY_ADDRESS else self._localize(value)
        result["PATH"] = self.search_path()
        return result

    def _image_arguments(self, entry_point: Sequence[str] | None, command: Sequence[str] | None) -> list[str]:
        if entry_point:
            return [*entry_point, *(command or ())]
        tail = command if command is not None else self._stage.command
        if self._stage.entry_point is None:
            return list(tail or ())
        return [*self._stage.entry_point, *(tail or () if self._stage.entry_point_takes_arguments else ())]

    def _program(self, name: str) -> list[str]:
        """The command line's beginning that starts the program `name` of the image."""
        for folder in [self._stage.working_directory] if "/" in name else _PROGRAM_FOLDERS:
            path = self._files.find(str(PurePosixPath(folder, name)))
            if path is not None and path.is_file():
                return [str(path)] if os.access(path, os.X_OK) else [*_shebang(path), str(path)]
        bare = PurePosixPath(name).name
        if _PYTHON.fullmatch(bare):
            return [sys.executable]
        found = shutil.which(bare, path=self.search_path())
        if found is None:
            raise CommandError(
                f"its program {name!r} is neither in the build context nor on the PATH "
                f"(the image has it from its base image {self._stage.base!r}, or installs it): install it here too"
            )
        return [found]

    def _localize(self, text: str) -> str:
        """Replaces the paths of the image by those of the build context, where they lead there."""

        def replacement(match: re.Match[str]) -> str:
            found = self._files.find(match[0])
            return str(found) if found is not None else match[0]

        return _ABSOLUTE_PATH.sub(replacement, text)

    def _with_own_port(self, arguments: list[str]) -> list[str]:
        """Replaces the port, where an argument says it, and the address 0.0.0.0: nobody else is to reach it here."""
        result = []
        for position, argument in enumerate(arguments):
            before = arguments[position - 1] if position else ""
            if argument == self._port and re.fullmatch(r"--?[\w-]*p(ort)?", before):
                result.append(self._host_port)
                continue
            text = re.sub(rf"(--[\w-]*port[= ]|:){self._port}\b", rf"\g<1>{self._host_port}", argument)
            result.append(text.replace(_ANY_ADDRESS, "127.0.0.1"))
        return result


def is_port_variable(name: str) -> bool:
    """Whether an environment variable of that name says where a server listens."""
    return name.upper() == "PORT" or name.upper().endswith("_PORT")


def _without_init_program(arguments: list[str]) -> list[str]:
    """Leaves out an init program (`tini --`): what it does in a container is not needed here."""
    while len(arguments) > 1 and PurePosixPath(arguments[0]).name in _INIT_PROGRAMS:
        arguments = arguments[1:]
        while len(arguments) > 1 and arguments[0].startswith("-"):
            arguments = arguments[1:]
    return arguments


def _shebang(path: Path) -> list[str]:
    """The interpreter of a script that a build would make executable."""
    with path.open("rb") as file:
        first = file.readline(256).decode("utf-8", "replace").strip()
    if not first.startswith("#!"):
        raise CommandError(f"{path} is not executable and names no interpreter (#!)")
    words = first[2:].split()
    if not words:
        raise CommandError(f"{path} is not executable and names no interpreter after #!")
    name = PurePosixPath(words[-1] if PurePosixPath(words[0]).name == "env" else words[0]).name
    if _PYTHON.fullmatch(name):
        return [sys.executable]
    return [shutil.which(name) or words[0]]
