"""JSONPath and JSON text, held against answers recorded from Jayway JsonPath 2.9.0 with json-smart."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.gateway.templates.util_variable import escape_javascript
from parity.jsonpath.json_text import JsonTextError, has_unusual_floats, parse_json, to_json
from parity.jsonpath.path import InvalidPathError, JsonPath, JsonPathError, PathNotFoundError, compile_json_path
from parity.jsonpath.values import template_value
from parity.velocity import java_string

RECORDED = json.loads((Path(__file__).parent / "jayway" / "recorded.json").read_text())


def answer(document: str, expression: str) -> list[str]:
    """What Parity answers, in the form of the recording; an error's class is left out."""
    try:
        value = compile_json_path(expression).read(parse_json(document))
    except (JsonPathError, JsonTextError):
        return ["error"]
    return ["ok", to_json(value), java_string(template_value(value))]


def test_every_recorded_answer_is_given() -> None:
    differing: list[Any] = []
    for document, expression, word, json_text, text in RECORDED["paths"]:
        expected = ["error"] if word == "error" else ["ok", json_text, text]
        if answer(document, expression) != expected:
            differing.append((document, expression, expected, answer(document, expression)))
    assert len(RECORDED["paths"]) > 1500
    assert differing == []


@pytest.mark.parametrize(("text", "escaped"), RECORDED["escapes"])
def test_escape_javascript_is_that_of_apache_commons_lang(text: str, escaped: str) -> None:
    assert escape_javascript(text) == escaped


@pytest.mark.parametrize(
    ("expression", "definite"),
    [
        ("$.a[0]['b']", True),
        ("$.a.length()", True),
        ("$.a[0,1]", False),
        ("$..a", False),
        ("$.a[?(@.b)]", False),
        ("$.a[1:]", False),
    ],
)
def test_a_path_is_definite_if_it_selects_one_value(expression: str, definite: bool) -> None:
    assert JsonPath(expression).definite is definite


def test_a_definite_path_without_match_is_not_found() -> None:
    with pytest.raises(PathNotFoundError):
        JsonPath("$.a.b").read({"a": {}})
    with pytest.raises(PathNotFoundError):
        JsonPath("$.a[3]").read({"a": [1]})


def test_an_indefinite_path_without_match_is_an_empty_list() -> None:
    assert JsonPath("$..b").read({"a": {}}) == []


def test_what_is_not_jsonpath_is_told() -> None:
    for expression in ("$.", "$[", "$.a[?(@.b", "$['a'", "$.a b", ""):
        with pytest.raises(InvalidPathError):
            JsonPath(expression)


def test_compiled_expressions_are_remembered() -> None:
    assert compile_json_path("$.remembered") is compile_json_path("$.remembered")


def test_a_function_with_a_path_does_not_change_the_path() -> None:
    path = JsonPath("$..a.length()")
    document = {"a": [1, 2], "b": {"a": [3]}}
    assert path.read(document) == path.read(document) == 3


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ('{ "a" : [ 1, 2.50 ] }', '{"a":[1,2.5]}'),
        ("0.1234567890123456789012345", "0.1234567890123456789012345"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("9" * 5000, "9" * 5000),
        ('"\\u001f \\u2028 é /"', '"\\u001F \\u2028 é /"'),
        ("1e400", "null"),
    ],
)
def test_json_is_printed_as_json_smart_prints_it(text: str, printed: str) -> None:
    assert to_json(parse_json(text)) == printed


@given(st.lists(st.decimals(-(10**7), 10**7, places=5).map(float)))
def test_floats_that_are_not_unusual_print_as_java_prints_them(values: list[float]) -> None:
    text = json.dumps(values)
    printed = "[" + ",".join(map(java_string, values)) + "]"
    assert has_unusual_floats(text) or to_json(parse_json(text), unusual_floats=False) == printed


@pytest.mark.parametrize("number", ["1e5", "12345678.5", "0.001", "-0.0012", "1.123456789"])
def test_floats_that_java_may_print_otherwise_are_unusual(number: str) -> None:
    assert has_unusual_floats(f"[{number}]")


def test_most_floats_are_not_unusual() -> None:
    assert not has_unusual_floats('[0.5, -1.25, 1234567.75, 0.01, 100.50, 0.0, "a.b", "ease", 12345678, 11.001]')


def test_deep_nesting_is_refused_not_a_crash() -> None:
    for opening in ("[", '{"a":', "[{a:"):
        with pytest.raises(JsonTextError):
            parse_json(opening * 100_000)
    assert parse_json("[" * 400 + "]" * 400) != []
    with pytest.raises(JsonTextError):
        parse_json("[" * 401 + "]" * 401)


def test_numbers_that_java_cannot_hold_are_refused_not_a_crash() -> None:
    for text in ("1e99999999999999999999", "[1.5e-99999999999999999999]", "{a:1e99999999999999999999}"):
        with pytest.raises(JsonTextError):
            parse_json(text)
    for expression in ("$[?(@ > 1)]", "$[?(@ size 1e99999)]", "$[?('a' size @)]"):
        with contextlib.suppress(JsonPathError):
            JsonPath(expression).read(parse_json("[1e400, 123456789012345678901e99999]"))


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(JsonTextError):
        json.loads(to_json(parse_json(text)), parse_constant=str)


TOKENS = (
    """$ @ . .. [ ] 'a' "b" a * ?( ( ) == != < && || ! 1 -1 : , length() sum() $.a @.b /x/i =~ in [1,2] null size"""
)


@given(
    st.lists(st.sampled_from(TOKENS.split()), max_size=12).map(" ".join)
    | st.lists(st.sampled_from(TOKENS.split())).map("".join)
)
def test_any_expression_is_compiled_or_refused(expression: str) -> None:
    with contextlib.suppress(JsonPathError):
        JsonPath(expression).read({"a": [1, {"b": "x"}, None], "b": {"a": 2.5}})
