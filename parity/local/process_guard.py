"""Ends process groups when the process that started them has ended, however it ended.

Run as `python -I -S process_guard.py` with a pipe as its standard input, whose other end only the parent holds. A
line `+ID` on it names a process group to end, `-ID` one that has ended. When the parent ends, even by SIGKILL, the
operating system closes the pipe, and what is still named is killed. Needs nothing but POSIX, so it works on Linux and
macOS alike.
"""

import os
import signal
import sys


def main() -> None:
    """Reads group ids until the pipe is closed, then kills the groups that are left."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin.buffer:
        group = int(line[1:])
        if line.startswith(b"+"):
            groups.add(group)
        else:
            groups.discard(group)
    for group in groups:
        try:
            os.killpg(group, signal.SIGKILL)
        except OSError:
            continue  # it ended by itself
    os._exit(0)


if __name__ == "__main__":
    main()
