"""Reads a Dockerfile into its instructions: continuations, comments, parser directives, flags and here-documents.

https://docs.docker.com/reference/dockerfile/
"""

import json
import re
from dataclasses import dataclass, field

_DIRECTIVE = re.compile(r"#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(.+?)\s*")
_HEREDOC = re.compile(r"""<<(-?)(["']?)([A-Za-z_][A-Za-z0-9_]*)\2""")
_FLAG = re.compile(r"--([a-z-]+)(?:=(\S+))?(?:\s+|$)")
_WITH_HEREDOCS = frozenset({"RUN", "COPY", "ADD"})

INSTRUCTIONS = frozenset(
    {
        *("ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL"),
        *("MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"),
    }
)


class DockerfileError(Exception):
    """A Dockerfile that Docker would refuse.

    Attributes:
        line: the number of the line, from 1.
    """

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """One instruction.

    Attributes:
        keyword: its name in capitals.
        arguments: the text after its name and flags, with continued lines joined.
        flags: `--name=value`, by name; several of one name keep the last.
        heredocs: the names of its here-documents.
        line: the number of its first line, from 1.
    """

    keyword: str
    arguments: str
    line: int
    flags: dict[str, str] = field(default_factory=dict)
    heredocs: tuple[str, ...] = ()

    def json_list(self) -> list[str] | None:
        """The arguments of the exec form, or None when this is the shell form."""
        if not self.arguments.startswith("["):
            return None
        try:
            values = json.loads(self.arguments)
        except ValueError:
            return None
        if isinstance(values, list) and all(isinstance(value, str) for value in values):
            return values
        return None


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """A parsed Dockerfile; `escape` is its escape character."""

    instructions: list[Instruction]
    escape: str


def parse_dockerfile(text: str) -> Dockerfile:
    """Parses a Dockerfile.

    Args:
        text: its content.

    Raises:
        DockerfileError: it has an unknown instruction, an unfinished here-document, or none at all.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    escape = _escape_character(lines)
    instructions: list[Instruction] = []
    position = 0
    while position < len(lines):
        stripped = lines[position].strip()
        if not stripped or stripped.startswith("#"):
            position += 1
            continue
        first = position
        logical, position = _join_continued(lines, position, escape)
        instruction = _instruction(logical, first + 1)
        if instruction.heredocs:
            position = _skip_heredocs(lines, position, instruction)
        instructions.append(instruction)
    if not instructions:
        raise DockerfileError(1, "the Dockerfile has no instructions")
    return Dockerfile(instructions, escape)


def _escape_character(lines: list[str]) -> str:
    """Directives stand before everything else, a comment too."""
    for line in lines:
        match = _DIRECTIVE.fullmatch(line.strip())
        if match is None:
            break
        if match[1].lower() == "escape" and match[2] in ("\\", "`"):
            return match[2]
    return "\\"


def _join_continued(lines: list[str], position: int, escape: str) -> tuple[str, int]:
    """Joins a line with those that continue it; returns it and the position after it."""
    parts: list[str] = []
    while position < len(lines):
        line = lines[position]
        position += 1
        if parts and (not line.strip() or line.lstrip().startswith("#")):
            continue  # comments and empty lines within an instruction are left out
        text = line.rstrip()
        if text.endswith(escape):
            parts.append(text[:-1])
            continue
        parts.append(text)
        break
    return "".join(parts).strip(), position


def _instruction(logical: str, line: int) -> Instruction:
    keyword, _, rest = logical.partition(" ") if " " in logical else logical.partition("\t")
    keyword = keyword.upper()
    if keyword not in INSTRUCTIONS:
        raise DockerfileError(line, f"unknown instruction: {keyword}")
    rest = rest.strip()
    flags: dict[str, str] = {}
    while match := _FLAG.match(rest):
        flags[match[1]] = match[2] or "true"
        rest = rest[match.end() :]
    heredocs = tuple(match[3] for match in _HEREDOC.finditer(rest)) if keyword in _WITH_HEREDOCS else ()
    return Instruction(keyword=keyword, arguments=rest, flags=flags, heredocs=heredocs, line=line)


def _skip_heredocs(lines: list[str], position: int, instruction: Instruction) -> int:
    for match in _HEREDOC.finditer(instruction.arguments):
        dashed, name = match[1], match[3]
        while position < len(lines):
            line = lines[position].lstrip("\t") if dashed else lines[position]
            position += 1
            if line == name:
                break
        else:
            raise DockerfileError(instruction.line, f"the here-document {name} has no end")
    return position
