"""What a service with a JSON protocol refuses before an action begins: unknown targets, malformed or incomplete input.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html
"""

import json
from collections.abc import Iterator
from typing import Any

from werkzeug.wrappers import Response

from parity.local.services.emulator.models import operation_model
from parity.local.services.emulator.responses import json_error

_JSON_TYPES = {"structure": dict, "map": dict, "list": list, "string": str, "blob": str, "boolean": bool}
_WHOLE_NUMBERS = ("integer", "long")
_SERIALIZATION_ERROR = "com.amazon.coral.service#SerializationException"


def refusal(service: str, target: str, body: bytes) -> Response | None:
    """The answer to a request that the service does not accept; None for one that it does.

    Args:
        service: the service's name in the credential's scope.
        target: the value of `X-Amz-Target`.
        body: the payload.
    """
    operation = operation_model(service, target.rpartition(".")[2])
    if operation is None:
        return json_error("com.amazon.coral.service#UnknownOperationException", None)
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        return json_error(_SERIALIZATION_ERROR, None)
    if operation.input_shape is None:
        return None
    violations: list[str] = []
    wrong = _wrong(operation.input_shape, value, "", violations)
    if wrong is not None:
        return json_error(_SERIALIZATION_ERROR, wrong)
    if not violations:
        return None
    # The words of the validation that most of these services share.
    errors = "1 validation error" if len(violations) == 1 else f"{len(violations)} validation errors"
    return json_error("com.amazon.coral.validate#ValidationException", f"{errors} detected: {'; '.join(violations)}")


def _wrong(shape: Any, value: Any, path: str, violations: list[str]) -> str | None:
    """What has the wrong type in a value, None if nothing has; `violations` takes the constraints that are not met."""
    if value is None:
        return None
    if shape.type_name in _WHOLE_NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return f"{type(value).__name__} value at '{path}', where the service expects {shape.type_name}"
        violations += _out_of_range(shape, value, path)
    expected = _JSON_TYPES.get(shape.type_name)
    if expected is not None and not isinstance(value, expected):
        return f"{type(value).__name__} value at '{path or '/'}', where the service expects {shape.type_name}"
    if shape.type_name == "structure":
        return _wrong_member(shape, value, path, violations)
    items: list[tuple[str, Any, Any]] = []
    if shape.type_name == "list":
        items = [(f"{path}.{number}.member", shape.member, item) for number, item in enumerate(value, 1)]
    elif shape.type_name == "map":
        items = [(f"{path}.{name}.member", shape.value, item) for name, item in value.items()]
    return next((wrong for where, member, item in items if (wrong := _wrong(member, item, where, violations))), None)


def _out_of_range(shape: Any, value: float, path: str) -> Iterator[str]:
    """The bounds of the service's model that a number is not within.

    The words are those that DynamoDB was reported to answer a limit of 0 with: https://github.com/boto/boto/pull/1584
    """
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    failed = f"Value '{value}' at '{path}' failed to satisfy constraint: Member must have value"
    if least is not None and value < least:
        yield f"{failed} greater than or equal to {least}"
    if most is not None and value > most:
        yield f"{failed} less than or equal to {most}"


def _wrong_member(shape: Any, value: dict[str, Any], path: str, violations: list[str]) -> str | None:
    prefix = f"{path}." if path else ""
    violations += [
        f"Value null at '{prefix}{_camel(name)}' failed to satisfy constraint: Member must not be null"
        for name in shape.required_members
        if value.get(name) is None
    ]
    for name, member in shape.members.items():
        wrong = _wrong(member, value.get(name), f"{prefix}{_camel(name)}", violations)
        if wrong is not None:
            return wrong
    return None


def _camel(name: str) -> str:
    return name[:1].lower() + name[1:]
