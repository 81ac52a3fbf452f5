"""Monkey patches of the Pulumi SDK, for speed: parts of it are replaced by ones that do the same in less time.

Together they take more than half of what a program of 5,000 resources takes otherwise; see `benchmarks/startup.py`.
They replace private names, each only where an SDK has it; `make test-lowest` runs their tests with the oldest SDK that
pyproject.toml allows. An SDK in a program's own environment may be older still, and is then left as it is.
"""

from __future__ import annotations

import asyncio
import sys
from functools import cache
from pathlib import Path
from typing import Any

from pulumi import _types
from pulumi.runtime import resource, settings, stack
from pulumi.runtime.settings import SETTINGS, Settings

_PLAIN_SETTINGS = ("outputs", "lock", "rpc_manager", "monitor", "engine", "dry_run")
_FUNCTIONS_OF_CLASSES = ("resource_types", "resource_pulumi_to_py_names", "input_type_types")
_INITIALISERS = 3  # of Resource, of CustomResource or ComponentResource, of the resource's own class


def speed_up_sdk() -> None:
    """Replaces what an SDK still has of them; called once it is configured."""
    if hasattr(resource, "_get_stack_trace"):
        resource._get_stack_trace = _program_frame
    if hasattr(stack, "wait_for_rpcs") and hasattr(SETTINGS, "lock") and hasattr(settings, "_get_rpc_manager"):
        stack.wait_for_rpcs = _wait_for_rpcs
    for name in _FUNCTIONS_OF_CLASSES:
        if hasattr(_types, name):
            setattr(_types, name, cache(getattr(_types, name)))
    for name in _PLAIN_SETTINGS:
        if name in vars(Settings) and hasattr(SETTINGS, name):
            setattr(Settings, name, _PlainSetting(getattr(SETTINGS, name)))


class _PlainSetting:
    """A setting that is the same in every context: one process runs one program."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = value

    def __get__(self, instance: object, owner: type) -> Any:
        return self._value

    def __set__(self, instance: object, value: Any) -> None:
        self._value = value


def _program_frame() -> Any:
    """The frame that called the resource's class, the only one in the trace.

    The SDK takes the whole stack with the source text of every frame, twice for a resource that is read.
    """
    from pulumi.runtime.proto import source_pb2  # an SDK without stack traces has none

    frame = sys._getframe(1)
    initialisers = 0
    while frame.f_back is not None and initialisers < _INITIALISERS:
        initialisers += frame.f_code.co_name == "__init__"
        frame = frame.f_back
    if initialisers < _INITIALISERS:
        return source_pb2.StackTrace()
    position = source_pb2.SourcePosition(uri=_uri(frame.f_code.co_filename), line=frame.f_lineno)
    return source_pb2.StackTrace(frames=[source_pb2.StackFrame(pc=position)])


_uris: dict[str, str] = {}


def _uri(file: str) -> str:
    if file not in _uris:
        _uris[file] = Path(file).absolute().as_uri()
    return _uris[file]


async def _wait_for_rpcs(await_all_outstanding_tasks: bool = True) -> None:
    """Waits until nothing of the program is under way, and raises what failed first.

    The SDK waits for one output at a time, and puts all the others back into its set after each.
    """
    manager = settings._get_rpc_manager()
    while True:
        while manager.rpcs:
            await asyncio.sleep(0)
            try:
                await manager.rpcs.pop()
            except Exception as error:
                if manager.unhandled_exception is not None:
                    raise error from manager.unhandled_exception.with_traceback(manager.exception_traceback)
                raise
        if manager.unhandled_exception is not None:
            raise manager.unhandled_exception.with_traceback(manager.exception_traceback)
        if await_all_outstanding_tasks:
            await _wait_for_outputs()
        if not manager.rpcs:
            return


async def _wait_for_outputs() -> None:
    while True:
        with SETTINGS.lock:
            pending = set(SETTINGS.outputs)
            SETTINGS.outputs.clear()
        if not pending:
            return
        done, not_done = await asyncio.wait(pending, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            await task
        with SETTINGS.lock:
            _add_outputs(not_done)


def _add_outputs(tasks: set[asyncio.Task[Any]]) -> None:
    """Puts outputs back into the SDK's collection, which was a deque before it was a set."""
    outputs: Any = SETTINGS.outputs
    (outputs.update if isinstance(outputs, set) else outputs.extend)(tasks)
