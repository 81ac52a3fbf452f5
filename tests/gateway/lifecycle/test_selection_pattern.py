"""Selection patterns as Java matches them."""

import pytest

from parity.gateway.lifecycle.selection_pattern import JavaPattern, JavaPatternError


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"2\d{2}", "200", True),
        (r"2\d{2}", "2000", False),
        (r"\d{3}", "٢٠٠", False),
        ("Bad.*", "A Bad request", False),
        ("Bad.*", "Bad\nnews", False),
        ("Bad.*", "Bad\rnews", False),
        (r"Bad(.|\n)*", "Bad\nnews", True),
        ("(?s)Bad.*", "Bad\nnews", True),
        (r"\Q[404]\E.*", "[404] not found", True),
        (r"\[404\].*", "[404] not found", True),
        (r"\p{Alpha}+", "abc", True),
        ("5.*|3..", "302", True),
        ("[a-z&&[^b]]+", "abc", False),
    ],
)
def test_the_whole_text_must_match(pattern: str, text: str, expected: bool) -> None:
    assert JavaPattern(pattern).fullmatch(text) is expected


@pytest.mark.parametrize("pattern", ["(4", "*a", "a{", "[", r"\y"])
def test_what_java_refuses_is_refused(pattern: str) -> None:
    with pytest.raises(JavaPatternError):
        JavaPattern(pattern)


def test_a_pattern_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(JavaPatternError, match="takes too long"):
        JavaPattern("(?:(a|b|ab)*)*(?<!b)").fullmatch("ab" * 100)
