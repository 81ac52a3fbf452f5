"""The methods of Java's numbers and of java.lang.Boolean."""

import math
import re
import struct
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from parity.velocity.errors import JavaError, LimitError
from parity.velocity.java.arithmetic import (
    BIG_INTEGER,
    LONG,
    MAX_BITS,
    add,
    compare,
    divide,
    double_value,
    integer_value,
    long_value,
    modulo,
    multiply,
    subtract,
    whole,
)
from parity.velocity.java.methods.overloads import Methods
from parity.velocity.java.scalars import INTEGER_MAX, INTEGER_MIN, LONG_MAX, LONG_MIN, Byte, Float, Short
from parity.velocity.java.text import java_string


def as_long(value: int) -> int:
    """A whole number as a Long."""
    return whole(value, LONG)


def _byte(value: Any) -> Byte:
    return Byte((integer_value(value) + 128) % 256 - 128)


def _short(value: Any) -> Short:
    return Short((integer_value(value) + 32768) % 65536 - 32768)


def as_float(value: Any) -> Float:
    """A number as a Float."""
    try:
        return Float(struct.unpack(">f", struct.pack(">f", double_value(value)))[0])
    except OverflowError:
        return Float(math.copysign(math.inf, value))


def _null_or_wrong(_: Any, other: Any) -> Any:
    raise JavaError("NullPointerException" if other is None else "ClassCastException")


def _known(other: Any) -> Any:
    if other is None:
        raise JavaError("NullPointerException")
    return other


def _compare(of: Any, other: Any) -> int:
    return compare(of, _known(other))


NUMBER: Methods = {
    "intValue": [("", integer_value)],
    "longValue": [("", lambda of: as_long(long_value(of)))],
    "doubleValue": [("", double_value)],
    "floatValue": [("", as_float)],
    "byteValue": [("", _byte)],
    "shortValue": [("", _short)],
}


def _difference(of: int, other: int | None) -> int:
    return int(of) - int(_known(other))


def _parsed(low: int, high: int) -> Callable[..., int]:
    def parse(_: Any, text: str | None, radix: int = 10) -> int:
        try:
            if text is None or not re.fullmatch("[+-]?[0-9a-zA-Z]+", text):
                raise ValueError
            value = int(text[:5000], radix)
        except ValueError:
            raise JavaError("NumberFormatException", f'For input string: "{text}"') from None
        if not low <= value <= high:
            raise JavaError("NumberFormatException", f'For input string: "{text}"')
        return value

    return parse


def _small(kind: type[Byte] | type[Short], letters: str) -> Methods:
    """The methods of Byte or Short; `letters` are those of the primitive and of the class as parameters."""
    bound = 128 if kind is Byte else 32768
    parse = _parsed(-bound, bound - 1)

    def parsed(_: Any, text: str | None, radix: int = 10) -> int:
        return kind(parse(_, text, radix))

    return {
        **NUMBER,
        "compareTo": [(letters[1], _difference), ("O", _null_or_wrong)],
        "valueOf": [(letters[0], lambda _, value: value), ("S", parsed), ("Si", parsed)],
        f"parse{kind.__name__}": [("S", parsed), ("Si", parsed)],
    }


BYTE_METHODS: Methods = _small(Byte, "bY")
SHORT_METHODS: Methods = _small(Short, "sW")


def _in_radix(bits: int, radix: int) -> Callable[[Any, int], str]:
    def text(_: Any, value: int) -> str:
        return format(value & ((1 << bits) - 1), {2: "b", 8: "o", 16: "x"}[radix])

    return text


def _to_string(_: Any, value: int, radix: int = 10) -> str:
    if radix == 10 or not 2 <= radix <= 36:
        return java_string(value)
    digits = ""
    rest = abs(int(value))
    while rest:
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest % radix] + digits
        rest //= radix
    return ("-" if value < 0 else "") + (digits or "0")


def _sign(_: Any, value: int) -> int:
    return (value > 0) - (value < 0)


_parse_integer = _parsed(INTEGER_MIN, INTEGER_MAX)
_parse_long = _parsed(LONG_MIN, LONG_MAX)


def _wrapped(value: int) -> int:
    return integer_value(value)


