"""The entry point of `parity`: finds the command, and turns what went wrong into one clear line."""

import contextlib
import errno
import importlib
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from types import FrameType

from parity.cli.parser import COMMANDS, command_parser, parity_parser
from parity.errors import UserError
from parity.terminal import printable

_STANDARD_ERROR = 2
_OUTPUT_ERRORS = (errno.ENOSPC, errno.EIO, errno.EBADF, errno.EDQUOT, errno.EFBIG)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command.

    Args:
        argv: the arguments after the program's name; those of the process when None.

    Returns:
        The exit status: 0 for success, 1 for a finding or a failure, 2 for a usage error, 130 when interrupted,
            128 and the signal's number when another signal ended it.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    _reopen_standard_error()
    try:
        with _signals_raise():
            status = _run(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
        return status
    except UserError as error:
        print(f"parity: {printable(str(error))}", file=sys.stderr)
        return error.status
    except _SignalledError as ended:
        return ended.status
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


def _reopen_standard_error() -> None:
    """Sends standard error nowhere where it is closed: what opens a file next would else be written to in its place."""
    if sys.stderr is not None:
        return
    nowhere = os.open(os.devnull, os.O_RDWR)
    if nowhere != _STANDARD_ERROR:
        os.dup2(nowhere, _STANDARD_ERROR)
        os.close(nowhere)
    os.set_inheritable(_STANDARD_ERROR, True)
    sys.stderr = os.fdopen(_STANDARD_ERROR, "w", closefd=False)


class _SignalledError(KeyboardInterrupt):
    """A signal that ends the process has come: what was started is ended as after Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = 128 + number


@contextlib.contextmanager
def _signals_raise() -> Iterator[None]:
    """Lets SIGTERM and SIGHUP unwind the command, unless someone else handles them already."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise _SignalledError(number)

    numbers = [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) == signal.SIG_DFL]
    if threading.current_thread() is not threading.main_thread():
        numbers = []  # only the main thread may
    for number in numbers:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


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
