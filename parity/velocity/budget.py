"""What the work of one request may use up: a budget of time and memory that everything it runs draws on.

Templates, JSONPath, regular expressions and schemas are code or data that somebody else wrote; any of them can ask for
exponential time. Each operation takes from the current budget what it costs: steps, counted before or while it runs,
so that the outcome does not depend on the processor's load, and measured time for what takes longer than its steps.
"""

import time
from collections.abc import Sequence
from contextvars import ContextVar, Token

from parity.velocity.errors import LimitError

STEPS_A_SECOND = 6_000_000
"""How many steps one second of the processor's time is worth."""
DEFAULT_SECONDS = 2.0
DEFAULT_MEMORY = 512 * 1024 * 1024
FREE_SIZE = 2000
"""Up to how many characters or items a value costs no more than the step that makes it."""
CHARACTERS_A_STEP = 100
_FREE_SECONDS = 0.00002
_STEPS_BETWEEN_CHECKS = 60_000
_SECONDS_BETWEEN_CHECKS = 0.002
_FIRST_SECONDS = 0.02
"""As much as the first long operation is charged for, before which the processor's time was not asked."""
_MANY_PARTS = 4096
_SECONDS_OUTSIDE = 0.25


class BudgetError(LimitError):
    """A budget is used up."""


