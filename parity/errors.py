"""What a command tells its user instead of a traceback."""

from __future__ import annotations


class UserError(Exception):
    """Something the user can fix; its text names the thing, its place and the fix.

    Args:
        message: the text, printed after `parity: `.
        status: the exit status of the command.
    """

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status
