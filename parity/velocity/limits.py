"""What a template may use up, the meter that counts it, and which null rule it renders by."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from parity.velocity.errors import LimitError

FREE_SIZE = 2000
"""Up to how many characters or items a value costs nothing."""
CHARACTERS_A_STEP = 100
_FEW_PARTS = 32
_FREE_SECONDS = 0.00002
_MOST_SECONDS = 0.1
"""As much as one operation is charged for."""
_STEPS_A_SECOND = 6_000_000


class NullRule(Enum):
    """What a reference without a value is."""

    VELOCITY = "velocity"
    """Apache Velocity 1.7: null. It renders as its source, `#set` ignores it, and `#if` takes it for false."""

    API_GATEWAY = "api-gateway"
    """Amazon API Gateway: the empty string, which renders as nothing and which `#if` takes for true."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep any template from running away.

    Attributes:
        foreach_iterations: how often one `#foreach` runs its block at most, after which it ends without an error; None
            for as often as it has items.
        steps: how many statements a rendering may run, all loops and macros counted.
        output: the longest output, in characters.
        macro_depth: how deep macros may call each other; Velocity's `velocimacro.max.depth`.
        evaluate_depth: how deep `#evaluate` may nest.
        range_size: the most items of a range, as in `[1..1000]`.
        template_size: the longest template, in characters.
    """

    foreach_iterations: int | None = None
    steps: int = 1_500_000
    output: int = 16 * 1024 * 1024
    macro_depth: int = 20
    evaluate_depth: int = 40
    range_size: int = 1_000_000
    template_size: int = 1024 * 1024


API_GATEWAY_LIMITS = Limits(foreach_iterations=1000)
"""The limits of API Gateway: a `#foreach` runs at most 1,000 times
(https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html)."""


class Meter:
    """Counts what a rendering uses up.

    Args:
        limits: what it may use up.

    Attributes:
        steps_left: the steps that it may still take.
        seconds_used: the time of the processor when it was last asked for.
    """

    __slots__ = ("limits", "seconds_used", "steps_left")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.steps_left = limits.steps
        self.seconds_used = 0.0

    def consume(self, steps: int) -> None:
        """Takes steps off those that are left.

        Raises:
            LimitError: there are none left.
        """
        self.steps_left -= steps
        if self.steps_left < 0:
            raise LimitError(f"the template runs more than {self.limits.steps:,} steps")

    def consume_time(self, started: float) -> None:
        """Takes steps for what began at a time of `time.perf_counter`, in seconds.

        Asking for the processor's time costs more than most operations, so it is asked only after one that took long:
        what was used since it was last asked bounds what this one used, and waiting for the processor costs nothing.
        """
        took = time.perf_counter() - started
        if took > _FREE_SECONDS:
            used = time.thread_time()
            worked, self.seconds_used = min(took, _MOST_SECONDS, used - self.seconds_used), used
            self.consume(int(worked * _STEPS_A_SECOND))

    def joined(self, parts: Sequence[str]) -> str:
        """Output put together, which must not be too long."""
        text = "".join(parts) if len(parts) < _FEW_PARTS or sum(map(len, parts)) <= self.limits.output else None
        if text is None or len(text) > self.limits.output:
            raise LimitError(f"the output is longer than {self.limits.output:,} characters")
        if len(text) > FREE_SIZE or self.steps_left < 0:
            self.consume(len(text) // CHARACTERS_A_STEP)
        return text