class Budget:
    """What a request may still use up.

    Args:
        seconds: the processor's time, in seconds.
        memory: what texts and collections may be made, in bytes, those that are already thrown away included.

    Attributes:
        steps_left: the steps that are left; below zero once they are used up.
        memory_left: the bytes that are left.
        checkpoint: at how many steps left the processor's time is compared with the steps that were taken.
        has_long_texts: whether a text may be around that is long; short ones are put together without a look at each.
        modifications: by its `id` how often a collection got or lost an item, which Java's iterators watch.
    """

    __slots__ = (
        "_cpu_seconds",
        "_memory",
        "_seconds",
        "_started_at",
        "_unpaid_seconds",
        "checkpoint",
        "has_long_texts",
        "memory_left",
        "modifications",
        "steps_left",
    )

    def __init__(self, seconds: float = DEFAULT_SECONDS, memory: int = DEFAULT_MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self.steps_left = steps = int(seconds * STEPS_A_SECOND)
        self.memory_left = memory
        self.checkpoint = steps - _STEPS_BETWEEN_CHECKS if steps > _STEPS_BETWEEN_CHECKS else 0
        self.has_long_texts = False
        self.modifications: dict[int, int] = {}
        self._started_at: tuple[float, int] | None = None
        self._cpu_seconds = self._unpaid_seconds = 0.0

    @property
    def seconds_left(self) -> float:
        """The time that is left, in seconds; never zero, which a regular expression would take for no limit."""
        return max(self.steps_left / STEPS_A_SECOND, 0.001)

    @property
    def is_used_up(self) -> bool:
        """Whether an operation was refused."""
        return self.steps_left < 0 or self.memory_left < 0

    def begin_slice(self, seconds: float) -> int:
        """Leaves only so much time for now; `end_slice` must be called with the result.

        Args:
            seconds: the time, in seconds.
        """
        rest = self.steps_left - int(seconds * STEPS_A_SECOND)
        if rest < 0:
            rest = 0
        self.steps_left -= rest
        self.checkpoint = 0
        return rest

    def end_slice(self, rest: int) -> bool:
        """Leaves all time that is left again; returns whether that of the slice is used up, or the memory."""
        used_up = self.steps_left < 0 or self.memory_left < 0
        self.steps_left = left = self.steps_left + rest
        self.checkpoint = left - _STEPS_BETWEEN_CHECKS if left > _STEPS_BETWEEN_CHECKS else 0
        return used_up

    def consume(self, steps: int) -> None:
        """Takes steps.

        Raises:
            BudgetError: there are not so many left.
        """
        self.steps_left -= steps
        if self.steps_left < self.checkpoint:
            self._check()

    def _check(self) -> None:
        """Takes what the steps since the start fell short of the processor's time."""
        now = time.thread_time()
        if self._started_at is None:  # only now, as most work ends before, and asking is slow
            self._started_at = (now, self.steps_left)
        started, steps = self._started_at
        owed = int((now - started) * STEPS_A_SECOND) - (steps - self.steps_left)
        self.steps_left -= max(owed, 0)
        if self.steps_left < 0:
            raise self.out_of_time()
        self.checkpoint = max(self.steps_left - _STEPS_BETWEEN_CHECKS, 0)

    def consume_memory(self, size: int) -> None:
        """Takes memory, in bytes.

        Raises:
            BudgetError: there is not so much left.
        """
        self.memory_left -= size
        if self.memory_left < 0:
            raise BudgetError(f"it used up its budget of {self._memory / 1024 / 1024:,.4g} MB of memory")

    def consume_text(self, text: str) -> None:
        """Takes what it costs to make a text."""
        size = len(text)
        if size > FREE_SIZE:
            self.consume(size // CHARACTERS_A_STEP)
            self.consume_memory(text.__sizeof__())
            self.has_long_texts = True
        else:
            self.memory_left -= size

    def consume_time(self, started: float) -> None:
        """Takes steps for what began at a time of `time.perf_counter`, in seconds.

        Asking for the processor's time costs more than most operations, so it is asked only after those that took long
        together: what was used since it was last asked bounds what they used, and waiting for the processor costs
        nothing.
        """
        took = time.perf_counter() - started
        if took > _FREE_SECONDS:
            self._unpaid_seconds += took
            if self._unpaid_seconds > _SECONDS_BETWEEN_CHECKS:
                used = time.thread_time()
                known = self._cpu_seconds > 0  # else the wait for the processor is not known either
                worked = min(self._unpaid_seconds, used - self._cpu_seconds if known else _FIRST_SECONDS)
                self._cpu_seconds, self._unpaid_seconds = used, 0.0
                self.consume(int(worked * STEPS_A_SECOND))

    def require(self, steps: int) -> None:
        """Makes sure before a long operation that there is time for it; `consume_time` takes what it takes.

        Raises:
            BudgetError: there is not.
        """
        if steps > self.steps_left:
            self.steps_left = -1
            raise self.out_of_time()

    def out_of_time(self) -> BudgetError:
        """The error that says that the time is used up."""
        self.steps_left = min(self.steps_left, -1)
        return BudgetError(f"it used up its budget of {self._seconds:g} seconds")

    def joined(self, parts: Sequence[str], longest: int) -> str:
        """Parts of a text put together.

        Args:
            parts: the parts.
            longest: how many characters the text may have.

        Raises:
            LimitError: it has more.
        """
        if (self.has_long_texts or len(parts) > _MANY_PARTS) and sum(map(len, parts)) > longest:
            raise LimitError(f"the output is longer than {longest:,} characters")
        text = "".join(parts)
        if len(text) > longest:
            raise LimitError(f"the output is longer than {longest:,} characters")
        if len(text) > FREE_SIZE or self.steps_left < self.checkpoint or self.memory_left < 0:
            self.consume(len(text) // CHARACTERS_A_STEP)
            self.consume_memory(text.__sizeof__())
        else:
            self.memory_left -= len(text)
        return text

    def enter(self) -> Token["Budget | None"] | None:
        """Makes this the budget that `current_budget` gives, until `leave` is called with the result.

        Returns:
            None where it is the current one already.
        """
        if _CURRENT.get() is self:
            return None
        self._cpu_seconds = self._unpaid_seconds = 0.0
        self._started_at = None
        return _CURRENT.set(self)

    @staticmethod
    def leave(entered: Token["Budget | None"] | None) -> None:
        """Makes the budget before this one the current one again."""
        if entered is not None:
            _CURRENT.reset(entered)


_CURRENT: ContextVar[Budget | None] = ContextVar("budget", default=None)


def active_budget() -> Budget | None:
    """The budget that the running work draws on, if there is one."""
    return _CURRENT.get()


def current_budget() -> Budget:
    """The budget that the running work draws on; outside of any, a new small one for each call."""
    return _CURRENT.get() or Budget(_SECONDS_OUTSIDE)


def spend(steps: int) -> None:
    """Takes steps from the current budget; outside of any, nothing.

    Raises:
        BudgetError: there are not so many left.
    """
    budget = _CURRENT.get()
    if budget is not None:
        budget.consume(steps)
