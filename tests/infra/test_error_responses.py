"""A status asked for by either backend selects the same answer for the client."""

import re

import pytest

from infra.rest_api.error_responses import STATUSES, http_patterns, lambda_patterns
from tests.infra.harness import deployed
from tests.java.matcher import java_matches, needs_java


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
        (" ", 500),
        ("\r\u2028", 500),
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


def registered_patterns() -> list[str]:
    """The selection patterns of both integrations, as the program registers them."""
    responses = deployed().of("apigateway/integrationResponse:IntegrationResponse")
    found = [response.inputs["selectionPattern"] for response in responses if response.inputs.get("selectionPattern")]
    assert len(found) == 2 * len(STATUSES)
    return found


def test_no_pattern_takes_a_function_that_returns_normally() -> None:
    """The error of such a function is the empty string: https://docs.aws.amazon.com/apigateway/latest/developerguide/handle-errors-in-lambda-integration.html."""
    assert [pattern for pattern in registered_patterns() if re.fullmatch(pattern, "")] == []


def test_no_pattern_repeats_a_group() -> None:
    """Java's matcher calls itself once for each repetition of a group, and overflows its stack on a long error."""
    assert [pattern for pattern in registered_patterns() if re.search(r"\)[*+{]", pattern)] == []


@needs_java
def test_javas_matcher_selects_the_same_status_for_short_and_long_errors() -> None:
    messages = {"": 200, "boom": 500, "[404] gone": 404, "x\n" * 50_000: 500, "[503] " + "é\n" * 50_000: 503}
    messages |= {"x" * 50_000 + "Task timed out after 10.00 seconds": 504}
    asked = [(key, pattern, message) for message in messages for key, pattern in lambda_patterns().items()]
    answers = java_matches((pattern, message) for _, pattern, message in asked)
    for message, status in messages.items():
        told = [
            key for (key, _, text), answer in zip(asked, answers, strict=True) if text == message and answer != "false"
        ]
        assert told == ([] if status == 200 else [status])
