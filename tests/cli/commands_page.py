"""Writes docs/commands.md from the commands themselves: `python -m tests.cli.commands_page`."""

import argparse
import importlib
from collections.abc import Iterator
from pathlib import Path

from parity.cli.parser import COMMANDS, Parser

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"
HEAD = """\
# Commands

`parity COMMAND --help` says the same with examples. This page is written by `python -m tests.cli.commands_page`.

The exit status is 0 for success, 1 for a finding or a failure, 2 for wrong usage, and 130 when it was interrupted.
"""
SHARED = "Options of several commands"


def page() -> str:
    """The page's text."""
    parsers = {name: _parser(name) for name in COMMANDS}
    users: dict[str, list[str]] = {}
    for name, parser in parsers.items():
        for line in _options(parser):
            users.setdefault(line, []).append(name)
    shared = {line: names for line, names in users.items() if len(names) > 2}
    parts = [HEAD, f"## {SHARED}\n", _table([f"{line} {', '.join(names)} |" for line, names in shared.items()], True)]
    for name, parser in parsers.items():
        parts += [
            f"## parity {name}\n",
            f"{(importlib.import_module(f'parity.cli.commands.{name}').__doc__ or '').strip().split(chr(10) * 2)[0]}\n",
        ]
        own = [line for line in _options(parser) if line not in shared]
        parts += [_table(own, False)] if own else []
    return "\n".join(parts).rstrip() + "\n"


def _parser(name: str) -> argparse.ArgumentParser:
    parser = Parser(prog=f"parity {name}", add_help=False)
    importlib.import_module(f"parity.cli.commands.{name}").add_arguments(parser)
    return parser


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    """A row for each argument: its names and value, and its help."""
    for action in parser._actions:
        if action.help != argparse.SUPPRESS:
            value = "" if action.nargs == 0 else str(action.metavar or "")
            value = value or ("{" + ",".join(map(str, action.choices)) + "}" if action.choices else "")
            if not value and action.nargs != 0:
                value = action.dest.upper()
            names = ", ".join(action.option_strings)
            named = f"{names} {value}".strip() if names else value
            help_ = (action.help or "").replace("|", "\\|") % {"default": action.default, "prog": parser.prog}
            yield f"| `{named.replace('|', chr(92) + '|')}` | {help_} |"


def _table(rows: list[str], with_users: bool) -> str:
    head = "| | | commands |\n|---|---|---|" if with_users else "| | |\n|---|---|"
    return "\n".join([head, *rows]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
