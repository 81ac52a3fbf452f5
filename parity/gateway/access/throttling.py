"""Throttling and quotas: token buckets, and counters that begin anew with a day, week or month in UTC.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
The account's own limits are not applied: on a laptop only what the program declares counts.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Literal

from parity.gateway.model.definition import MethodSettings, Stage

Clock = Callable[[], float]
"""The time in seconds since the epoch."""


class TokenBucket:
    """Lets `burst` requests through at once, and `rate` a second in the long run.

    Args:
        rate: requests a second, at which the bucket fills.
        burst: the most tokens it holds.
        clock: the time in seconds.
    """

    __slots__ = ("_burst", "_clock", "_rate", "_tokens", "_updated")

    def __init__(self, rate: float, burst: int, clock: Clock) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._tokens = float(burst)
        self._updated = clock()

    def _fill(self) -> None:
        now = self._clock()
        self._tokens = min(float(self._burst), self._tokens + max(0.0, now - self._updated) * self._rate)
        self._updated = now

    def has_token(self) -> bool:
        """Whether a request may pass now."""
        self._fill()
        return self._tokens >= 1

    def take(self) -> None:
        """Takes the token of a request that passes."""
        self._tokens -= 1


def token_bucket(rate: float | None, burst: int | None, clock: Clock) -> TokenBucket | None:
    """The bucket of declared limits, None if there are none; one that is absent or negative does not count."""
    if rate is None or rate < 0:
        return None
    return TokenBucket(rate, int(rate) if burst is None or burst < 0 else burst, clock)


class Quota:
    """How many requests may pass in a day, a week that begins on Sunday, or a month.

    Args:
        limit: requests in a period.
        offset: requests fewer in the first period.
        period: its length.
        clock: the time in seconds since the epoch.
    """

    def __init__(self, limit: int, offset: int, period: Literal["DAY", "WEEK", "MONTH"], clock: Clock) -> None:
        self._limit = limit
        self._period = period
        self._clock = clock
        self._begin = period_begin(period, clock())
        self._used = offset

    def has_request(self) -> bool:
        """Whether a request may pass now."""
        begin = period_begin(self._period, self._clock())
        if begin != self._begin:
            self._begin, self._used = begin, 0
        return self._used < self._limit

    def count(self) -> None:
        """Counts a request that passes."""
        self._used += 1


def period_begin(period: Literal["DAY", "WEEK", "MONTH"], now: float) -> datetime:
    """When the period began that `now`, in seconds since the epoch, is in."""
    day = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if period == "WEEK":
        return day - timedelta(days=(day.weekday() + 1) % 7)
    return day.replace(day=1) if period == "MONTH" else day


class MethodThrottling:
    """The limits that a stage's method settings set, a bucket for each method.

    Args:
        stage: the stage; settings for a method come before those for `*/*`.
        clock: the time in seconds since the epoch.
    """

    def __init__(self, stage: Stage, clock: Clock) -> None:
        self._settings = settings_by_method(stage)
        self._clock = clock
        self._buckets: dict[str, TokenBucket | None] = {}
        self.limits_something = any(
            settings.throttling_rate_limit is not None and settings.throttling_rate_limit >= 0
            for settings in stage.method_settings.values()
        )

    def bucket(self, resource_path: str, http_method: str) -> TokenBucket | None:
        """The bucket of a method, None if it is not limited.

        Args:
            resource_path: the resource's path, such as `/pets/{petId}`.
            http_method: the method as it is declared, perhaps `ANY`.
        """
        key = method_key(resource_path, http_method)
        if key not in self._buckets:
            own, default = self._settings.get(key, MethodSettings()), self._settings.get("*/*", MethodSettings())
            rate = default.throttling_rate_limit if own.throttling_rate_limit is None else own.throttling_rate_limit
            burst = default.throttling_burst_limit if own.throttling_burst_limit is None else own.throttling_burst_limit
            self._buckets[key] = token_bucket(rate, burst, self._clock)
        return self._buckets[key]


def method_key(resource_path: str, http_method: str) -> str:
    """The name of a method in settings: `pets/{petId}/GET`; that of the root resource is `GET`."""
    return f"{resource_path.strip('/')}/{http_method}".lstrip("/")


def settings_by_method(stage: Stage) -> dict[str, MethodSettings]:
    """A stage's method settings by `method_key`, those for all methods under `*/*`."""
    return {key.lstrip("/"): settings for key, settings in stage.method_settings.items()}
