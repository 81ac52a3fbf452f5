"""How many invocations of functions may run at the same time: what is over it, Lambda throttles.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
"""

from dataclasses import dataclass

ACCOUNT_CONCURRENCY = 1000
"""An account's concurrency in one region, unless AWS has raised it."""


@dataclass(slots=True)
class Concurrency:
    """A number of invocations that may run at the same time.

    Attributes:
        limit: the number.
        reason: Lambda's name for what is exceeded when there are more.
        running: how many run at this moment.
    """

    limit: int
    reason: str
    running: int = 0

    def enter(self) -> bool:
        """Counts one more; False when that would be too many."""
        if self.running >= self.limit:
            return False
        self.running += 1
        return True

    def leave(self) -> None:
        """Counts one less."""
        self.running -= 1


class AccountConcurrency:
    """An account's concurrency, of which functions may reserve a part.

    Args:
        limit: the account's.
    """

    def __init__(self, limit: int = ACCOUNT_CONCURRENCY) -> None:
        self._unreserved = Concurrency(limit, "ConcurrentInvocationLimitExceeded")

    def of_function(self, reserved: int | None) -> Concurrency:
        """What a function may use: its own reserved concurrency, or what all functions without one share."""
        if reserved is None:
            return self._unreserved
        self._unreserved.limit -= reserved
        return Concurrency(reserved, "ReservedFunctionConcurrentInvocationLimitExceeded")
