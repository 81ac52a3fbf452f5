"""Models: JSON schemas (draft-04) that request bodies are validated against.

https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html
A schema may refer to another model of the API by `https://apigateway.amazonaws.com/restapis/{api id}/models/{name}`.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from jsonschema import Draft4Validator, FormatChecker, ValidationError
from jsonschema.exceptions import SchemaError
from referencing import Registry, Resource
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT4

from parity.gateway.lifecycle.schema_keywords import BoundedValidator, additional_properties, compiled
from parity.gateway.model.definition import Model
from parity.jsonpath.json_text import CollectorPaused
from parity.velocity.budget import BudgetError, current_budget
from parity.velocity.errors import LimitError

EMPTY_MODEL: Final = "Empty"
"""The model that every API has and that takes everything."""

_BUILT_IN: Final[Mapping[str, str]] = {
    EMPTY_MODEL: "{}",
    "Error": '{"type":"object","properties":{"message":{"type":"string"}}}',
}
_BYTES_A_CHARACTER: Final = 8
"""What a parsed body takes in memory, for each character of it."""
_UNREADABLE: Final = "Unknown error parsing request body"
"""What API Gateway says of an empty body, and of one that is not JSON."""
_NO_FORMATS: Final = FormatChecker(formats=())
"""The check of schemas looks at no formats: their regular expressions are ECMA's, not Python's."""


def model_uri(api_id: str, name: str) -> str:
    """The URI by which another model refers to a model."""
    return f"https://apigateway.amazonaws.com/restapis/{api_id}/models/{name}"


class BodyValidator:
    """Validates bodies against the models of one API. Schemas are read and resolved once.

    Args:
        models: the API's models by name.
        api_id: the API's id, which stands in references.
    """

    def __init__(self, models: Mapping[str, Model], api_id: str) -> None:
        self._validators: dict[str, Any] = {}
        self._problems: dict[str, str] = {}
        schemas = self._read({**_BUILT_IN, **{name: model.schema for name, model in models.items()}})
        self._registry = registry = _registry(schemas, api_id)
        for name, schema in schemas.items():
            try:
                Draft4Validator.check_schema(schema, format_checker=_NO_FORMATS)
                self._validators[name] = BoundedValidator(schema, registry=registry)
            except SchemaError as error:
                self._problems[name] = f"its schema is not JSON Schema draft-04: {error.message}"

    def _read(self, texts: Mapping[str, str]) -> dict[str, Any]:
        schemas: dict[str, Any] = {}
        for name, text in texts.items():
            try:
                schemas[name] = json.loads(text)
            except ValueError as error:
                self._problems[name] = f"its schema is not JSON: {error}"
        return schemas

    def problem(self, model_name: str) -> str | None:
        """Why a model cannot be used: its schema is wrong, or refers to what is not there; None if it can be."""
        if model_name not in self._validators:
            return self._problems.get(model_name, "there is no such model")
        schema = self._validators[model_name].schema
        resolver = self._registry.resolver_with_root(DRAFT4.create_resource(schema))
        for pattern in _strings(schema, "pattern"):
            if compiled(pattern) is None:
                return f"{pattern!r} is no regular expression"
        try:
            for reference in _strings(schema, "$ref"):
                resolver.lookup(reference)
        except Unresolvable as error:
            return f"it refers to {error.ref}, which is not there"
        return None

    def validate(self, model_name: str, body: bytes) -> list[str]:
        """Validates a body.

        Args:
            model_name: the name of the model.
            body: the request's body; an empty one fits the Empty model only.

        Raises:
            BudgetError: the budget of the request is used up.

        Returns:
            What is wrong with the body, worded as `$context.error.validationErrorString` has it; empty when it fits.
        """
        if model_name == EMPTY_MODEL:
            return []
        validator = self._validators.get(model_name)
        if validator is None:
            return [f"the model {model_name} cannot be used: {self.problem(model_name)}"]
        try:
            with CollectorPaused(len(body)):
                document = json.loads(body.decode(), parse_constant=_refuse)
        except ValueError:
            return [_UNREADABLE]
        except RecursionError:
            return [_UNREADABLE]
        try:
            current_budget().consume_memory(_BYTES_A_CHARACTER * len(body))
            return list(dict.fromkeys(_worded(error) for error in validator.iter_errors(document)))
        except Unresolvable as error:
            return [f"the model {model_name} refers to {error.ref}, which is not there"]
        except RecursionError:
            return [_UNREADABLE]
        except LimitError as error:
            raise BudgetError(f"validating the body by the model {model_name}: {error.message}") from error
        except ArithmeticError:
            return ["the body holds a number that is too large"]


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _registry(schemas: Mapping[str, Any], api_id: str) -> "Registry[Any]":
    """Where references are looked up. Models are found under any API id: an imported one may name its origin's."""

    def retrieve(uri: str) -> "Resource[Any]":
        prefix, _, name = uri.partition("#")[0].rpartition("/models/")
        if not prefix.startswith(model_uri("", "").partition("//models")[0]) or name not in schemas:
            raise KeyError(uri)
        return DRAFT4.create_resource(schemas[name])

    known = [(model_uri(api_id, name), DRAFT4.create_resource(schema)) for name, schema in schemas.items()]
    registry: Registry[Any] = Registry(retrieve=retrieve)  # type: ignore[call-arg]
    return registry.with_resources(known)


