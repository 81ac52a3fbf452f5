"""Where a program declared a resource, found without reading any file.

The SDK takes the whole stack with `traceback.extract_stack` for each resource, which looks up the source text of every
frame: half of the time that a program of 5,000 resources takes. Only the frame of the program itself is needed here.
"""

import sys
from pathlib import Path

from pulumi.runtime import resource
from pulumi.runtime.proto import source_pb2

_INITIALISERS = 3  # of Resource, of CustomResource or ComponentResource, of the resource's own class


def use_quick_source_positions() -> None:
    """Gives the SDK the quick way, if it still has the function that it replaces."""
    if hasattr(resource, "_get_stack_trace"):
        resource._get_stack_trace = _program_frame


def _program_frame() -> source_pb2.StackTrace:
    """The frame that called the resource's class, the only one in the trace."""
    frame = sys._getframe(1)
    initialisers = 0
    while frame.f_back is not None and initialisers < _INITIALISERS:
        initialisers += frame.f_code.co_name == "__init__"
        frame = frame.f_back
    if initialisers < _INITIALISERS:
        return source_pb2.StackTrace()
    position = source_pb2.SourcePosition(uri=Path(frame.f_code.co_filename).absolute().as_uri(), line=frame.f_lineno)
    return source_pb2.StackTrace(frames=[source_pb2.StackFrame(pc=position)])
