"""The arguments that name a program and its configuration, the same for every command."""

import argparse
from pathlib import Path

from parity.errors import UserError

PROJECT_ROOT = Path(__file__).resolve().parents[2]
"""The program that is taken when the current folder is in none: this project's own."""
DEFAULT_STACK = "dev"


def add_program_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds `PROGRAM`, `--stack` and `--config`."""
    add_program_argument(parser)
    parser.add_argument(
        "--stack", default=DEFAULT_STACK, metavar="NAME", help=f"the stack to be (default: {DEFAULT_STACK})"
    )
    add_config_argument(
        parser,
        "configuration value that overrides the stack's (repeatable); lists as JSON, or by path: 'headers[0]=x-a'",
    )


def add_program_argument(parser: argparse.ArgumentParser) -> None:
    """Adds `PROGRAM`."""
    parser.add_argument(
        "program",
        nargs="?",
        type=Path,
        metavar="PROGRAM",
        help="folder with Pulumi.yaml, or a Python file (default: the nearest such folder from here upwards)",
    )


def add_config_argument(parser: argparse._ActionsContainer, text: str) -> None:
    """Adds `--config`, with its help."""
    parser.add_argument("--config", action="append", default=[], metavar="KEY=VALUE", help=text)


def program_of(program: Path | None) -> Path:
    """The program that was named; else the nearest folder with a Pulumi.yaml upwards, or this project's own.

    Raises:
        UserError: there is none.
    """
    from parity.local.program.project import find_project

    if program is not None:
        return program
    found = find_project(Path.cwd())
    if found is not None:
        return found
    if find_project(PROJECT_ROOT) == PROJECT_ROOT:
        return PROJECT_ROOT
    raise UserError("no Pulumi.yaml here or in a folder above; name the program's folder", status=2)
