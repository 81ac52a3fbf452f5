"""Java's `equals` and `hashCode` of the values that templates meet."""

import math
import struct
from collections.abc import Mapping
from decimal import Decimal
from itertools import repeat
from typing import Any

from parity.velocity.errors import LimitError
from parity.velocity.values import (
    Character,
    Entry,
    JavaClass,
    SubList,
    View,
    items_of,
    java_class_name,
    value_of,
)

_MAX_COMPARED = 50_000


class Work:
    """How much of nested collections one comparison or one hash has gone through."""

    __slots__ = ("done",)

    def __init__(self) -> None:
        self.done = 0

    def more(self) -> "Work":
        """Counts one more collection.

        Raises:
            LimitError: it is too much; a collection that holds another twice, again and again, has no end.
        """
        self.done += 1
        if self.done > _MAX_COMPARED:
            raise LimitError("a collection is nested too deep to be compared")
        return self


def java_equals(left: Any, right: Any, work: Work | None = None) -> bool:
    """Java's `Objects.equals`."""
    if left is right:
        return True
    if left is None or right is None:
        return False
    if left.__class__ is str or right.__class__ is str:
        return bool(left.__class__ is right.__class__ and left == right)
    if isinstance(left, (int, float, Decimal)):
        if java_class_name(left) != java_class_name(right):
            return False
        if isinstance(left, float):
            return _double_key(left) == _double_key(right)
        return bool(left.as_tuple() == right.as_tuple() if isinstance(left, Decimal) else left == right)
    if isinstance(left, Mapping):
        return isinstance(right, Mapping) and _maps_equal(left, right, (work or Work()).more())
    if isinstance(left, Character):
        return isinstance(right, Character) and left.value == right.value
    if isinstance(left, Entry):
        return (
            isinstance(right, Entry)
            and java_equals(left.get_key(), right.get_key(), work)
            and java_equals(left.get_value(), right.get_value(), work)
        )
    return _collections_equal(left, right, (work or Work()).more())


def _double_key(value: float) -> tuple[object, ...]:
    return ("nan",) if value != value else (value, math.copysign(1, value))


def _maps_equal(left: Mapping[Any, Any], right: Mapping[Any, Any], work: Work) -> bool:
    if len(left) != len(right):
        return False
    return all(key in right and java_equals(value, right[key], work) for key, value in left.items())


def _collections_equal(left: Any, right: Any, work: Work) -> bool:
    if isinstance(left, View):
        if not (left.is_set and isinstance(right, View) and right.is_set and len(left) == len(right)):
            return False
        return all(any(java_equals(item, other, work) for other in right.items()) for item in left.items())
    if isinstance(left, (list, tuple, SubList)) and isinstance(right, (list, tuple, SubList)):
        ours, theirs = items_of(left) or [], items_of(right) or []
        return len(ours) == len(theirs) and all(map(java_equals, ours, theirs, repeat(work)))
    return isinstance(left, JavaClass) and isinstance(right, JavaClass) and left.name == right.name


def _signed(value: int) -> int:
    return ((value + 2**31) & 0xFFFFFFFF) - 2**31


def string_hash(text: str) -> int:
    """Java's `String.hashCode`."""
    result = 0
    units = text.encode("utf-16-le", "surrogatepass")
    for position in range(0, len(units), 2):
        result = (31 * result + units[position] + 256 * units[position + 1]) & 0xFFFFFFFF
    return _signed(result)


def _double_hash(value: float) -> int:
    bits = 0x7FF8000000000000 if value != value else struct.unpack(">Q", struct.pack(">d", value))[0]
    return _signed((bits ^ (bits >> 32)) & 0xFFFFFFFF)


def java_hash(value: Any, work: Work | None = None) -> int:
    """Java's `hashCode`; for a class that has none of its own, a number that stays the same for the object."""
    if value is None:
        return 0
    if isinstance(value, str):
        return string_hash(value)
    if isinstance(value, bool):
        return 1231 if value else 1237
    if isinstance(value, int):
        return _integer_hash(value)
    if isinstance(value, float):
        return _double_hash(value)
    if isinstance(value, Character):
        return ord(value.value)
    return _collection_hash(value, (work or Work()).more())


def _collection_hash(value: Any, work: Work) -> int:
    if isinstance(value, Entry):
        return java_hash(value.get_key(), work) ^ java_hash(value.get_value(), work)
    if isinstance(value, Mapping):
        return _signed(sum(java_hash(value_of(key), work) ^ java_hash(item, work) for key, item in value.items()))
    if isinstance(value, View) and value.is_set:
        return _signed(sum(map(java_hash, value.items(), repeat(work))))
    if isinstance(value, (list, tuple, SubList)):
        result = 1
        for item in items_of(value) or []:
            result = (31 * result + java_hash(item, work)) & 0xFFFFFFFF
        return _signed(result)
    if isinstance(value, JavaClass):
        return string_hash(value.name)
    return id(value) & 0x7FFFFFFF


def _integer_hash(value: int) -> int:
    name = java_class_name(value)
    if name == "java.lang.Long":
        bits = value & 0xFFFFFFFFFFFFFFFF
        return _signed((bits ^ (bits >> 32)) & 0xFFFFFFFF)
    if name == "java.math.BigInteger":
        magnitude, result = abs(value), 0
        words = [(magnitude >> shift) & 0xFFFFFFFF for shift in range(0, magnitude.bit_length(), 32)]
        for word in reversed(words):
            result = (31 * result + word) & 0xFFFFFFFF
        return _signed(result if value >= 0 else -result)
    return int(value)
