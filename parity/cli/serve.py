"""Runs a Pulumi program on this machine and serves its REST APIs.

Lambda functions run in processes of their own behind a local Lambda Runtime API, containers as processes in their build
context, and each REST API answers at a port of its own. Ends with Ctrl-C or SIGTERM.
"""

import argparse
from pathlib import Path

from parity.errors import UserError

PROJECT_ROOT = Path(__file__).resolve().parents[2]
"""The program that is served when the current folder is in none: this project's own."""

EXAMPLES = """\
examples:
  parity serve                                        the program of this folder
  parity serve ../other --stack prod                  another program, with the configuration of its stack prod
  parity serve --config headers='["x-a"]' --watch     with other configuration, and taking each edit at once"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.epilog = EXAMPLES
    parser.add_argument(
        "program",
        nargs="?",
        type=Path,
        metavar="PROGRAM",
        help="folder with Pulumi.yaml, or a Python file (default: the nearest such folder from here upwards)",
    )
    parser.add_argument("--stack", default="dev", metavar="NAME", help="the stack to be (default: dev)")
    parser.add_argument(
        "--config",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a configuration value that comes before the stack's own; lists as JSON, or by path: 'headers[0]=x-a'",
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to serve at (default: 127.0.0.1)")
    parser.add_argument(
        "--port", type=_port, default=0, help="the port of the first REST API (default: a free one, as for the others)"
    )
    parser.add_argument(
        "--outputs",
        type=Path,
        metavar="FILE",
        help="write the stack's outputs to FILE, as JSON, once requests are taken",
    )
    parser.add_argument("--watch", action="store_true", help="take every saved template, handler and program file")
    parser.add_argument(
        "--container",
        choices=("process", "docker"),
        default="process",
        help="run container images as processes in their build context, or by a Docker engine (default: process)",
    )


def run(options: argparse.Namespace) -> int:
    """Serves until it is interrupted.

    Args:
        options: the parsed arguments.

    Returns:
        0 when it was ended by a signal.

    Raises:
        UserError: the program or its configuration is wrong, or the port is taken.
    """
    config = parse_config(options.config)
    program = options.program or default_program()
    from parity.local.program import Worker, interpreter_of

    worker = Worker(interpreter_of(program))  # imports the Pulumi SDK in its process while this one imports what serves
    from parity.cli.serving import Serving

    return Serving(program, options, config, worker).run()


def parse_config(entries: list[str]) -> dict[str, str]:
    """Reads `KEY=VALUE` arguments.

    Raises:
        UserError: one has no `=`.
    """
    config = {}
    for entry in entries:
        key, equals, value = entry.partition("=")
        if not equals or not key:
            raise UserError(
                f"--config {entry}: write KEY=VALUE, such as backend=lambda or aws:region=eu-west-1", status=2
            )
        config[key] = value
    return config


def default_program() -> Path:
    """The nearest folder with a Pulumi.yaml from the current one upwards, or this project's own.

    Raises:
        UserError: there is neither.
    """
    from parity.local.project import find_project

    found = find_project(Path.cwd())
    if found is not None:
        return found
    if find_project(PROJECT_ROOT) == PROJECT_ROOT:
        return PROJECT_ROOT
    raise UserError("no Pulumi.yaml here or in a folder above; name the program: parity serve PROGRAM", status=2)


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65_535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return number
