"""The command line: `parity COMMAND …`. Each command is a module of its own, imported only when it is called."""

from parity.cli.main import main

__all__ = ["main"]
