"""When the periods of a quota begin, in UTC."""

from datetime import UTC, datetime
from typing import Literal

import pytest

from parity.gateway.access.throttling import method_key, period_begin

SUNDAY_NOON = datetime(2026, 11, 22, 12, 30, 5, tzinfo=UTC)
SATURDAY_NIGHT = datetime(2026, 11, 21, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("period", "now", "begin"),
    [
        ("DAY", SUNDAY_NOON, datetime(2026, 11, 22, tzinfo=UTC)),
        ("WEEK", SUNDAY_NOON, datetime(2026, 11, 22, tzinfo=UTC)),
        ("WEEK", SATURDAY_NIGHT, datetime(2026, 11, 15, tzinfo=UTC)),
        ("MONTH", SUNDAY_NOON, datetime(2026, 11, 1, tzinfo=UTC)),
    ],
)
def test_a_period_begins_at_midnight(period: Literal["DAY", "WEEK", "MONTH"], now: datetime, begin: datetime) -> None:
    assert period_begin(period, now.timestamp()) == begin


def test_a_method_is_named_by_its_path_and_its_method() -> None:
    assert method_key("/pets/{petId}", "GET") == "pets/{petId}/GET"
    assert method_key("/", "ANY") == "ANY"