INTEGER_METHODS: Methods = {
    **NUMBER,
    "compareTo": [("I", _compare), ("O", _null_or_wrong)],
    "compare": [("ii", lambda _, left, right: compare(left, right))],
    "parseInt": [("S", _parse_integer), ("Si", _parse_integer)],
    "valueOf": [("i", lambda _, value: int(value)), ("S", _parse_integer), ("Si", _parse_integer)],
    "max": [("ii", lambda _, left, right: int(max(left, right)))],
    "min": [("ii", lambda _, left, right: int(min(left, right)))],
    "sum": [("ii", lambda _, left, right: _wrapped(left + right))],
    "signum": [("i", _sign)],
    "bitCount": [("i", lambda _, value: (value & 0xFFFFFFFF).bit_count())],
    "toString": [("i", _to_string), ("ii", _to_string)],
    "toBinaryString": [("i", _in_radix(32, 2))],
    "toOctalString": [("i", _in_radix(32, 8))],
    "toHexString": [("i", _in_radix(32, 16))],
}

LONG_METHODS: Methods = {
    **NUMBER,
    "compareTo": [("L", _compare), ("O", _null_or_wrong)],
    "compare": [("ll", lambda _, left, right: compare(left, right))],
    "parseLong": [("S", lambda _, text: as_long(_parse_long(_, text)))],
    "valueOf": [("l", lambda _, value: as_long(value)), ("S", lambda _, text: as_long(_parse_long(_, text)))],
    "max": [("ll", lambda _, left, right: as_long(max(left, right)))],
    "min": [("ll", lambda _, left, right: as_long(min(left, right)))],
    "sum": [("ll", lambda _, left, right: as_long(long_value(left + right)))],
    "signum": [("l", _sign)],
    "toString": [("l", _to_string), ("li", _to_string)],
    "toBinaryString": [("l", _in_radix(64, 2))],
    "toOctalString": [("l", _in_radix(64, 8))],
    "toHexString": [("l", _in_radix(64, 16))],
}


def _positive(value: int) -> int:
    if value <= 0:
        raise JavaError("ArithmeticException", "BigInteger: modulus not positive")
    return value


def _quotient(of: Any, other: Any) -> Any:
    result = divide(of, _known(other))
    if result is None:
        raise JavaError("ArithmeticException", "divide by zero")
    return result


def _remainder(of: Any, other: Any) -> Any:
    if _known(other) == 0:
        raise JavaError("ArithmeticException", "divide by zero")
    rest = abs(of) % abs(other)
    return whole(rest if of >= 0 else -rest, BIG_INTEGER) if isinstance(of, int) else rest.copy_sign(of)


def _power(of: int, exponent: int) -> int:
    if exponent < 0:
        raise JavaError("ArithmeticException", "Negative exponent")
    if of.bit_length() * exponent > MAX_BITS:
        raise LimitError("a number has more than 4,200 digits")
    return whole(of**exponent, BIG_INTEGER)


def _calculations(parameter: str) -> Methods:
    """The arithmetic of BigInteger and BigDecimal."""
    return {
        "add": [(parameter, lambda of, other: add(of, _known(other)))],
        "subtract": [(parameter, lambda of, other: subtract(of, _known(other)))],
        "multiply": [(parameter, lambda of, other: multiply(of, _known(other)))],
        "divide": [(parameter, _quotient)],
        "remainder": [(parameter, _remainder)],
        "max": [(parameter, lambda of, other: max(of, _known(other)))],
        "min": [(parameter, lambda of, other: min(of, _known(other)))],
        "abs": [("", lambda of: subtract(of, add(of, of)) if of < 0 else of)],
        "negate": [("", lambda of: subtract(subtract(of, of), of))],
    }


BIG_INTEGER_METHODS: Methods = {
    **NUMBER,
    "compareTo": [("B", _compare), ("O", _null_or_wrong)],
    **_calculations("B"),
    "valueOf": [("l", lambda _, value: whole(value, BIG_INTEGER))],
    "toString": [("i", lambda of, radix: _to_string(of, of, radix))],
    "mod": [("B", lambda of, other: modulo(of, _positive(_known(other))))],
    "gcd": [("B", lambda of, other: whole(math.gcd(of, _known(other)), BIG_INTEGER))],
    "pow": [("i", _power)],
    "signum": [("", lambda of: (of > 0) - (of < 0))],
    "bitLength": [("", lambda of: of.bit_length() if of >= 0 else (-of - 1).bit_length())],
}

