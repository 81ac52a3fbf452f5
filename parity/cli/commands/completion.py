"""Prints a script that completes commands and options in a shell.

parity completion bash > ~/.local/share/bash-completion/completions/parity
parity completion zsh > ~/.zfunc/_parity          with ~/.zfunc in fpath
parity completion tcsh > ~/.parity.csh            sourced by ~/.tcshrc
"""

import argparse

SHELLS = ("bash", "zsh", "tcsh")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument("shell", choices=SHELLS, help="the shell")


def run(options: argparse.Namespace) -> int:
    """Prints the script."""
    import shtab

    from parity.cli.parser import whole_parser

    print(shtab.complete(whole_parser(), shell=options.shell))
    return 0
