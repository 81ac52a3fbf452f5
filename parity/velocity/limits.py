"""What a template may use up, and which null rule it renders by."""

from dataclasses import dataclass
from enum import Enum

from parity.velocity.budget import DEFAULT_MEMORY, DEFAULT_SECONDS


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
        seconds: how much of the processor's time a rendering may take, in seconds, unless it draws on a given budget.
        memory: how much text and collections it may make, in bytes, unless it draws on a given budget.
        output: the longest output, in characters.
        macro_depth: how deep macros may call each other; Velocity's `velocimacro.max.depth`.
        evaluate_depth: how deep `#evaluate` may nest.
        range_size: the most items of a range, as in `[1..1000]`.
        template_size: the longest template, in characters.
    """

    foreach_iterations: int | None = None
    seconds: float = DEFAULT_SECONDS
    memory: int = DEFAULT_MEMORY
    output: int = 16 * 1024 * 1024
    macro_depth: int = 20
    evaluate_depth: int = 40
    range_size: int = 1_000_000
    template_size: int = 1024 * 1024


API_GATEWAY_LIMITS = Limits(foreach_iterations=1000)
"""The limits of API Gateway: a `#foreach` runs at most 1,000 times
(https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html)."""
