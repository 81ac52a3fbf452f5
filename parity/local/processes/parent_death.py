"""Ends this process when the one that started it ends, even by SIGKILL."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
"""Looked up beforehand: a child that was just forked had better not load anything."""


def die_with_parent(parent: int) -> None:
    """Asks the kernel for a SIGKILL when the parent ends. Does nothing where the kernel is not Linux.

    Args:
        parent: the process id of the parent, to notice one that ended before the request was made.
    """
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
