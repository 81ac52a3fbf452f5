"""Runs a Pulumi program locally and serves its REST APIs.

Lambda functions run in processes of their own behind a local Lambda Runtime API, containers as processes in their build
context, and each REST API answers at a port of its own. Ends with Ctrl-C or SIGTERM.
"""

import argparse
from pathlib import Path

from parity.cli.arguments.numbers import port
from parity.cli.arguments.program import add_run_arguments, program_of

EXAMPLES = """\
examples:
  parity serve                                        the program of this folder
  parity serve ../other --stack prod                  another program, with the configuration of its stack prod
  parity serve --config headers='["x-a"]' --watch     with other configuration, and taking each edit at once"""
UI_HELP = "serve the workbench too: a page to try templates on"


def add_arguments(parser: argparse.ArgumentParser, *, ui_help: str = UI_HELP) -> None:
    """Adds the command's arguments.

    Args:
        parser: the command's parser.
        ui_help: the help of `--ui`; `argparse.SUPPRESS` hides it.
    """
    parser.epilog = EXAMPLES
    add_run_arguments(parser)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument(
        "--port", type=port, default=0, help="the port of the first REST API (default: a free one, as for the others)"
    )
    parser.add_argument(
        "--outputs",
        type=Path,
        metavar="FILE",
        help="write the stack outputs to FILE as JSON once the server is ready",
    )
    parser.add_argument("--ui", action="store_true", help=ui_help)
    parser.add_argument(
        "--ui-port", type=port, default=0, metavar="PORT", help="the workbench's port (default: a free one)"
    )
    parser.add_argument("--quiet", action="store_true", help="print no line for each request")
    parser.add_argument("--watch", action="store_true", help="reload when a template, handler or program file is saved")


def run(options: argparse.Namespace) -> int:
    """Serves until it is interrupted.

    Args:
        options: the parsed arguments.

    Returns:
        0 when it was ended by a signal.

    Raises:
        UserError: the program or its configuration is wrong, or the port is taken.
    """
    program = program_of(options, needs_stack_file=False)
    from parity.local.program.worker_process import Worker

    worker = Worker(program)  # imports the Pulumi SDK in its process while this one imports what serves
    from parity.cli.serving import Serving

    return Serving(program, options, worker).run()
