"""What the worker process needs of newer Pythons: a program may have an environment of its own with Python 3.9.

Its modules (`parity.local.worker`, `parity.local.resources`, and what they import) keep to the syntax of 3.9, and
postpone their annotations.
"""

from __future__ import annotations

import sys

if sys.version_info >= (3, 10):  # noqa: UP036 - not Parity's own Python, but the program's
    from dataclasses import dataclass
else:
    import dataclasses
    from collections.abc import Callable
    from typing import Any

    def dataclass(*, slots: bool = False, kw_only: bool = False, **options: Any) -> Callable[[type], type]:
        """`dataclasses.dataclass` without the two options that 3.10 brought: memory and order of arguments."""
        del slots, kw_only
        return dataclasses.dataclass(**options)


OLDEST = (3, 9)
"""The oldest Python that a program's environment may have."""

__all__ = ["OLDEST", "dataclass"]
