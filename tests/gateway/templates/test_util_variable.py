"""`$util`: the helper functions of mapping templates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.gateway.templates.mapping_template import MappingTemplate, TemplateInput
from parity.gateway.templates.util_variable import (
    base64_decode,
    base64_encode,
    escape_javascript,
    parse_json_text,
    url_decode,
    url_encode,
)


def render(source: str, body: str = "") -> str:
    return MappingTemplate(source).render(TemplateInput(body=body))


@pytest.mark.parametrize(
    "function", ["escapeJavaScript", "urlEncode", "urlDecode", "base64Encode", "base64Decode", "parseJson"]
)
def test_null_and_unknown_references_give_the_empty_string(function: str) -> None:
    assert render(f"[$util.{function}($missing)]") == "[]"
    assert render(f"[$util.{function}($input.path('$.none'))]", "{}") == "[]"


def test_values_that_are_no_strings_are_printed_first() -> None:
    assert render("$util.escapeJavaScript($input.path('$.n'))", '{"n": 1.0}') == "1.0"
    assert render("$util.escapeJavaScript($input.path('$'))", '{"a": "it\'s"}') == "{a=it\\'s}"


@pytest.mark.parametrize(
    ("plain", "encoded"),
    [("x=a+b", "x%3Da%2Bb"), ("a b", "a+b"), ("*-._~", "*-._%7E"), ("é/€", "%C3%A9%2F%E2%82%AC"), ("", "")],
)
def test_url_encoding_is_that_of_forms(plain: str, encoded: str) -> None:
    assert url_encode(plain) == encoded
    assert url_decode(encoded) == plain


def test_url_decoding_takes_a_plus_for_a_space_and_leaves_what_is_not_encoded() -> None:
    assert url_decode("x=a+b") == "x=a b"
    assert url_decode("100%") == "100%"


@pytest.mark.parametrize(
    ("encoded", "plain"),
    [
        ("aGk=", "hi"),
        ("aGk", "hi"),
        ("a G\nk=", "hi"),
        ("_-8=", "\ufffd\ufffd"),
        ("", ""),
        ("a", ""),
        ("aGk=aGk=", "hi"),
    ],
)
def test_base64_is_decoded_leniently(encoded: str, plain: str) -> None:
    assert base64_decode(encoded) == plain


def test_parsed_json_is_read_like_input_path() -> None:
    source = (
        """#set($o = $util.parseJson('{"key1":"v","key2":{"arr":[1,{"a":2}]}}'))$o.key2.arr[1].a $o.key2 $o.key2.arr"""
    )
    assert render(source) == '2 {arr=[1,{"a":2}]} [1,{"a":2}]'
    assert parse_json_text("true") is True
    assert parse_json_text('"text"') == "text"


def test_what_is_not_json_is_the_empty_string() -> None:
    assert parse_json_text('{"a": ') == ""
    assert parse_json_text("not json") == ""
    assert parse_json_text("") == ""
    assert render("#set($v = $util.parseJson('a=b'))[$v]#if($v == '')empty#end") == "[]empty"


def test_an_unknown_function_or_a_wrong_number_of_arguments_is_null() -> None:
    assert render("[$util.nothing('x')] [$util.urlEncode()] [$util.urlEncode('a', 'b')]") == "[] [] []"


@given(st.text())
def test_encodings_are_reversible(text: str) -> None:
    assert url_decode(url_encode(text)) == text
    assert base64_decode(base64_encode(text)) == text


@given(st.text())
def test_escaped_text_is_printable_ascii(text: str) -> None:
    escaped = escape_javascript(text)
    assert escaped.isascii()
    assert all(character >= " " for character in escaped)
