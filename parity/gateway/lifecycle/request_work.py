"""The work that templates, JSONPath, patterns and schemas do for a request, on one budget and not on the event loop.

What AWS allows them is not documented; the budget can be raised.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NamedTuple, TypeVar

from parity.gateway.lifecycle.gateway_response import INTERNAL_SERVER_ERROR, GatewayResponseError
from parity.gateway.templates.context_map import snapshot
from parity.velocity.budget import DEFAULT_MEMORY, DEFAULT_SECONDS, Budget
from parity.velocity.errors import LimitError

T = TypeVar("T")

_SLICE_SECONDS: Final = 0.01
"""How long a piece of work may hold up the event loop, in seconds; one that takes longer begins anew on a thread."""
_LARGE_BODY: Final = 64 * 1024
"""From this size on, in bytes, work on a body begins on a thread at once."""
_THREADS: Final = 2


class BudgetSize(NamedTuple):
    """How much a request may use up: `seconds` of the processor's time, and `memory` in bytes."""

    seconds: float = DEFAULT_SECONDS
    memory: int = DEFAULT_MEMORY


DEFAULT_BUDGET: Final = BudgetSize()


class WorkThreads:
    """Where the long work of a gateway's requests is done.

    Args:
        size: the budget of each request.
    """

    def __init__(self, size: BudgetSize) -> None:
        self._size = size
        self._pool: ThreadPoolExecutor | None = None

    def new_request(self) -> "RequestWork":
        """The work of one request, with a budget of its own."""
        return RequestWork(Budget(*self._size), self)

    async def run(self, work: Callable[[], T]) -> T:
        """Runs a function on one of the threads."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(_THREADS, "parity-work")
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def close(self) -> None:
        """Ends the threads, each after what it is doing."""
        if self._pool is not None:
            self._pool.shutdown(wait=False)


class RequestWork:
    """The work of one request.

    Args:
        budget: what all of it may use up.
        threads: where it goes on when it takes long.
    """

    __slots__ = ("_threads", "budget")

    def __init__(self, budget: Budget, threads: WorkThreads) -> None:
        self.budget = budget
        self._threads = threads

    async def run(self, work: Callable[[], T], *, size: int = 0, changes: dict[str, Any] | None = None) -> T:
        """Runs a piece of the work.

        Args:
            work: the function; it must do the same when it is called again.
            size: the size of the body that it works on, in bytes.
            changes: `$context`, if it changes that; it is as before when the work begins anew.

        Raises:
            GatewayResponseError: the budget is used up, or what the work raised.
        """
        budget = self.budget
        if size < _LARGE_BODY:
            before = None if changes is None else snapshot(changes)
            rest = budget.begin_slice(_SLICE_SECONDS)
            try:
                result = _within(budget, work)
            except Exception:
                used_up = budget.end_slice(rest)
                if not used_up or budget.is_used_up:
                    raise
            else:
                if not budget.end_slice(rest):
                    return result
            if changes is not None and before is not None:
                changes.clear()
                changes.update(before)
        return await self._threads.run(lambda: _within(budget, work))


def _within(budget: Budget, work: Callable[[], T]) -> T:
    entered = budget.enter()
    try:
        return work()
    except LimitError as error:
        raise used_up_error(error.message) from None
    except GatewayResponseError as error:
        # what a template made hangs on the frames that the error remembers
        error.__cause__ = error.__context__ = None
        raise error.with_traceback(None) from None
    finally:
        budget.leave(entered)


def used_up_error(reason: str) -> GatewayResponseError:
    """What the client gets when the budget of its request is used up."""
    message = f"{reason}; 'parity serve --template-seconds' and '--template-memory' raise it"
    return GatewayResponseError("DEFAULT_5XX", INTERNAL_SERVER_ERROR, message)
