"""Selection patterns that take successes, or overflow Java's stack."""

import pytest

from parity.gateway.model.definition import Integration, IntegrationResponse
from parity.lint.rules.selection_patterns import lint_selection_patterns, overflows_java
from tests.gateway.support import FUNCTION_URI
from tests.java.matcher import java_matches, needs_java

LONG = 20_000
OVERFLOWS = {
    r"(?:.|\n)+": "a",
    r"(\n|.)+": "a",
    r"Bad(.|\n)*": "Bad",
    r"(?:\s|\S)+": "a",
    "(?:a|b)*?x": "a",
    "(?:ab|cd)*x": "ab",
    "(?:a?b)+": "ab",
    r"(\w+\s)*x": "ab ",
    r"(.*)(?:\n.*)+x": "\na",
    "((a|b))*x": "ab",
    "(?:a|b){1,5000}": "ab",
}
"""Patterns that overflow Java's stack, and what a long text repeats that makes them."""
LOOPS = {
    r"[\s\S]+": "a\n",
    "(?s).+": "a\n",
    "(.)*": "a",
    "(?:[ab]c)*": "acbc",
    "(?:a{2})*": "aa",
    "(?:a|b)*+": "ab",
    "(?>a|b)*": "ab",
    "(?:a|b){0,20}": "ab",
    "(a*)*": "a",
    "((a))*": "a",
    "(?:a(?=b|c)b)*": "ab",
    r"\Q(a|b)*\E": "(a|b)*",
    "[(a|b)*]*": "ab",
    "(?i:a)*": "aA",
}
"""Patterns that Java matches in a loop, likewise."""


def found(pattern: str, status: str = "500", kind: str = "AWS", default: str | None = "200") -> list[str]:
    responses = [IntegrationResponse(status_code=status, selection_pattern=pattern, declared_by="the answer")]
    if default is not None:
        responses.append(IntegrationResponse(status_code=default))
    uri = FUNCTION_URI if kind == "AWS" else "http://backend.example"
    integration = Integration(type="AWS" if kind == "AWS" else "HTTP", uri=uri, responses=tuple(responses))
    return [finding.rule for finding in lint_selection_patterns(integration)]


@pytest.mark.parametrize("pattern", [".*", "(?s).*", r"[\s\S]*", "|Bad.*", "(Bad)?"])
def test_a_pattern_that_matches_the_empty_string_takes_every_success(pattern: str) -> None:
    """AWS's guide, "Handle Lambda errors in API Gateway"."""
    assert found(pattern) == ["pattern-takes-success"]


def test_the_fix_needs_a_character() -> None:
    responses = (
        IntegrationResponse(status_code="200"),
        IntegrationResponse(status_code="502", selection_pattern=r"(?s).*", declared_by="the answer"),
    )
    (finding,) = lint_selection_patterns(Integration(type="AWS", uri=FUNCTION_URI, responses=responses))
    assert finding.declared_by == "the answer"
    assert "every success becomes a 502" in finding.message
    assert r"[\\s\\S]+" in finding.fix


def test_a_pattern_for_errors_alone_is_not_found() -> None:
    assert found(".+") == []
    assert found(r"\[404\].*") == []
    assert found(".*", kind="HTTP") == []
    assert found(".*", status="200", default=None) == [], "the only response is meant to take everything"


@pytest.mark.parametrize("pattern", OVERFLOWS)
def test_a_repeated_group_that_varies_overflows_javas_stack(pattern: str) -> None:
    assert overflows_java(pattern)
    assert "pattern-overflow" in found(pattern)


@pytest.mark.parametrize("pattern", LOOPS)
def test_what_java_matches_in_a_loop_does_not(pattern: str) -> None:
    assert not overflows_java(pattern)


@needs_java
def test_java_overflows_as_the_rule_says() -> None:
    """So with Java 17.0.15 and 25.0.3."""
    told = java_matches((pattern, unit * (LONG // len(unit))) for pattern, unit in (OVERFLOWS | LOOPS).items())
    answers = dict(zip(OVERFLOWS | LOOPS, told, strict=True))
    assert {pattern for pattern, answer in answers.items() if answer == "overflow"} == set(OVERFLOWS)
