"""The entry point of `parity`: finds the command, and turns what went wrong into one clear line."""

import contextlib
import errno
import importlib
import os
import sys
from collections.abc import Sequence

from parity.cli.parser import COMMANDS, command_parser, parity_parser
from parity.errors import UserError
from parity.terminal import printable

_OUTPUT_ERRORS = (errno.ENOSPC, errno.EIO, errno.EBADF, errno.EDQUOT, errno.EFBIG)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command.

    Args:
        argv: the arguments after the program's name; those of the process when None.

    Returns:
        The exit status: 0 for success, 1 for a finding or a failure, 2 for a usage error, 130 when interrupted.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        status = _run(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
        return status
    except UserError as error:
        print(f"parity: {printable(str(error))}", file=sys.stderr)
        return error.status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _discard_output()
        return 1
    except OSError as error:
        if not _is_of_output(error):
            raise
        _discard_output()
        print(f"parity: standard output cannot be written: {error.strerror}", file=sys.stderr)
        return 1


def _run(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in COMMANDS:
        parity_parser().parse_args(arguments)  # --help, --version, or an error
        raise AssertionError("a command is required")
    if sys.stdout is None:
        raise UserError("standard output is closed; to print nothing, send it to /dev/null")
    command = arguments[0]
    module = importlib.import_module(f"parity.cli.commands.{command}")
    options = command_parser(command, module).parse_args(arguments[1:])
    return int(module.run(options))


def _is_of_output(error: OSError) -> bool:
    """Whether standard output is what failed: an error of a file names it, and a write to a stream names none."""
    return error.filename is None and error.errno in _OUTPUT_ERRORS


def _discard_output() -> None:
    """Sends what is still buffered nowhere, so that the interpreter does not fail on it once more at its end."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
