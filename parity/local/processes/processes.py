"""Child processes: each in a process group of its own, its output read line by line, none outliving this process."""

import asyncio
import contextlib
import errno
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from parity.local.processes.parent_death import die_with_parent

OUTPUT_CHUNK_BYTES = 65_536
MAX_LINE_BYTES = 262_144
"""A longer line is handed on in pieces: as much as one event of CloudWatch Logs held for years."""

_MAX_CHUNKS_A_DRAIN = 64
_FILES = 65_536


def allow_many_files() -> None:
    """Raises the limit on open files as far as is allowed: each child process takes four or five."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    with contextlib.suppress(OSError, ValueError):  # macOS allows less than it says
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))


class ChildProcess:
    """A running program, with its standard output and standard error in one stream.

    Args:
        arguments: the program and its arguments; a program without a slash is looked up on the environment's PATH.
        environment: its environment variables; nothing is inherited.
        folder: its working directory.
        on_line: gets each line of its output, without the line break.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: Path,
        on_line: Callable[[str], None],
    ) -> None:
        self._arguments = arguments
        self._environment = environment
        self._folder = folder
        self._output = _Output(on_line)
        self._transport: asyncio.SubprocessTransport | None = None
        self._exited: asyncio.Future[int] | None = None
        self.pid = 0

    async def start(self) -> None:
        """Starts the program.

        Raises:
            OSError: the program or the folder does not exist, or may not be used; or an argument or environment
                variable holds a character that the system does not take.
        """
        loop = asyncio.get_running_loop()
        self._exited = loop.create_future()
        write_end = self._output.open(loop)
        try:
            transport, _ = await loop.subprocess_exec(
                lambda: _ExitProtocol(self._on_exit),
                *self._arguments,
                stdin=subprocess.DEVNULL,
                stdout=write_end,
                stderr=write_end,
                env=dict(self._environment),
                cwd=self._folder,
                start_new_session=True,
                # Until the guard knows of it, nobody else would end it.
                preexec_fn=partial(die_with_parent, os.getpid()),
            )
        except BaseException as error:
            self._output.close()
            self._exited = None
            if isinstance(error, ValueError):  # the system takes neither null characters nor half surrogate pairs
                raise OSError(errno.EINVAL, f"an argument or environment variable: {error}") from error
            raise
        finally:
            os.close(write_end)
        self._transport = transport
        self.pid = transport.get_pid() or 0
        if not self._exited.done():
            _guard.add(self.pid)

    @property
    def running(self) -> bool:
        """Whether the program has been started and has not ended."""
        return self._exited is not None and not self._exited.done()

    async def wait(self) -> int:
        """Waits for the program's end.

        Returns:
            Its exit status, or the negative number of the signal that ended it.
        """
        if self._exited is None:
            raise RuntimeError("the process has not been started")
        return await asyncio.shield(self._exited)

    def drain(self) -> None:
        """Hands on all that the program has written so far, a line without its end too."""
        self._output.drain()

    def send_signal(self, number: int) -> None:
        """Sends a signal to the program and all that it started; does nothing when it has ended."""
        if self.running and self.pid:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)

    async def stop(self, grace_seconds: float = 0.0, number: int = signal.SIGTERM) -> None:
        """Ends the program and all that it started: a signal, and after `grace_seconds` (0: at once) SIGKILL."""
        if self._exited is None:
            return
        if grace_seconds > 0 and self.running:
            self.send_signal(number)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(grace_seconds):
                    await asyncio.shield(self._exited)
        self.send_signal(signal.SIGKILL)
        await asyncio.shield(self._exited)

    def _on_exit(self) -> None:
        transport = self._transport
        status = transport.get_returncode() if transport else None
        self._output.drain()
        self._output.close()
        if self.pid:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)  # what it started and left behind
            _guard.remove(self.pid)
        if self._exited is not None and not self._exited.done():
            self._exited.set_result(0 if status is None else status)
        if transport is not None:
            transport.close()


class _Output:
    """The read end of a program's output, cut into lines."""

    def __init__(self, on_line: Callable[[str], None]) -> None:
        self._on_line = on_line
        self._pending = b""
        self._descriptor = -1
        self._loop: asyncio.AbstractEventLoop | None = None

    def open(self, loop: asyncio.AbstractEventLoop) -> int:
        """Begins to read; returns the write end, which the caller closes once the program has it."""
        self._descriptor, write_end = os.pipe()
        os.set_blocking(self._descriptor, False)
        self._loop = loop
        loop.add_reader(self._descriptor, self._read)
        return write_end

    def drain(self) -> None:
        for _ in range(_MAX_CHUNKS_A_DRAIN):
            if not self._read():
                break
        if self._pending:
            self._emit(self._pending)
            self._pending = b""

    def close(self) -> None:
        if self._loop is not None and self._descriptor >= 0:
            self._loop.remove_reader(self._descriptor)
            os.close(self._descriptor)
        self._descriptor = -1

    def _read(self) -> bool:
        """Reads once; returns whether there may be more to read."""
        if self._descriptor < 0:
            return False
        try:
            chunk = os.read(self._descriptor, OUTPUT_CHUNK_BYTES)
        except BlockingIOError:
            return False
        if not chunk:
            self.close()
            return False
        *lines, self._pending = (self._pending + chunk).split(b"\n")
        for line in lines:
            self._emit(line)
        if len(self._pending) > MAX_LINE_BYTES:
            self._emit(self._pending)
            self._pending = b""
        return True

    def _emit(self, line: bytes) -> None:
        self._on_line(line.removesuffix(b"\r").decode("utf-8", "replace"))


class _ExitProtocol(asyncio.SubprocessProtocol):
    def __init__(self, on_exit: Callable[[], None]) -> None:
        self._on_exit = on_exit

    def process_exited(self) -> None:
        self._on_exit()


class _Guard:
    """The one helper process (see `guard`) that outlives this one long enough to end its children.

    It runs while there are children. Sessions may live in several threads, so its state is guarded by a lock.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._groups: set[int] = set()
        self._process: subprocess.Popen[bytes] | None = None

    def add(self, group: int) -> None:
        with self._lock:
            self._groups.add(group)
            if self._process is None or self._process.poll() is not None:
                self._start()
            else:
                self._tell(f"+{group}\n")

    def remove(self, group: int) -> None:
        with self._lock:
            if group not in self._groups:
                return
            self._groups.discard(group)
            self._tell(f"-{group}\n")
            if not self._groups and self._process is not None:
                self._process.communicate()  # closes its input; it ends at once
                self._process = None

    def _start(self) -> None:
        self._process = _start_guard()
        for known in self._groups:
            self._tell(f"+{known}\n")
        threading.Thread(target=self._replace, args=(self._process,), name="parity-guard", daemon=True).start()

    def _replace(self, process: "subprocess.Popen[bytes]") -> None:
        """Waits for the guard's end, and starts another where someone else ended it."""
        process.wait()
        with self._lock:
            if self._process is process and self._groups:
                self._start()

    def _tell(self, line: str) -> None:
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(line.encode())


def _start_guard() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(Path(__file__).with_name("guard.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        start_new_session=True,
        env={},
    )


_guard = _Guard()
