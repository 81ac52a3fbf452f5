"""Where a text stops being JSON, and how a reader is shown it."""

import pytest

from parity.jsonpath.json_fault import Fault, describe_json_fault, json_fault

DEPTH = 200_000
"""More levels than any Python's parser takes."""


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"a": 1, "a": 2}', None),
        ("1" * 5000, None),
        ("[" * DEPTH + '"]"' + "]" * DEPTH, None),
        ("[" * DEPTH + "]" * (DEPTH - 1), Fault(message="[ is not closed", offset=2 * DEPTH - 1)),
        ("[" * DEPTH + "]" * (DEPTH - 1) + "}", Fault(message="} closes no bracket", offset=2 * DEPTH - 1)),
        ('{"a": "b"c"}', Fault(message="Expecting ',' delimiter", offset=9)),
        ('{"a": NaN}', Fault(message="NaN is not JSON", offset=6)),
        ('{"NaN": "\\"NaN", "a": NaN}', Fault(message="NaN is not JSON", offset=22)),
        ('{"a": "\\\'"}', Fault(message="Invalid \\escape", offset=7)),
        ('"\n"', Fault(message="Invalid control character", offset=1)),
    ],
)
def test_json_is_what_rfc_8259_says(text: str, fault: Fault | None) -> None:
    assert json_fault(text) == fault


def test_the_place_is_shown_with_the_line() -> None:
    assert describe_json_fault('{"NaN":\n NaN}') == "line 2, column 2: NaN is not JSON\n    2 |  NaN}\n         ^"


def test_a_number_of_any_length_is_json() -> None:
    assert describe_json_fault("1" * 5000) is None


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ('{"a": {"S": "b}\n}', "a string is not closed"),
        ('[{"S": "b},\n"c"]', "a string is not closed"),
        ('{"a": "b}', "a string is not closed"),
        ('{"a": "one\ntwo"}', "a value in quotes holds a line break"),
        ('{"a": "one}\ttwo"}', "a value in quotes holds a line break"),
    ],
)
def test_a_quote_that_is_missing_is_told_from_a_value_with_a_line_break(text: str, cause: str) -> None:
    shown = describe_json_fault(text)

    assert shown is not None
    assert shown.splitlines()[-1].startswith(f"likely cause: {cause}")
