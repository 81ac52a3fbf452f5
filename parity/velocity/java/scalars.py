"""Java's numbers, characters and classes as templates meet them.

What JSON gives stands for what Jackson makes of it: `str` is String, `bool` Boolean, `float` Double, `dict`
LinkedHashMap, `list` ArrayList, and `int` Integer, Long or BigInteger by its size. The classes here are for values that
those cannot tell: a Long that would fit an Integer, a Character.
"""

from decimal import Decimal
from typing import Any

INTEGER_MIN, INTEGER_MAX = -(2**31), 2**31 - 1
LONG_MIN, LONG_MAX = -(2**63), 2**63 - 1
PLAIN_LONG_MAX = 10**18 - 1
"""The largest `int` that stands for a Long by itself: of 19 digits and more, Jackson makes a BigInteger."""


class Byte(int):
    """Java's Byte."""

    __slots__ = ()


class Short(int):
    """Java's Short."""

    __slots__ = ()


class Long(int):
    """A Long that a plain int of its value would not stand for."""

    __slots__ = ()


class BigInteger(int):
    """A BigInteger that a plain int of its value would not stand for."""

    __slots__ = ()


class Float(float):
    """Java's Float; the value is already rounded to 32 bits."""

    __slots__ = ()


class Character:
    """Java's Character: one UTF-16 unit."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value

    def java_string(self) -> str:
        return self.value


class JavaClass:
    """What `getClass()` gives: a name, nothing else."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def java_string(self) -> str:
        return f"class {self.name}"


def java_class_name(value: Any) -> str:
    """The name of a value's Java class."""
    cls = value.__class__
    if cls is int:
        if INTEGER_MIN <= value <= INTEGER_MAX:
            return "java.lang.Integer"
        return "java.lang.Long" if -PLAIN_LONG_MAX <= value <= PLAIN_LONG_MAX else "java.math.BigInteger"
    known = CLASS_NAMES.get(cls)
    if known is not None:
        return known
    named = getattr(cls, "java_name", None)
    if named is not None:
        return str(value.java_name)
    if isinstance(value, dict):
        return "java.util.LinkedHashMap"
    return "java.util.ArrayList" if isinstance(value, list) else str(cls.__name__)


CLASS_NAMES: dict[type, str] = {
    str: "java.lang.String",
    bool: "java.lang.Boolean",
    float: "java.lang.Double",
    Long: "java.lang.Long",
    BigInteger: "java.math.BigInteger",
    Byte: "java.lang.Byte",
    Short: "java.lang.Short",
    Float: "java.lang.Float",
    Decimal: "java.math.BigDecimal",
    Character: "java.lang.Character",
    JavaClass: "java.lang.Class",
}


def is_number(value: Any) -> bool:
    """Whether a value is a java.lang.Number."""
    return isinstance(value, (int, float, Decimal)) and value.__class__ is not bool
