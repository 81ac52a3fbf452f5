"""The arguments that name a program and say how it is run, the same for every command.

An option that all commands take which run a program's backends is added in `add_run_arguments`, and passed on in
`run_options`: nothing else needs to change.
"""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parity.cli.arguments.numbers import duration, whole_number
from parity.cli.arguments.suggestion import suggestion
from parity.errors import UserError
from parity.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

PROJECT_ROOT = Path(__file__).resolve().parents[3]
"""The program that is taken when the current folder is in none: this project's own."""
DEFAULT_STACK = "dev"
_URL = re.compile(r"https?://[^/\s]+")


def add_program_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds `PROGRAM`, `--stack`, `--config`, `--answers`: for commands that run a program and none of its backends."""
    parser.add_argument(
        "program",
        nargs="?",
        type=Path,
        metavar="PROGRAM",
        help="folder with Pulumi.yaml, a Python file, or an OpenAPI document (.yaml, .json) of API Gateway "
        "(default: the nearest parent folder with a Pulumi.yaml)",
    )
    group = parser.add_argument_group("the program")
    group.add_argument("--stack", metavar="NAME", help=f"stack whose configuration to use (default: {DEFAULT_STACK})")
    group.add_argument(
        "--config",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="configuration value that overrides the stack's (repeatable); lists as JSON, or by path: 'headers[0]=x-a'",
    )
    group.add_argument(
        "--answers",
        type=Path,
        metavar="FILE",
        help="what functions, other stacks and existing resources answer (default: parity.answers.yaml in the "
        "program's folder); see docs/answers.md",
    )
    group = parser.add_argument_group("an OpenAPI document in place of a program")
    group.add_argument(
        "--function",
        action="append",
        default=[],
        metavar="NAME=FOLDER[:HANDLER[:RUNTIME]]",
        help="the code of a function that the document invokes (repeatable); see docs/openapi.md",
    )
    group.add_argument(
        "--endpoint",
        action="append",
        default=[],
        metavar="[ORIGIN=]URL",
        help="where its HTTP integrations go: all of them, or those with an origin such as https://api.example.com",
    )


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds `add_program_arguments`, and what every command takes that also runs the program's backends."""
    add_program_arguments(parser)
    group = parser.add_argument_group("the backends")
    group.add_argument(
        "--container",
        choices=("process", "docker"),
        default="process",
        help="run container images as processes in their build context, or by a Docker engine (default: process)",
    )
    group.add_argument(
        "--aws-endpoint",
        action="append",
        default=[],
        metavar="[SERVICE=]URL",
        help="where AWS services answer, instead of the embedded emulator: LocalStack, DynamoDB Local (repeatable)",
    )
    group = parser.add_argument_group("the budget of a request's templates, JSONPath, patterns and models")
    group.add_argument(
        "--template-seconds", type=duration, default=2.0, metavar="N", help="processor time, in seconds (default: 2)"
    )
    group.add_argument(
        "--template-memory", type=whole_number(1), default=512, metavar="MB", help="memory, in MB (default: 512)"
    )


def aws_endpoints_of(options: argparse.Namespace) -> dict[str, str]:
    """The values of `--aws-endpoint` by service; the empty name is that of every other service.

    Raises:
        UserError: one is not a URL.
    """
    endpoints = {}
    for entry in options.aws_endpoint:
        service, _, url = entry.partition("=") if not _URL.match(entry) else ("", "", entry)
        if not _URL.match(url):
            raise UserError(
                f"--aws-endpoint {entry}: write a URL such as http://localhost:4566, or SERVICE=URL such as "
                "dynamodb=http://localhost:8000",
                status=2,
            )
        endpoints[service.strip().lower()] = url.rstrip("/")
    return endpoints


def run_options(options: argparse.Namespace) -> dict[str, Any]:
    """The arguments of `add_run_arguments` as keyword arguments of `parity.local.open_session`.

    Raises:
        UserError: a value is not `KEY=VALUE`, or an endpoint is not a URL.
    """
    from parity.gateway.lifecycle.request_work import BudgetSize

    return {
        "stack": stack_of(options),
        "config": config_of(options),
        "answers": options.answers,
        "container": options.container,
        "aws_endpoints": aws_endpoints_of(options),
        "budget": BudgetSize(options.template_seconds, options.template_memory * 1024 * 1024),
    }


def stack_of(options: argparse.Namespace) -> str:
    """The stack whose configuration is used."""
    stack: str | None = options.stack
    return stack or DEFAULT_STACK


def config_of(options: argparse.Namespace) -> "Mapping[str, str]":
    """The values of `--config` by key.

    Raises:
        UserError: one is not `KEY=VALUE`.
    """
    from parity.local.program.configuration import parse_config

    return {**parse_config(options.config), **_document_config(options)}


