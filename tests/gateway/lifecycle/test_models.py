"""Validation of request bodies against the API's models."""

import json

import pytest

from parity.gateway.lifecycle.models import BodyValidator, model_uri
from parity.gateway.model.definition import Model
from parity.velocity import BudgetError

PERSON = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "type": "object",
    "required": ["name", "b"],
    "properties": {
        "name": {"type": "string", "minLength": 2},
        "b": {"type": "number", "minimum": 0},
        "house": {"$ref": model_uri("abc", "House")},
    },
}
HOUSE = {
    "type": "object",
    "required": ["contains"],
    "properties": {"contains": {"type": "array", "items": {"$ref": model_uri("abc", "Person")}}},
}


def validator(**schemas: object) -> BodyValidator:
    models = {name: Model(name=name, schema=json.dumps(schema)) for name, schema in schemas.items()}
    return BodyValidator(models, "abc")


NOT_A_NUMBER = 'instance type (string) does not match any allowed primitive type (allowed: ["integer","number"])'
PEOPLE = validator(Person=PERSON, House=HOUSE)


def test_models_may_refer_to_each_other_in_a_circle() -> None:
    inhabited = b'{"name":"Ada","b":2,"house":{"contains":[{"name":"Bob","b":3}]}}'
    assert PEOPLE.validate("Person", inhabited) == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"random":"x"}', 'object has missing required properties (["b","name"])'),
        (b'{"name":"Ada","b":2,"house":{"contains":[{}]}}', 'object has missing required properties (["b","name"])'),
        (b'{"name":"Ada","b":"2"}', NOT_A_NUMBER),
        (b'{"name":"A","b":2}', 'string "A" is too short (length: 1, required minimum: 2)'),
        (b'{"name":"Ada","b":-1}', "numeric instance is lower than the required minimum (minimum: 0, found: -1)"),
        (b"[]", 'instance type (array) does not match any allowed primitive type (allowed: ["object"])'),
        (b"", "Unknown error parsing request body"),
        (b"{name: 'Ada', b: 2}", "Unknown error parsing request body"),
        (b"\xff", "Unknown error parsing request body"),
        (b'{"name":"Ada","b":NaN}', "Unknown error parsing request body"),
    ],
)
def test_what_does_not_fit_is_told(body: bytes, message: str) -> None:
    assert PEOPLE.validate("Person", body) == [message]


def test_a_definition_within_the_schema_is_found() -> None:
    schema = {"properties": {"x": {"$ref": "#/definitions/y"}}, "definitions": {"y": {"enum": [1, 2]}}}
    local = validator(Local=schema)
    assert local.validate("Local", b'{"x":1}') == []
    assert local.validate("Local", b'{"x":3}') == ["instance value (3) not found in enum (possible values: [1,2])"]


def test_the_empty_model_takes_everything() -> None:
    assert PEOPLE.validate("Empty", b"") == []
    assert PEOPLE.validate("Empty", b"not json") == []


def test_a_model_that_cannot_be_used_is_told_and_refuses_every_body() -> None:
    broken = BodyValidator(
        {
            "Wrong": Model(name="Wrong", schema='{"type":"objct"}'),
            "Text": Model(name="Text", schema="{"),
            "Lost": Model(name="Lost", schema=json.dumps({"$ref": model_uri("abc", "Nowhere")})),
        },
        "abc",
    )
    assert "draft-04" in (broken.problem("Wrong") or "")
    assert "not JSON" in (broken.problem("Text") or "")
    assert model_uri("abc", "Nowhere") in (broken.problem("Lost") or "")
    assert broken.problem("Absent") == "there is no such model"
    for name in ("Wrong", "Text", "Lost", "Absent"):
        assert broken.validate(name, b"{}") != []


def test_a_body_nested_deeply_is_refused_not_a_crash() -> None:
    deep = validator(Tree={"type": "object", "properties": {"a": {"$ref": "#"}}})
    assert deep.validate("Tree", b'{"a":' * 100_000) != []
    assert deep.validate("Tree", b'{"a":' * 350 + b"{}" + b"}" * 350) in ([], ["Unknown error parsing request body"])


