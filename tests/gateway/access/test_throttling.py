"""Token buckets, and quotas whose periods begin in UTC."""

from datetime import UTC, datetime
from typing import Literal

import pytest

from parity.gateway.access.throttling import Quota, TokenBucket, method_key, period_begin

SUNDAY_NOON = datetime(2026, 11, 22, 12, 30, 5, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 6, tzinfo=UTC)
SATURDAY_NIGHT = datetime(2026, 11, 21, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("period", "now", "begin"),
    [
        ("DAY", SUNDAY_NOON, datetime(2026, 11, 22, tzinfo=UTC)),
        ("WEEK", SUNDAY_NOON, datetime(2026, 11, 22, tzinfo=UTC)),
        ("WEEK", WEDNESDAY, datetime(2026, 11, 22, tzinfo=UTC)),
        ("WEEK", SATURDAY_NIGHT, datetime(2026, 11, 15, tzinfo=UTC)),
        ("MONTH", SUNDAY_NOON, datetime(2026, 11, 1, tzinfo=UTC)),
    ],
)
def test_a_period_begins_at_midnight(period: Literal["DAY", "WEEK", "MONTH"], now: datetime, begin: datetime) -> None:
    assert period_begin(period, now.timestamp()) == begin


def test_a_method_is_named_by_its_path_and_its_method() -> None:
    assert method_key("/pets/{petId}", "GET") == "pets/{petId}/GET"
    assert method_key("/", "ANY") == "ANY"


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def passing(bucket: TokenBucket, attempts: int) -> int:
    """How many of some requests at once a bucket lets through."""
    passed = 0
    for _ in range(attempts):
        if bucket.has_token():
            bucket.take()
            passed += 1
    return passed


def test_a_bucket_lets_its_burst_through_at_once_and_its_rate_in_the_long_run() -> None:
    clock = Clock()
    bucket = TokenBucket(rate=2, burst=5, clock=clock)
    assert passing(bucket, 10) == 5
    clock.now = 1
    assert passing(bucket, 10) == 2


def test_a_bucket_that_is_not_used_holds_no_more_than_its_burst() -> None:
    clock = Clock()
    bucket = TokenBucket(rate=2, burst=5, clock=clock)
    clock.now = 3600
    assert passing(bucket, 100) == 5


def test_a_weekly_quota_begins_anew_on_sunday() -> None:
    clock = Clock(SATURDAY_NIGHT.timestamp())
    quota = Quota(limit=1, offset=0, period="WEEK", clock=clock)
    assert quota.has_request()
    quota.count()
    assert not quota.has_request()
    clock.now += 1
    assert quota.has_request()


def test_an_offset_counts_in_the_first_period_alone() -> None:
    clock = Clock(WEDNESDAY.timestamp())
    quota = Quota(limit=1, offset=1, period="DAY", clock=clock)
    assert not quota.has_request()
    clock.now += 86_400
    assert quota.has_request()
