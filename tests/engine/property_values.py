"""Property values as Pulumi's engine and its providers send them to each other.

A property bag is a protobuf `Struct`. Unknown values, secrets and assets are marked inside it by signatures that the
engine, the SDKs and the providers share: https://www.pulumi.com/docs/iac/guides/building-extending/providers/.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from google.protobuf import json_format, struct_pb2  # type: ignore[import-untyped]
from pulumi.runtime import rpc

UNKNOWN = rpc.UNKNOWN
SIGNATURE = rpc._special_sig_key
SECRET = rpc._special_secret_sig

Properties = dict[str, Any]


def from_struct(struct: struct_pb2.Struct) -> Properties:
    """The property bag of a request as plain Python values, its marks kept."""
    properties: Properties = json_format.MessageToDict(struct)
    return properties


def to_struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """The reverse of `from_struct`."""
    return json_format.ParseDict(dict(properties), struct_pb2.Struct())


def is_secret(value: object) -> bool:
    """Whether `value` is marked as a secret."""
    return isinstance(value, dict) and value.get(SIGNATURE) == SECRET


def is_special(value: object) -> bool:
    """Whether `value` is marked at all: a secret, an asset, an archive."""
    return isinstance(value, dict) and SIGNATURE in value


def revealed(value: Any) -> Any:
    """`value` without the marks of secrets, at any depth."""
    if is_secret(value):
        return revealed(value["value"])
    if isinstance(value, dict):
        return {key: revealed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [revealed(item) for item in value]
    return value


def strings(value: Any) -> Iterator[str]:
    """Every string in `value`, at any depth, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def has_unknown(value: Any) -> bool:
    """Whether some part of `value` is not known before the update."""
    return UNKNOWN in strings(value)
