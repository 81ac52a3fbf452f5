"""The parsers of the command line: that of `parity`, and that of each command, which is made only when it is called."""

import argparse
import importlib
import itertools
import re
import shutil
import sys
import textwrap
from types import ModuleType
from typing import NoReturn

from parity.cli.arguments.suggestion import suggestion

COMMANDS = {
    "serve": "run a Pulumi program locally and serve its REST APIs",
    "workbench": "serve them with a web page to try, repair and save templates on",
    "compare": "send the same requests to two routes and explain each difference",
    "invoke": "send one request and say what became of it, stage by stage",
    "render": "render one mapping template",
    "fuzz": "search for requests that break a mapping template",
    "token": "make a token of the program's Cognito user pool",
    "lint": "check mapping templates and parameters without sending a request",
    "bench": "measure latency and throughput of two routes under the same load",
    "doctor": "check a deployed stack, each failure with its cause and fix",
    "init": "write a small program of your own: two routes, a template, requests and a test",
    "completion": "print a script that completes commands and options in a shell",
    "cost": "what the stack costs, idle and per million requests",
}
DESCRIPTION = """\
Runs the REST APIs of a Pulumi program locally as API Gateway does, and compares backends: Lambda, HTTP and others.
It needs no AWS account, no Docker and no Pulumi CLI."""
EPILOG = """\
start here:
  parity compare                       compare the two backends of the program in this folder
  parity serve                         serve its API, with a curl line to paste
  parity invoke GET /lambda/a?b=c      one request through the gateway, stage by stage

'parity COMMAND --help' describes each."""


class Parser(argparse.ArgumentParser):
    """A parser whose errors suggest what was meant."""

    def error(self, message: str) -> NoReturn:
        """Prints the usage and the error, with the option or command that was most likely meant; exits with 2."""
        found = re.search(r"unrecognized arguments: (.*)|invalid choice: '([^']*)'", message)
        words = (found[1].split() if found[1] else [found[2]]) if found else []
        known = [*self._option_string_actions, *(COMMANDS if self.prog == "parity" else ())]
        close = {word: suggestion(word.partition("=")[0], known) for word in words}
        meant = "; ".join(f"did you mean {name}?" for name in dict.fromkeys(close.values()) if name)
        self.print_usage(sys.stderr)
        more = f"'{self.prog} --help' lists what there is"
        self.exit(2, f"{self.prog}: error: {message}{'; ' + meant if meant else ''}\n{more}\n")


def parity_parser() -> argparse.ArgumentParser:
    """The parser of `parity` itself: `--help`, `--version`, and the names of the commands."""
    parser = Parser(
        prog="parity", description=DESCRIPTION, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    for name, summary in COMMANDS.items():
        commands.add_parser(name, help=summary, add_help=False)
    return parser


def whole_parser() -> argparse.ArgumentParser:
    """The parser of `parity` with the arguments of every command, for scripts that complete them."""
    parser = Parser(prog="parity", description=DESCRIPTION)
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, summary in COMMANDS.items():
        module = importlib.import_module(f"parity.cli.commands.{name}")
        module.add_arguments(commands.add_parser(name, help=summary, description=summary))
    return parser


def command_parser(command: str, module: ModuleType) -> argparse.ArgumentParser:
    """The parser of one command.

    Args:
        command: its name.
        module: its module, whose docstring is the description.
    """
    parser = Parser(
        prog=f"parity {command}",
        description=_filled(module.__doc__ or ""),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    return parser


class _Version(argparse.Action):
    """Prints the version; the package's metadata is read only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        print(f"parity {version('parity')}")
        parser.exit()


def _filled(text: str) -> str:
    """A module's docstring for the terminal's width; indented lines are tables and examples, and stay as they are."""
    width = min(shutil.get_terminal_size().columns, 100) - 2
    groups = itertools.groupby(text.strip().splitlines(), key=lambda line: bool(line) and not line.startswith(" "))
    return "\n".join(textwrap.fill(" ".join(lines), width) if prose else "\n".join(lines) for prose, lines in groups)
