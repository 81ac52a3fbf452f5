"""Between Pulumi's wire format (protobuf structs) and plain Python values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf import struct_pb2  # type: ignore[import-untyped]

from parity.local.program.records import OUTPUT_VALUE, RESOURCE, SECRET, SIGNATURE


def to_plain(value: struct_pb2.Value, *, keep_references: bool = False) -> Any:
    """The Python value of a protobuf value: secrets unwrapped, references replaced by ids, whole numbers as int.

    With `keep_references` a reference to a resource stays the marked object that it is.
    """
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return value.string_value
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [to_plain(item, keep_references=keep_references) for item in value.list_value.values]
    if kind == "struct_value":
        return struct_to_plain(value.struct_value, keep_references=keep_references)
    return None


def struct_to_plain(struct: struct_pb2.Struct, *, keep_references: bool = False) -> Any:
    """The Python value of a protobuf struct: a dict, or what a marked struct represents."""
    plain = {name: to_plain(value, keep_references=keep_references) for name, value in struct.fields.items()}
    signature = plain.get(SIGNATURE)
    if signature in (SECRET, OUTPUT_VALUE):
        return plain.get("value")
    if signature == RESOURCE and not keep_references:
        return plain.get("id") or plain.get("urn")
    return plain


def secret_properties(struct: struct_pb2.Struct) -> tuple[str, ...]:
    """The names of the top-level properties that are secret, or hold a secret somewhere."""
    return tuple(name for name, value in struct.fields.items() if _holds_secret(value))


def _holds_secret(value: struct_pb2.Value) -> bool:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = value.struct_value.fields
        if SIGNATURE in fields:
            signature = fields[SIGNATURE].string_value
            if signature == SECRET or (signature == OUTPUT_VALUE and fields["secret"].bool_value):
                return True
        return any(_holds_secret(item) for item in fields.values())
    if kind == "list_value":
        return any(_holds_secret(item) for item in value.list_value.values)
    return False


def to_struct(properties: Mapping[str, Any], secrets: frozenset[str] = frozenset()) -> struct_pb2.Struct:
    """A protobuf struct of plain values, the properties named in `secrets` wrapped as such."""
    struct = struct_pb2.Struct()
    for name, value in properties.items():
        if value is not None:
            struct[name] = {SIGNATURE: SECRET, "value": value} if name in secrets else value
    return struct