def test_numbers_of_any_size_are_validated() -> None:
    numbers = validator(Number={"type": "number", "multipleOf": 0.5})
    assert numbers.validate("Number", b"0.12345678901234567890123") != []
    assert numbers.validate("Number", b"123456789012345678901234567890") == []
    assert numbers.validate("Number", b"1e400") == ["the body holds a number that is too large"]


def test_a_pattern_that_javascript_refuses_cannot_be_used() -> None:
    named = validator(Named={"type": "string", "pattern": r"^[A-Z]\d+$"}, Broken={"pattern": "("})
    assert named.problem("Named") is None
    assert named.validate("Named", b'"A12"') == []
    assert named.validate("Named", b'"a12"') != []
    assert named.problem("Broken") == "'(' is no regular expression"
    assert named.validate("Broken", b'"x"') != []


def test_a_pattern_that_takes_too_long_uses_up_the_budget() -> None:
    slow = validator(Slow={"pattern": "^(?:(a|b|ab)*)*[^ab]$"})
    with pytest.raises(BudgetError, match=r"by the model Slow: the pattern .* takes too long"):
        slow.validate("Slow", b'"' + b"ab" * 100 + b'"')


@pytest.mark.parametrize(
    ("schema", "body", "messages"),
    [
        ({"maxLength": 2}, '"a\\"b"', ['string "a"b" is too long (length: 3, maximum allowed: 2)']),
        ({"pattern": r"^\d"}, '"x"', [r'ECMA 262 regex "^\d" does not match input string "x"']),
        (
            {"minimum": 5, "exclusiveMinimum": True},
            "5",
            ["numeric instance is not strictly greater than the required minimum 5"],
        ),
        (
            {"maximum": 5, "exclusiveMaximum": True},
            "6",
            ["numeric instance is greater than the required maximum (maximum: 5, found: 6)"],
        ),
        (
            {"maximum": 5, "exclusiveMaximum": True},
            "5",
            ["numeric instance is not strictly lower than the required maximum 5"],
        ),
        ({"multipleOf": 3}, "7", ["remainder of division is not zero (7 / 3)"]),
        ({"uniqueItems": True}, "[1,1]", ["array must not contain duplicate elements"]),
        ({"minProperties": 1}, "{}", ["object has too few properties (found 0 but schema requires at least 1)"]),
        ({"maxProperties": 0}, '{"a":1}', ["object has too many properties (found 1 but schema requires at most 0)"]),
        (
            {"oneOf": [{"type": "integer"}, {"minimum": 2}]},
            "3",
            ["instance failed to match exactly one schema (matched 2 out of 2)"],
        ),
        ({"anyOf": [{"type": "null"}]}, "3", ["instance failed to match at least one required schema among 1"]),
        (
            {"allOf": [{"type": "integer"}, {"maximum": 2}]},
            "3",
            ["instance failed to match all required schemas (matched only 1 out of 2)"],
        ),
        ({"not": {"type": "integer"}}, "3", ["instance matched a schema which it should not have"]),
        (
            {"dependencies": {"a": ["b"]}},
            '{"a":1}',
            ['property "a" of object has missing property dependencies (schema requires ["b"]; missing: ["b"])'],
        ),
        (
            {"items": [{}], "additionalItems": False},
            "[1,2,3]",
            ["schema only allows 1 elements in array but instance has 3 elements"],
        ),
        (
            {"patternProperties": {"^x": {}}, "additionalProperties": False},
            '{"xa":1,"y":2,"b":3}',
            ['object instance has properties which are not allowed by the schema: ["b","y"]'],
        ),
        ({"format": "date"}, '"x"', []),
        ({"format": "email"}, '"x"', ['string "x" is not a valid email address']),
    ],
)
def test_errors_are_worded_by_the_validator_of_api_gateway(schema: object, body: str, messages: list[str]) -> None:
    """API Gateway's messages are those of fge's json-schema-validator, which worded these (version 2.2.6)."""
    assert validator(M=schema).validate("M", body.encode()) == messages
