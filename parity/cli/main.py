"""The entry point of `parity`: finds the command, and turns what went wrong into one clear line."""

import argparse
import importlib
import itertools
import shutil
import sys
import textwrap
from collections.abc import Sequence
from types import ModuleType

from parity.errors import UserError

COMMANDS = {
    "serve": "run a Pulumi program locally and serve its REST APIs",
    "compare": "send the same requests to both integrations and explain each difference",
    "invoke": "send one request and print its trace, stage by stage",
    "render": "render one mapping template",
    "fuzz": "search for requests that break a mapping template",
    "lint": "check mapping templates and parameters without sending a request",
    "bench": "measure latency and throughput of both backends under the same load",
    "cost": "what the stack costs, idle and per million requests",
}
DESCRIPTION = """\
Compares the Lambda and the HTTP custom integration of one Amazon API Gateway REST API.
It runs a Pulumi program locally, without an AWS account, Docker or the Pulumi CLI."""
EPILOG = """\
start here:
  parity compare                       compare the two backends of the program in this folder
  parity serve                         serve its API, with a curl line to paste
  parity invoke GET /lambda/a?b=c      one request through the gateway, stage by stage

'parity COMMAND --help' tells more of each."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command.

    Args:
        argv: the arguments after the program's name; those of the process when None.

    Returns:
        The exit status: 0 for success, 1 for a finding or a failure, 2 for a usage error, 130 when interrupted.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    command = next((word for word in arguments if word in COMMANDS), None) if arguments[:1] != ["--help"] else None
    try:
        options = _parser(command).parse_args(arguments)
        return int(_module(options.command).run(options))
    except UserError as error:
        print(f"parity: {error}", file=sys.stderr)
        return error.status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1


def _parser(command: str | None) -> argparse.ArgumentParser:
    """The parser, with the arguments of `command` alone, so that no other command's module is imported."""
    parser = argparse.ArgumentParser(
        prog="parity", description=DESCRIPTION, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, summary in COMMANDS.items():
        if name == command:
            module = _module(name)
            subparser = commands.add_parser(
                name,
                help=summary,
                description=_filled(module.__doc__ or ""),
                formatter_class=argparse.RawDescriptionHelpFormatter,
            )
            module.add_arguments(subparser)
        else:
            commands.add_parser(name, help=summary)
    return parser


def _filled(text: str) -> str:
    """A module's docstring for the terminal's width; indented lines are tables and examples, and stay as they are."""
    width = min(shutil.get_terminal_size().columns, 100) - 2
    groups = itertools.groupby(text.strip().splitlines(), key=lambda line: bool(line) and not line.startswith(" "))
    return "\n".join(textwrap.fill(" ".join(lines), width) if prose else "\n".join(lines) for prose, lines in groups)


def _module(command: str) -> ModuleType:
    return importlib.import_module(f"parity.cli.{command}")
