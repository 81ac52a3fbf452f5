"""Java's values as text: `String.valueOf`."""

import re
from array import array
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from parity.velocity.budget import FREE_SIZE, current_budget, spend
from parity.velocity.errors import LimitError
from parity.velocity.java.comparison import Key, value_of
from parity.velocity.java.doubles import double_string, float_string
from parity.velocity.java.scalars import BigInteger, Byte, Float, Long, Short

MAX_TEXT = 16 * 1024 * 1024
"""The most characters that one value may have as text."""
_FEW_PARTS = 8
_MAX_DIGITS_BITS = 14_000
_SURROGATE = re.compile("[\ud800-\udfff]")
_BYTES_A_UNIT = 8


def list_string(items: Sequence[Any], this: Any) -> str:
    """Java's `AbstractCollection.toString`."""
    spend(1 + len(items))
    parts = ["(this Collection)" if item is this else java_string(item) for item in items]
    return f"[{_joined(parts, 'list')}]"


def map_string(of: Mapping[Any, Any]) -> str:
    """Java's `AbstractMap.toString`."""
    spend(1 + len(of))
    parts = []
    for key, value in of.items():
        name = "(this Map)" if key.__class__ is Key and key.value is of else java_string(value_of(key))
        parts.append(f"{name}={'(this Map)' if value is of else java_string(value)}")
    return f"{{{_joined(parts, 'map')}}}"


def _joined(parts: Sequence[str], kind: str) -> str:
    """The parts of a collection's text, whose own text is thrown away: what is nested is written again and again."""
    if len(parts) > _FEW_PARTS and sum(map(len, parts)) > MAX_TEXT:
        raise LimitError(f"a {kind} is longer than {MAX_TEXT:,} characters as text")
    text = ", ".join(parts)
    if len(text) > MAX_TEXT:
        raise LimitError(f"a {kind} is longer than {MAX_TEXT:,} characters as text")
    if len(text) > FREE_SIZE:
        current_budget().consume_text(text)
    return text


def integer_string(value: int) -> str:
    """A whole number in decimal digits."""
    if value.bit_length() > _MAX_DIGITS_BITS:
        raise LimitError("a number has more than 4,200 digits")
    return int.__repr__(value)


def _boolean_string(value: bool) -> str:
    return "true" if value else "false"


_STRINGS: dict[type, Callable[[Any], str]] = {
    str: str,
    int: integer_string,
    bool: _boolean_string,
    float: double_string,
    type(None): lambda _: "null",
    dict: map_string,
    list: lambda value: list_string(value, value),
    Long: integer_string,
    BigInteger: integer_string,
    Byte: integer_string,
    Short: integer_string,
    Float: float_string,
    Decimal: str,
}


def java_string(value: Any) -> str:
    """A value as text: Java's `String.valueOf`.

    Args:
        value: any value that a template can hold.

    Raises:
        LimitError: the text would be too long.
    """
    known = _STRINGS.get(value.__class__)
    if known is not None:
        return known(value)
    own = getattr(value, "java_string", None)
    if own is not None:
        text = own()
        return "null" if text is None else str(text)
    if isinstance(value, Mapping):
        return map_string(value)
    if isinstance(value, (list, tuple)):
        return list_string(value, value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return integer_string(value)
    return type(value).__name__


def to_units(text: str) -> str:
    """A string with a character for each UTF-16 unit."""
    if text.isascii():
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) == 2 * len(text):
        return text
    budget = current_budget()
    budget.require(len(units) // 2)
    budget.consume_memory(_BYTES_A_UNIT * len(units))
    return "".join(map(chr, memoryview(units).cast("H")))


def from_units(units: str) -> str:
    """The string of UTF-16 units."""
    if units.isascii() or _SURROGATE.search(units) is None:
        return units
    return array("H", map(ord, units)).tobytes().decode("utf-16", "surrogatepass")


def without_lone_surrogates(text: str) -> str:
    """A text as Java writes it in UTF-8: with a question mark for half of a character beyond U+FFFF."""
    if text.isascii() or _SURROGATE.search(text) is None:
        return text
    return _SURROGATE.sub("?", text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass"))
