"""What a service with a JSON protocol refuses before an action begins: unknown targets, malformed or incomplete input.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html
"""

import json
from typing import Any

from werkzeug.wrappers import Response

from parity.local.services.emulator.models import operation_model
from parity.local.services.emulator.responses import json_error

_JSON_TYPES = {"structure": dict, "map": dict, "list": list, "string": str, "blob": str, "boolean": bool}
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
    missing: list[str] = []
    wrong = _wrong(operation.input_shape, value, "", missing)
    if wrong is not None:
        return json_error(_SERIALIZATION_ERROR, wrong)
    if not missing:
        return None
    # The words of the validation that most of these services share.
    lines = "; ".join(
        f"Value null at '{name}' failed to satisfy constraint: Member must not be null" for name in missing
    )
    errors = "1 validation error" if len(missing) == 1 else f"{len(missing)} validation errors"
    return json_error("com.amazon.coral.validate#ValidationException", f"{errors} detected: {lines}")


def _wrong(shape: Any, value: Any, path: str, missing: list[str]) -> str | None:
    """What has the wrong type in a value, None if nothing has; `missing` takes the required members that are absent."""
    if value is None:
        return None
    expected = _JSON_TYPES.get(shape.type_name)
    if expected is not None and not isinstance(value, expected):
        return f"{type(value).__name__} value at '{path or '/'}', where the service expects {shape.type_name}"
    if shape.type_name == "structure":
        return _wrong_member(shape, value, path, missing)
    items: list[tuple[str, Any, Any]] = []
    if shape.type_name == "list":
        items = [(f"{path}.{number}.member", shape.member, item) for number, item in enumerate(value, 1)]
    elif shape.type_name == "map":
        items = [(f"{path}.{name}.member", shape.value, item) for name, item in value.items()]
    return next((wrong for where, member, item in items if (wrong := _wrong(member, item, where, missing))), None)


def _wrong_member(shape: Any, value: dict[str, Any], path: str, missing: list[str]) -> str | None:
    prefix = f"{path}." if path else ""
    missing += [f"{prefix}{_camel(name)}" for name in shape.required_members if value.get(name) is None]
    for name, member in shape.members.items():
        wrong = _wrong(member, value.get(name), f"{prefix}{_camel(name)}", missing)
        if wrong is not None:
            return wrong
    return None


def _camel(name: str) -> str:
    return name[:1].lower() + name[1:]
