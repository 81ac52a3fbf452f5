"""Numbers among the arguments, for `add_argument(type=...)`: a wrong one is reported with what is allowed."""

import argparse
from collections.abc import Callable


def whole_number(lowest: int) -> Callable[[str], int]:
    """A reader of whole numbers from `lowest` on, which is 0 or more."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or int(text) < lowest:
            raise argparse.ArgumentTypeError(f"{text} is not a whole number of {lowest} or more")
        return int(text)

    return read


def port(text: str) -> int:
    """Reads the number of a TCP port; 0 stands for a free one."""
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text}: a port is a number from 0 to 65535")
    return int(text)


def duration(text: str) -> float:
    """Reads a number of seconds above 0."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds above 0")
    return seconds
