"""A runtime: the program that an execution environment starts, in place of the one that Lambda has.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


class RuntimeUnavailableError(Exception):
    """A function's runtime cannot be run; the text, without the function's name, says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """How a function is started.

    Attributes:
        arguments: the command line.
        folder: its working directory, `/var/task` on AWS.
        defaults: environment variables that the function's own come before, such as those of its image.
        variables: the environment variables of the runtime itself, over the function's.
        programs: the folder of the runtime's own programs, for the PATH.
        version: what INIT_START names, such as `python:3.13`; empty for a runtime that is the function's own.
        note: what differs from the runtime that was declared; empty when nothing does.
    """

    arguments: Sequence[str]
    folder: Path
    defaults: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    programs: Path | None = None
    version: str = ""
    note: str = ""
