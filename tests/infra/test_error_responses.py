"""A status asked for by either backend selects the same answer for the client."""

import re

import pytest

from infra.error_responses import STATUSES, http_patterns, lambda_patterns


def selected(patterns: dict[int, str], text: str) -> int:
    """The status that a text selects, 200 by default; at most one pattern may match."""
    matching = [status for status, pattern in patterns.items() if re.fullmatch(pattern, text)]
    assert len(matching) <= 1, f"{text!r} selects {matching}"
    return matching[0] if matching else 200


def test_an_error_status_selects_itself_or_else_the_first_of_its_class() -> None:
    for status in range(100, 600):
        client = selected(http_patterns(), str(status))
        assert client == (status if status in STATUSES else status // 100 * 100 if status >= 400 else 200)


def test_both_backends_select_the_same_status() -> None:
    for status in range(400, 600):
        client = selected(http_patterns(), str(status))
        assert selected(lambda_patterns(), f"[{status}] gone\n\nfor good") == client
        assert selected(lambda_patterns(), f"[{status}]") == client


@pytest.mark.parametrize(
    ("message", "status"),
    [
        ("boom", 500),
        ("", 500),
        ("line\nline", 500),
        ("[200] fine", 500),
        ("[4040] too long", 500),
        ("see [404] there", 500),
        ("2026-01-01T00:00:00Z 6f6c Task timed out after 10.00 seconds", 504),
        ("[404] Task timed out after 1 second", 404),
    ],
)
def test_other_errors_of_a_function_are_the_servers(message: str, status: int) -> None:
    assert selected(lambda_patterns(), message) == status