BIG_DECIMAL_METHODS: Methods = {
    **NUMBER,
    **_calculations("K"),
    "valueOf": [("l", lambda _, value: Decimal(value)), ("d", lambda _, value: Decimal(java_string(float(value))))],
    "compareTo": [("K", _compare), ("O", _null_or_wrong)],
    "signum": [("", lambda of: (of > 0) - (of < 0))],
    "scale": [("", lambda of: -int(of.as_tuple().exponent))],
    "toPlainString": [("", lambda of: format(of, "f"))],
}

_DOUBLE = re.compile(r"[\x00-\x20]*([+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?))[fFdD]?[\x00-\x20]*")


def _parse_double(_: Any, text: str | None) -> float:
    if text is None:
        raise JavaError("NullPointerException")
    match = _DOUBLE.fullmatch(text)
    if match is None:
        raise JavaError("NumberFormatException", f'For input string: "{text}"')
    return float(match.group(1))


def _order(left: float, right: float) -> int:
    if left == right:
        return int(math.copysign(1, left) - math.copysign(1, right)) // 2 if left == 0 else 0
    if left != left or right != right:
        return (left != left) - (right != right)
    return -1 if left < right else 1


def _compare_doubles(of: float, other: float | None) -> int:
    return _order(of, _known(other))


def _hexadecimal(value: float) -> str:
    if not math.isfinite(value):
        return java_string(value)
    mantissa, _, exponent = value.hex().partition("p")
    whole_part, _, fraction = mantissa.partition(".")
    return f"{whole_part}.{fraction.rstrip('0') or '0'}p{int(exponent)}"


DOUBLE_METHODS: Methods = {
    **NUMBER,
    "compareTo": [("D", _compare_doubles), ("O", _null_or_wrong)],
    "compare": [("dd", lambda _, left, right: _order(float(left), float(right)))],
    "isNaN": [("", lambda of: of != of), ("d", lambda _, value: value != value)],
    "isInfinite": [("", math.isinf), ("d", lambda _, value: math.isinf(value))],
    "isFinite": [("d", lambda _, value: math.isfinite(value))],
    "toHexString": [("d", lambda _, value: _hexadecimal(float(value)))],
    "parseDouble": [("S", _parse_double)],
    "valueOf": [("d", lambda _, value: float(value)), ("S", _parse_double)],
    "max": [("dd", lambda _, left, right: float(max(left, right)))],
    "min": [("dd", lambda _, left, right: float(min(left, right)))],
    "sum": [("dd", lambda _, left, right: float(left) + float(right))],
    "toString": [("d", lambda _, value: java_string(float(value)))],
}


def _parse_float(_: Any, text: str | None) -> Float:
    return as_float(_parse_double(_, text))


FLOAT_METHODS: Methods = {
    **NUMBER,
    "compareTo": [("F", _compare_doubles), ("O", _null_or_wrong)],
    "isNaN": DOUBLE_METHODS["isNaN"],
    "isInfinite": DOUBLE_METHODS["isInfinite"],
    "parseFloat": [("S", _parse_float)],
    "valueOf": [("f", lambda _, value: as_float(value)), ("S", _parse_float)],
    "max": [("ff", lambda _, left, right: as_float(max(left, right)))],
    "min": [("ff", lambda _, left, right: as_float(min(left, right)))],
    "sum": [("ff", lambda _, left, right: as_float(as_float(left) + as_float(right)))],
}

BOOLEAN: Methods = {
    "booleanValue": [("", lambda of: of)],
    "compareTo": [("Z", lambda of, other: int(of) - int(_known(other))), ("O", _null_or_wrong)],
    "compare": [("zz", lambda _, left, right: int(left) - int(right))],
    "parseBoolean": [("S", lambda _, text: text is not None and text.lower() == "true")],
    "valueOf": [("z", lambda _, value: value), ("S", lambda _, text: text is not None and text.lower() == "true")],
    "logicalAnd": [("zz", lambda _, left, right: left and right)],
    "logicalOr": [("zz", lambda _, left, right: left or right)],
    "logicalXor": [("zz", lambda _, left, right: left is not right)],
    "toString": [("z", lambda _, value: java_string(value))],
}
