"""Selection patterns that take successes, or overflow Java's stack."""

import pytest

from parity.gateway.model.definition import Integration, IntegrationResponse
from parity.lint.rules.selection_patterns import lint_selection_patterns, overflows_java
from tests.gateway.support import FUNCTION_URI


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


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?:.|\n)+",
        r"(\n|.)+",
        r"Bad(.|\n)*",
        r"(?:\s|\S)+",
        "(?:a|b)*?x",
        "(?:ab|cd)*x",
        "(?:a?b)+",
        r"(\w+\s)*x",
        r"(.*)(?:\n.*)+x",
        "((a|b))*x",
        "(?:a|b){1,5000}",
    ],
)
def test_a_repeated_group_that_varies_overflows_javas_stack(pattern: str) -> None:
    """Observed with java.util.regex of Java 17 and 25, on texts of 10,000 characters and more."""
    assert overflows_java(pattern)
    assert "pattern-overflow" in found(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"[\s\S]+",
        "(?s).+",
        "(.)*",
        "(?:[ab]c)*",
        "(?:a{2})*",
        "(?:a|b)*+",
        "(?>a|b)*",
        "(?:a|b){0,20}",
        "(a*)*",
        "((a))*",
        "(?:a(?=b|c)b)*",
        r"\Q(a|b)*\E",
        "[(a|b)*]*",
        "(?i:a)*",
    ],
)
def test_what_java_matches_in_a_loop_does_not(pattern: str) -> None:
    """Observed as above."""
    assert not overflows_java(pattern)