def _document_config(options: argparse.Namespace) -> dict[str, str]:
    """The configuration of the program that serves an OpenAPI document, of `--function` and `--endpoint`.

    Raises:
        UserError: a function is not `NAME=FOLDER`.
    """
    functions, endpoints = {}, {}
    for entry in getattr(options, "function", []):
        name, equals, given = entry.partition("=")
        if not equals or not name or not given:
            raise UserError(f"--function {entry}: write NAME=FOLDER, such as orders=functions/orders", status=2)
        functions[name] = given
    for entry in getattr(options, "endpoint", []):
        origin, equals, url = entry.rpartition("=")
        if not url.startswith(("http://", "https://")):
            raise UserError(f"--endpoint {entry}: write [ORIGIN=]URL, such as http://127.0.0.1:8080", status=2)
        endpoints[origin.rstrip("/")] = url
    values = {"parity:functions": functions, "parity:endpoints": endpoints}
    return {key: json.dumps(value) for key, value in values.items() if value}


def program_of(options: argparse.Namespace, *, needs_stack_file: bool = True) -> Path:
    """The program that was named; else the nearest folder with a Pulumi.yaml upwards, or this project's own.

    What there is to say of it goes to standard error, once for all calls with the same options.

    Args:
        options: the arguments of `add_program_arguments`.
        needs_stack_file: whether it is an error, and not only a warning, when `--stack` names a stack that has no
            file though other stacks have one.

    Raises:
        UserError: there is no program, or no file of the stack that was named.
    """
    known: Path | None = getattr(options, "program_found", None)
    if known is None:
        known = options.program_found = _found_program(options, needs_stack_file)
    return known


def _found_program(options: argparse.Namespace, needs_stack_file: bool) -> Path:
    program = _named_or_found(options.program)
    from parity.local.program.project import is_document

    if _document_config(options) and program.exists() and not is_document(program):
        raise UserError(f"--function and --endpoint are for an OpenAPI document, and {program} is not one", status=2)
    problem = missing_stack_file(program, options.stack) if options.stack else None
    if problem and needs_stack_file and not getattr(options, "deployed", False):
        raise UserError(problem, status=2)
    if not problem and options.stack and not getattr(options, "deployed", False):
        problem = _no_stack_files(program, options.stack)
    if problem:
        print(f"parity: warning: {printable(problem)}", file=sys.stderr)
    if options.config:
        _refuse_undeclared_keys(program, config_of(options))
    return program


def _refuse_undeclared_keys(program: Path, config: "Mapping[str, str]") -> None:
    """Says which keys of `--config` the project does not declare, all at once.

    Raises:
        UserError: there are some. Where the project cannot be read, whoever runs it says so.
    """
    from parity.local.program.configuration import undeclared_keys
    from parity.local.program.project import Project

    try:
        project = Project.at(program)
    except UserError:
        return
    problems = []
    for key, declared in undeclared_keys(project, config).items():
        close = suggestion(key.rpartition(":")[2], declared)
        meant = f"; did you mean {close}?" if close else f"; it declares {', '.join(sorted(declared))}"
        problems.append(f"--config {key}: {project.file} declares no such key{meant}")
    if problems:
        raise UserError("\n".join(problems), status=2)


def _named_or_found(program: Path | None) -> Path:
    from parity.local.program.project import find_project

    if program is not None:
        return program
    found = find_project(Path.cwd())
    if found is not None:
        return found
    if find_project(PROJECT_ROOT) == PROJECT_ROOT:
        text = f"no Pulumi.yaml in this folder or above it: using Parity's own program, {PROJECT_ROOT}"
        print(f"parity: {printable(text)}", file=sys.stderr)
        return PROJECT_ROOT
    raise UserError("no Pulumi.yaml here or in a parent folder; name the program's folder", status=2)


def missing_stack_file(program: Path, stack: str) -> str | None:
    """What to say when a stack has no configuration file although other stacks of its program have one.

    A program whose stacks have no files at all takes any name. Where the program itself cannot be read, whoever runs
    it says so.
    """
    from parity.local.program.project import Project

    try:
        project = Project.at(program)
    except UserError:
        return None
    stacks = project.stacks()
    if not stacks or project.stack_file(stack) is not None:
        return None
    text = f"--stack {stack}: there is no Pulumi.{stack}.yaml in {project.stack_config_folder or project.root}; "
    close = suggestion(stack, stacks)
    return text + (f"did you mean {close}? " if close else "") + f"The stacks are {', '.join(stacks)}"


def _no_stack_files(program: Path, stack: str) -> str | None:
    """What to say when a stack is named and the program has no configuration file of any stack."""
    from parity.local.program.project import Project

    try:
        project = Project.at(program)
    except UserError:
        return None
    if project.stacks():
        return None
    return (
        f"--stack {stack}: there is no Pulumi.{stack}.yaml, nor the file of another stack, in "
        f"{project.stack_config_folder or project.root}: the program runs without configuration of the stack's own"
    )
