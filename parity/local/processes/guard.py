"""Ends process groups when the process that started them has ended, however it ended.

Run as `python -I -S guard.py` with a pipe as its standard input, whose other end only the parent holds. A
line `+ID` on it names a process group to end, `-ID` one that has ended. When the parent ends, even by SIGKILL, the
operating system closes the pipe, and what is still named is ended: by SIGTERM, and soon after by SIGKILL. Needs
nothing but POSIX, so it works on Linux and macOS alike.
"""

import os
import signal
import sys
import time

GRACE_SECONDS = 0.5
POLL_SECONDS = 0.01


def main() -> None:
    """Reads group ids until the pipe is closed, then ends the groups that are left."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin.buffer:
        group = int(line[1:])
        if line.startswith(b"+"):
            groups.add(group)
        else:
            groups.discard(group)
    groups = {group for group in groups if send(group, signal.SIGTERM)}
    deadline = time.monotonic() + GRACE_SECONDS
    while groups and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        groups = {group for group in groups if send(group, 0)}
    for group in groups:
        send(group, signal.SIGKILL)
    os._exit(0)


def send(group: int, number: int) -> bool:
    """Sends a signal to a group (0: only asks); returns whether the group still exists."""
    try:
        os.killpg(group, number)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
