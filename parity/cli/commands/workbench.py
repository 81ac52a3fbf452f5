"""Serves a program's REST APIs together with the workbench, a local web page to try, repair and save templates on.

The page shows the requests as they come, each with its trace, and renders a template on each key against the one that
is chosen, two templates side by side, with lint's findings and the line where the output is not JSON. It listens on the
loopback interface alone. `parity serve --ui` does the same.
"""

import argparse

from parity.cli.commands import serve

EXAMPLES = """\
examples:
  parity workbench                       the program of this folder
  parity workbench ../my-api --ui-port 8765"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `parity serve`; `--ui` goes without saying, and is hidden."""
    serve.add_arguments(parser, ui_help=argparse.SUPPRESS)
    parser.epilog = EXAMPLES
    parser.set_defaults(ui=True)


def run(options: argparse.Namespace) -> int:
    """Serves until it is interrupted.

    Raises:
        UserError: the program or its configuration is wrong, or a port is taken.
    """
    return serve.run(options)
