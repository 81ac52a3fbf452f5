"""Prints a script that completes commands, options and files in a shell.

parity completion bash > ~/.local/share/bash-completion/completions/parity
parity completion zsh > ~/.zfunc/_parity          with ~/.zfunc in fpath
parity completion fish > ~/.config/fish/completions/parity.fish
parity completion tcsh > ~/.parity.csh            sourced by ~/.tcshrc
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

SHELLS = ("bash", "zsh", "fish", "tcsh")
FOLDER = "FOLDER"
HELP = (
    "the shell; it reads the script from ~/.local/share/bash-completion/completions/parity, ~/.zfunc/_parity (with "
    "~/.zfunc in fpath), ~/.config/fish/completions/parity.fish, or a file that ~/.tcshrc sources"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument("shell", choices=SHELLS, help=HELP)


def run(options: argparse.Namespace) -> int:
    """Prints the script."""
    import shtab

    from parity.cli.parser import whole_parser

    parser = whole_parser()
    for action in _actions(parser):
        if action.type is Path or action.metavar in ("FILE", "TEMPLATE"):
            # shtab reads this attribute; argparse's actions declare none
            action.complete = shtab.DIRECTORY if action.metavar == FOLDER else shtab.FILE  # type: ignore[attr-defined]
    print(shtab.complete(parser, shell=options.shell))
    return 0


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """The arguments of a parser and of its commands."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)
