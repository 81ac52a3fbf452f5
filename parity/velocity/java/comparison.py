"""Java's `equals` and `hashCode` of the values that templates meet."""

import math
import struct
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import repeat
from typing import Any

from parity.velocity.budget import current_budget, spend
from parity.velocity.errors import LimitError
from parity.velocity.java.scalars import INTEGER_MAX, INTEGER_MIN, Character, Float, JavaClass, java_class_name

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
        spend(5)
        if self.done > _MAX_COMPARED:
            raise LimitError("a collection is nested too deep to be compared")
        return self


class JavaObject:
    """A value with its own `equals` and `hashCode`; by default those of `java.lang.Object`, by identity."""

    __slots__ = ()

    def java_equals(self, other: Any, work: Work) -> bool:  # noqa: ARG002 - for subclasses to use
        """Java's `equals`, for an object other than this one."""
        return self is other

    def java_hash(self, work: Work) -> int:  # noqa: ARG002 - for subclasses to use
        """Java's `hashCode`."""
        return id(self) & 0x7FFFFFFF


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
    return _objects_equal(left, right, (work or Work()).more())


def _double_key(value: float) -> tuple[object, ...]:
    return ("nan",) if value != value else (value, math.copysign(1, value))


def _maps_equal(left: Mapping[Any, Any], right: Mapping[Any, Any], work: Work) -> bool:
    if len(left) != len(right):
        return False
    return all(
        key in right and right.get(key) is None if value is None else java_equals(value, right.get(key), work)
        for key, value in left.items()
    )


def _objects_equal(left: Any, right: Any, work: Work) -> bool:
    if isinstance(left, JavaObject):
        return left.java_equals(right, work)
    if isinstance(left, (list, tuple)):
        if isinstance(right, (list, tuple)):
            return lists_equal(left, right, work)
        return isinstance(right, JavaObject) and right.java_equals(left, work)
    return isinstance(left, JavaClass) and isinstance(right, JavaClass) and left.name == right.name


def lists_equal(left: Sequence[Any], right: Sequence[Any], work: Work) -> bool:
    """Java's `List.equals` of what two lists hold."""
    return len(left) == len(right) and all(map(java_equals, left, right, repeat(work)))


def list_hash(items: Iterable[Any], work: Work) -> int:
    """Java's `List.hashCode` of what a list holds."""
    result = 1
    for item in items:
        result = (31 * result + java_hash(item, work)) & 0xFFFFFFFF
    return signed(result)


def signed(value: int) -> int:
    """The Integer that the lowest 32 bits of a number make."""
    return ((value + 2**31) & 0xFFFFFFFF) - 2**31


def string_hash(text: str) -> int:
    """Java's `String.hashCode`."""
    result = 0
    current_budget().require(len(text))
    units = text.encode("utf-16-le", "surrogatepass")
    for position in range(0, len(units), 2):
        result = (31 * result + units[position] + 256 * units[position + 1]) & 0xFFFFFFFF
    return signed(result)


def _decimal_hash(value: Decimal) -> int:
    sign, digits, exponent = value.as_tuple()
    unscaled = _big_integer_hash(int("".join(map(str, digits)) or "0") * (-1 if sign else 1))
    return signed((31 * unscaled - int(exponent)) & 0xFFFFFFFF)


def _float_hash(value: float) -> int:
    return 0x7FC00000 if value != value else int(struct.unpack(">i", struct.pack(">f", value))[0])


def _double_hash(value: float) -> int:
    bits = 0x7FF8000000000000 if value != value else struct.unpack(">Q", struct.pack(">d", value))[0]
    return signed((bits ^ (bits >> 32)) & 0xFFFFFFFF)


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
        return _float_hash(value) if isinstance(value, Float) else _double_hash(value)
    if isinstance(value, Decimal):
        return _decimal_hash(value)
    if isinstance(value, Character):
        return ord(value.value)
    return _object_hash(value, (work or Work()).more())


def _object_hash(value: Any, work: Work) -> int:
    if isinstance(value, JavaObject):
        return value.java_hash(work)
    if isinstance(value, Mapping):
        return signed(sum(java_hash(value_of(key), work) ^ java_hash(item, work) for key, item in value.items()))
    if isinstance(value, (list, tuple)):
        return list_hash(value, work)
    if isinstance(value, JavaClass):
        return string_hash(value.name)
    return id(value) & 0x7FFFFFFF


def _integer_hash(value: int) -> int:
    name = java_class_name(value)
    if name == "java.lang.Long":
        bits = value & 0xFFFFFFFFFFFFFFFF
        return signed((bits ^ (bits >> 32)) & 0xFFFFFFFF)
    return _big_integer_hash(value) if name == "java.math.BigInteger" else int(value)


def _big_integer_hash(value: int) -> int:
    magnitude, result = abs(value), 0
    for shift in reversed(range(0, magnitude.bit_length(), 32)):
        result = (31 * result + (magnitude >> shift & 0xFFFFFFFF)) & 0xFFFFFFFF
    return signed(result if value >= 0 else -result)


class Key:
    """A key that Python would take for an equal one of another Java type, as a dict's key."""

    __slots__ = ("_hash", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        self._hash = java_hash(value)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and java_equals(self.value, other.value)


def key_of(value: Any) -> Any:
    """The dict key that stands for a Java key."""
    if value.__class__ is str or value is None:
        return value
    if value.__class__ is int and INTEGER_MIN <= value <= INTEGER_MAX:
        return value
    return Key(value)


def value_of(key: Any) -> Any:
    """The Java key that a dict key stands for."""
    return key.value if key.__class__ is Key else key