def _strings(schema: Any, keyword: str) -> list[str]:
    """The values of a keyword, wherever it stands in a schema, as far as they are strings."""
    if isinstance(schema, dict):
        own = [schema[keyword]] if isinstance(schema.get(keyword), str) else []
        return own + [text for value in schema.values() for text in _strings(value, keyword)]
    if isinstance(schema, list):
        return [text for item in schema for text in _strings(item, keyword)]
    return []


Message = Callable[[Any, Any, Any], str]
"""Words an error, given the keyword's value in the schema, the instance and the schema."""


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    kinds = ((str, "string"), (int, "integer"), (float, "number"), (dict, "object"), (list, "array"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "null")


def _type_message(expected: Any, instance: Any, _schema: Any) -> str:
    allowed = {*expected} if isinstance(expected, list) else {expected}
    allowed |= {"integer"} if "number" in allowed else set()
    kinds = _json(sorted(allowed))
    return f"instance type ({_kind(instance)}) does not match any allowed primitive type (allowed: {kinds})"


def _required_message(expected: Any, instance: Any, _schema: Any) -> str:
    missing = sorted(name for name in expected if name not in instance)
    return f"object has missing required properties ({_json(missing)})"


def _additional_message(_expected: Any, instance: Any, schema: Any) -> str:
    extra = sorted(additional_properties(instance, schema if isinstance(schema, dict) else {}))
    return f"object instance has properties which are not allowed by the schema: {_json(extra)}"


def _length_message(word: str, bound: str) -> Message:
    return lambda expected, instance, _schema: (
        f'string "{instance}" is too {word} (length: {len(instance)}, {bound}: {expected})'
    )


def _number_message(word: str, bound: str, exclusive: str, strict_word: str) -> Message:
    def message(expected: Any, instance: Any, schema: Any) -> str:
        if instance == expected and isinstance(schema, dict) and schema.get(exclusive):
            return f"numeric instance is not strictly {strict_word} than the required {bound} {_json(expected)}"
        return (
            f"numeric instance is {word} than the required {bound}"
            f" ({bound}: {_json(expected)}, found: {_json(instance)})"
        )

    return message


def _dependencies_message(expected: Any, instance: Any, _schema: Any) -> str:
    for name, needed in expected.items():
        missing = sorted(item for item in needed if item not in instance) if isinstance(needed, list) else []
        if name in instance and missing:
            needs = f"schema requires {_json(sorted(needed))}; missing: {_json(missing)}"
            return f"property {_json(name)} of object has missing property dependencies ({needs})"
    return "object has missing property dependencies"


def _size_message(word: str, bound: str) -> Message:
    return lambda expected, instance, _schema: (
        f"array is too {word}: must have at {bound} {expected} elements but instance has {len(instance)} elements"
    )


_MESSAGES: Final[dict[str, Message]] = {
    "type": _type_message,
    "required": _required_message,
    "additionalProperties": _additional_message,
    "enum": lambda expected, instance, _schema: (
        f"instance value ({_json(instance)}) not found in enum (possible values: {_json(expected)})"
    ),
    "pattern": lambda expected, instance, _schema: (
        f'ECMA 262 regex "{expected}" does not match input string "{instance}"'
    ),
    "minLength": _length_message("short", "required minimum"),
    "maxLength": _length_message("long", "maximum allowed"),
    "minimum": _number_message("lower", "minimum", "exclusiveMinimum", "greater"),
    "maximum": _number_message("greater", "maximum", "exclusiveMaximum", "lower"),
    "multipleOf": lambda expected, instance, _schema: (
        f"remainder of division is not zero ({_json(instance)} / {_json(expected)})"
    ),
    "uniqueItems": lambda _expected, _instance, _schema: "array must not contain duplicate elements",
    "minProperties": lambda expected, instance, _schema: (
        f"object has too few properties (found {len(instance)} but schema requires at least {expected})"
    ),
    "maxProperties": lambda expected, instance, _schema: (
        f"object has too many properties (found {len(instance)} but schema requires at most {expected})"
    ),
    "not": lambda _expected, _instance, _schema: "instance matched a schema which it should not have",
    "dependencies": _dependencies_message,
    "additionalItems": lambda _expected, instance, schema: (
        f"schema only allows {len(schema['items'])} elements in array but instance has {len(instance)} elements"
    ),
    "minItems": _size_message("short", "least"),
    "maxItems": _size_message("long", "most"),
}


def _worded(error: ValidationError) -> str:
    """The error in the words of API Gateway's validator, which is fge's json-schema-validator."""
    message = _MESSAGES.get(str(error.validator))
    return message(error.validator_value, error.instance, error.schema) if message else error.message
