"""Field by field: where the client and the backends do not agree."""

from typing import Any

import pytest

from parity.compare.difference import Field, compare_fields, same
from parity.compare.received import ABSENT, Received, parse_json, received_by_http, received_by_lambda
from parity.compare.settings import Side


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("1", "1.0", True),
        ("1.5e3", "1500", True),
        ("0.1", "0.10", True),
        ("3.14159265358979323846", "3.141592653589793", False),
        ("12345678901234567890", "12345678901234567000", False),
        ("1", "true", False),
        ("0", "false", False),
        ('"1"', "1", False),
        ("null", '""', False),
        ("[]", "{}", False),
        ('{"a": [1, {"b": 2}]}', '{"a": [1.0, {"b": 2}]}', True),
        ('{"a": 1}', '{"a": 1, "b": null}', False),
        ("NaN", "NaN", True),
        ("NaN", "1.5", False),
        ("1" + "0" * 400, "1" + "0" * 400, True),
        ("1" + "0" * 400, "NaN", False),
    ],
)
def test_json_values_are_the_same_by_value_and_to_the_last_digit(left: str, right: str, expected: bool) -> None:
    assert same(parse_json(left), parse_json(right)) is expected


def _differences(sent: Received, to_lambda: Received, to_http: Received) -> list[tuple[str, Any, Any, Any]]:
    received = {Side.LAMBDA: to_lambda, Side.HTTP: to_http}
    return [
        (str(field), value, values[Side.LAMBDA], values[Side.HTTP])
        for field, value, values in compare_fields(sent, received)
    ]


def test_the_same_everywhere_is_no_difference() -> None:
    one = Received(
        method="GET", path="a", query={"q": ("1",)}, headers={"x": ("y",)}, header_names={"x": "X"}, body=[1]
    )

    assert _differences(one, one, one) == []


def test_what_both_lost_is_a_difference_to_what_was_sent() -> None:
    sent = Received(method="GET", path="a", query={"q": ("1",)})
    lost = Received(method="GET", path="a")

    assert _differences(sent, lost, lost) == [("query string q", ("1",), ABSENT, ABSENT)]


def test_header_names_are_compared_without_regard_to_case() -> None:
    sent = Received(method="GET", path="", headers={"x-a": ("1",)}, header_names={"x-a": "X-A"})
    lower = Received(method="GET", path="", headers={"x-a": ("1",)}, header_names={"x-a": "x-a"})
    without = Received(method="GET", path="")

    assert _differences(sent, lower, without) == [("header X-A", ("1",), ("1",), ABSENT)]


def test_the_smallest_differing_part_of_a_body_is_told() -> None:
    sent = Received(method="POST", path="", body={"a": [{"b": 1}, {"b": 2}], "c": 3})
    changed = Received(method="POST", path="", body={"a": [{"b": 1}, {"b": 9}], "c": 3})

    assert _differences(sent, sent, changed) == [("body.a[1].b", 2, 2, 9)]


def test_bodies_of_another_shape_differ_whole() -> None:
    sent = Received(method="POST", path="", body=[1, 2])
    longer = Received(method="POST", path="", body=[1, 2, 3])

    assert _differences(sent, longer, sent) == [("body", [1, 2], [1, 2, 3], [1, 2])]


def test_fields_have_names_that_a_reader_understands() -> None:
    assert [str(Field("query", "q")), str(Field("header", "X-A")), str(Field("body", ".a[0]")), str(Field("path"))] == [
        "query string q",
        "header X-A",
        "body.a[0]",
        "path",
    ]


def test_the_echo_of_lambda_is_read_from_the_event_that_it_answers_with() -> None:
    event = (
        '{"method": "POST", "authcontext": "", "body-json": {"n": 1.50}, "params": {"path": {"proxy": "a/b"}, '
        '"querystring": {"q": "1"}, "header": {"X-A": "y"}}}'
    )
    received = received_by_lambda('{"statusCode": 200, "body": ' + repr_json(event) + "}")

    assert received is not None
    assert (received.method, received.path, received.query) == ("POST", "a/b", {"q": ("1",)})
    assert (received.headers, received.header_names) == ({"x-a": ("y",)}, {"x-a": "X-A"})
    assert repr(received.body) == "{'n': 1.50}"


def test_the_echo_of_http_is_read_from_its_answer() -> None:
    received = received_by_http(
        '{"method": "PUT", "path": "/a/b", "query": {"q": ["1", "2"]}, "headers": {"x-a": "y"}, "body": ""}'
    )

    assert received is not None
    assert (received.method, received.path, received.query) == ("PUT", "a/b", {"q": ("1", "2")})
    assert received.body is ABSENT


@pytest.mark.parametrize("answer", ["", "null", "[]", '{"message": "no"}', '{"body": "{}"}', '{"body": "x"}'])
def test_any_other_answer_is_no_echo(answer: str) -> None:
    assert received_by_lambda(answer) is None
    assert received_by_http(answer) is None


def repr_json(text: str) -> str:
    import json

    return json.dumps(text)
