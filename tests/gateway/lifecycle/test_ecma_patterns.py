"""Patterns of JSON schemas, as Rhino's regular expressions read them; the answers are those of fge's validator."""

import pytest
import regex

from parity.gateway.lifecycle.ecma_patterns import EcmaPatternError, translated, utf_16_units


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"\p{L}", "p{L}"),
        (r"^\s$", "\u00a0"),
        (r"^\s$", "\ufeff"),
        (r"^[\w-]+$", "a-b"),
        (r"^[^]$", "x"),
        ("{1}", "{1}"),
        ("^a{,2}$", "a{,2}"),
        ("^a{1$", "a{1"),
        (r"^(a)\1$", "aa"),
        (r"^\x41\u0042$", "AB"),
        (r"^\cJ[\b]\0\01$", "\n\b\x00\x01"),
        (r"^\t\n\v\f\r[\t\n\v\f\r]$", "\t\n\v\f\r\n"),
        ("^[[]$", "["),
        ("^[a&&b]+$", "&"),
        (r"^[\]\S]$", "]"),
        (r"^\-\/\@$", "-/@"),
        ("^]}$", "]}"),
        ("^..$", "😀"),
        ("^😀$", "😀"),
        (r"^\ud83d\ude00$", "😀"),
        (r"^\A\Z\h$", "AZh"),
        ("^(?=a)a(?!b)", "ac"),
        ("^(?:a|b)+?$", "ab"),
        (r"^\101$", "A"),
        (r"^\uu\x4$", "uux4"),
        ("x{2}", "xx"),
        ("", "anything"),
    ],
)
def test_a_pattern_is_found_as_in_javascript(pattern: str, text: str) -> None:
    assert regex.search(translated(pattern), utf_16_units(text), regex.ASCII)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"\p{L}", "pL"),
        ("^a$", "a\n"),
        ("^.$", "\r"),
        ("^.$", "\u2028"),
        ("^.$", "😀"),
        (r"^\s$", "\u0085"),
        (r"^\S$", "\u00a0"),
        (r"^[\S]$", "\u00a0"),
        (r"^\w$", "é"),
        (r"^[\W]$", "a"),
        (r"^\d$", "\u0663"),
        (r"^[\D]$", "7"),
        ("[]", "x"),
        (r"\bé", "é"),
        (r"^\u{41}$", "A"),
        ("A", "a"),
    ],
)
def test_a_pattern_is_not_found_as_in_javascript(pattern: str, text: str) -> None:
    assert not regex.search(translated(pattern), utf_16_units(text), regex.ASCII)


@pytest.mark.parametrize(
    "pattern",
    [
        *("(", ")", "[a", "a{2,1}", "(?i)a", "(?<=a)", "(?<n>a)", "(?#c)", "(?>a)", "\\", "a**", "*", "a++", "[b-a]"),
        *(r"[a-\d]", "x{99999999999}", "^*", "[\\"),
    ],
)
def test_what_javascript_refuses_is_no_pattern(pattern: str) -> None:
    with pytest.raises(EcmaPatternError):
        translated(pattern)
