"""The methods of Java's numbers that have a primitive type, and of java.lang.Boolean."""

import math
import re
import struct
from collections.abc import Callable
from typing import Any

from parity.velocity.errors import JavaError
from parity.velocity.java.arithmetic import (
    BIG_INTEGER,
    LONG,
    compare,
    double_value,
    integer_value,
    long_value,
    whole,
)
from parity.velocity.java.comparison import java_hash
from parity.velocity.java.doubles import hexadecimal
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


def null_or_wrong(_: Any, other: Any) -> Any:
    """What `compareTo` throws for an argument of another class."""
    raise JavaError("NullPointerException" if other is None else "ClassCastException")


def known(other: Any) -> Any:
    """An argument that must not be null."""
    if other is None:
        raise JavaError("NullPointerException")
    return other


def compare_to(of: Any, other: Any) -> int:
    """`compareTo` of two numbers of a class."""
    return compare(of, known(other))


NUMBER: Methods = {
    "intValue": [("", integer_value)],
    "longValue": [("", lambda of: as_long(long_value(of)))],
    "doubleValue": [("", double_value)],
    "floatValue": [("", as_float)],
    "byteValue": [("", _byte)],
    "shortValue": [("", _short)],
}


def _difference(of: int, other: int | None) -> int:
    return int(of) - int(known(other))


def _parsed(low: int, high: int) -> Callable[..., int]:
    def parse(_: Any, text: str | None, radix: int = 10) -> int:
        try:
            if text is None or not re.fullmatch(r"[+-]?[^\W_]+", text) or not radix:
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

    decode = _decoded(-bound, bound - 1)
    own = letters[0]
    return {
        **NUMBER,
        "compareTo": [(letters[1], _difference), ("O", null_or_wrong)],
        "compare": [(own * 2, lambda _, left, right: int(left) - int(right))],
        "compareUnsigned": [(own * 2, lambda _, left, right: left % (2 * bound) - right % (2 * bound))],
        "decode": [("S", lambda _, text: kind(decode(_, text)))],
        "hashCode": [(own, lambda _, value: int(value))],
        "toString": [(own, lambda _, value: java_string(value))],
        "toUnsignedInt": [(own, lambda _, value: value % (2 * bound))],
        "toUnsignedLong": [(own, lambda _, value: as_long(value % (2 * bound)))],
        "valueOf": [(own, lambda _, value: value), ("S", parsed), ("Si", parsed)],
        f"parse{kind.__name__}": [("S", parsed), ("Si", parsed)],
    }


def _decoded(low: int, high: int) -> Callable[..., int]:
    """`decode`: a number that may begin with 0x, # or 0."""

    def decode(_: Any, text: str | None) -> int:
        if text is None:
            raise JavaError("NullPointerException")
        match = re.fullmatch("([+-]?)(0[xX]|#|0(?=.))?([0-9a-zA-Z]+)", text)
        if match is None:
            raise JavaError("NumberFormatException", f'For input string: "{text}"')
        sign, mark, digits = match.groups()
        radix = 10 if not mark else 8 if mark == "0" else 16
        return _parsed(low, high)(_, sign + digits, radix)

    return decode


def _reversed_bytes(value: int) -> Short:
    return Short(int.from_bytes(int(value).to_bytes(2, "big", signed=True), "little", signed=True))


BYTE_METHODS: Methods = _small(Byte, "bY")
SHORT_METHODS: Methods = {**_small(Short, "sW"), "reverseBytes": [("s", lambda _, value: _reversed_bytes(value))]}


def _in_radix(bits: int, radix: int) -> Callable[[Any, int], str]:
    def text(_: Any, value: int) -> str:
        return format(value & ((1 << bits) - 1), {2: "b", 8: "o", 16: "x"}[radix])

    return text


def in_radix(_: Any, value: int, radix: int = 10) -> str:
    """`toString(value, radix)`; Java takes a radix that it does not know for 10."""
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


def _part(parse: Callable[..., int]) -> Callable[..., int]:
    """`parseInt(text, begin, end, radix)`, and the like."""

    def parsed(_: Any, text: str | None, begin: int, end: int, radix: int) -> int:
        if not 0 <= begin <= end <= len(known(text)):
            raise JavaError("IndexOutOfBoundsException")
        return parse(_, known(text)[begin:end], radix)

    return parsed


_parse_integer = _parsed(INTEGER_MIN, INTEGER_MAX)
_parse_long = _parsed(LONG_MIN, LONG_MAX)


def _parse_a_long(_: Any, text: str | None, radix: int = 10) -> int:
    return as_long(_parse_long(_, text, radix))


def _wrapped(value: int) -> int:
    return integer_value(value)


def _bits(size: int, letter: str, boxed: Callable[[int], int]) -> Methods:
    """The methods of Integer and of Long that take a number as bits.

    Args:
        size: how many bits it has.
        letter: the letter of the primitive as a parameter.
        boxed: makes a number of bits.
    """
    mask = (1 << size) - 1
    signed = boxed

    def reverse(_: Any, value: int) -> int:
        return signed(int(format(value & mask, f"0{size}b")[::-1], 2))

    def reverse_bytes(_: Any, value: int) -> int:
        return signed(int.from_bytes((value & mask).to_bytes(size // 8, "little"), "big"))

    def rotate_left(_: Any, value: int, distance: int) -> int:
        shift = distance % size
        return signed((value & mask) << shift & mask | (value & mask) >> size - shift)

    def over_zero(divisor: int) -> int:
        if divisor == 0:
            raise JavaError("ArithmeticException", "/ by zero")
        return divisor & mask

    def unsigned_text(_: Any, value: int, radix: int = 10) -> str:
        return in_radix(_, whole(value & mask, BIG_INTEGER), radix)

    def compare_unsigned(_: Any, left: int, right: int) -> int:
        return compare(left & mask, right & mask)

    def parse_unsigned(_: Any, text: str | None, radix: int = 10) -> int:
        if text is not None and text.startswith("-"):
            raise JavaError("NumberFormatException", f"Illegal leading minus sign on unsigned string {text}.")
        return signed(_parsed(0, mask)(_, text, radix))

    return {
        "bitCount": [(letter, lambda _, value: (value & mask).bit_count())],
        "compareUnsigned": [(letter * 2, compare_unsigned)],
        "divideUnsigned": [(letter * 2, lambda _, left, right: signed((left & mask) // over_zero(right)))],
        "remainderUnsigned": [(letter * 2, lambda _, left, right: signed((left & mask) % over_zero(right)))],
        "highestOneBit": [(letter, lambda _, value: signed(1 << (value & mask).bit_length() >> 1))],
        "lowestOneBit": [(letter, lambda _, value: signed(value & -value))],
        "numberOfLeadingZeros": [(letter, lambda _, value: size - (value & mask).bit_length())],
        "numberOfTrailingZeros": [(letter, lambda _, value: (value & -value).bit_length() - 1 if value else size)],
        "reverse": [(letter, reverse)],
        "reverseBytes": [(letter, reverse_bytes)],
        "rotateLeft": [(f"{letter}i", rotate_left)],
        "rotateRight": [(f"{letter}i", lambda _, value, distance: rotate_left(_, value, -distance))],
        "toUnsignedString": [(letter, unsigned_text), (f"{letter}i", unsigned_text)],
        f"parseUnsigned{'Int' if size == 32 else 'Long'}": [
            *(("S", parse_unsigned), ("Si", parse_unsigned), ("Qiii", _part(parse_unsigned))),
        ],
        "decode": [("S", lambda _, text: signed(_decoded(-(mask >> 1) - 1, mask >> 1)(_, text)))],
        f"get{'Integer' if size == 32 else 'Long'}": [("S", lambda *_: None)],
    }


INTEGER_METHODS: Methods = {
    **NUMBER,
    **_bits(32, "i", _wrapped),
    "hashCode": [("i", lambda _, value: int(value))],
    "toUnsignedLong": [("i", lambda _, value: as_long(value & 0xFFFFFFFF))],
    "compareTo": [("I", compare_to), ("O", null_or_wrong)],
    "compare": [("ii", lambda _, left, right: compare(left, right))],
    "parseInt": [("S", _parse_integer), ("Si", _parse_integer), ("Qiii", _part(_parse_integer))],
    "valueOf": [("i", lambda _, value: int(value)), ("S", _parse_integer), ("Si", _parse_integer)],
    "max": [("ii", lambda _, left, right: int(max(left, right)))],
    "min": [("ii", lambda _, left, right: int(min(left, right)))],
    "sum": [("ii", lambda _, left, right: _wrapped(left + right))],
    "signum": [("i", _sign)],
    "toString": [("i", in_radix), ("ii", in_radix)],
    "toBinaryString": [("i", _in_radix(32, 2))],
    "toOctalString": [("i", _in_radix(32, 8))],
    "toHexString": [("i", _in_radix(32, 16))],
}

LONG_METHODS: Methods = {
    **NUMBER,
    **_bits(64, "l", lambda value: as_long(long_value(value))),
    "hashCode": [("l", lambda _, value: java_hash(as_long(value)))],
    "compareTo": [("L", compare_to), ("O", null_or_wrong)],
    "compare": [("ll", lambda _, left, right: compare(left, right))],
    "parseLong": [("S", _parse_a_long), ("Si", _parse_a_long), ("Qiii", _part(_parse_a_long))],
    "valueOf": [("l", lambda _, value: as_long(value)), ("S", _parse_a_long), ("Si", _parse_a_long)],
    "max": [("ll", lambda _, left, right: as_long(max(left, right)))],
    "min": [("ll", lambda _, left, right: as_long(min(left, right)))],
    "sum": [("ll", lambda _, left, right: as_long(long_value(left + right)))],
    "signum": [("l", _sign)],
    "toString": [("l", in_radix), ("li", in_radix)],
    "toBinaryString": [("l", _in_radix(64, 2))],
    "toOctalString": [("l", _in_radix(64, 8))],
    "toHexString": [("l", _in_radix(64, 16))],
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
    return _order(of, known(other))


def _hexadecimal(value: float) -> str:
    return hexadecimal(value) if math.isfinite(value) else java_string(value)


def _double_bits(_: Any, value: float) -> int:
    value = float(value)
    return as_long(struct.unpack(">q", struct.pack(">d", value if value == value else math.nan))[0])


def _float_bits(_: Any, value: float) -> int:
    value = as_float(value)
    return int(struct.unpack(">i", struct.pack(">f", value if value == value else math.nan))[0])


DOUBLE_METHODS: Methods = {
    **NUMBER,
    "doubleToLongBits": [("d", _double_bits)],
    "doubleToRawLongBits": [("d", _double_bits)],
    "longBitsToDouble": [("l", lambda _, bits: struct.unpack(">d", struct.pack(">q", int(bits)))[0])],
    "hashCode": [("d", lambda _, value: java_hash(float(value)))],
    "compareTo": [("D", _compare_doubles), ("O", null_or_wrong)],
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
    "compareTo": [("F", _compare_doubles), ("O", null_or_wrong)],
    "isNaN": DOUBLE_METHODS["isNaN"],
    "isInfinite": DOUBLE_METHODS["isInfinite"],
    "isFinite": [("f", lambda _, value: math.isfinite(as_float(value)))],
    "compare": [("ff", lambda _, left, right: _order(as_float(left), as_float(right)))],
    "floatToIntBits": [("f", _float_bits)],
    "floatToRawIntBits": [("f", _float_bits)],
    "intBitsToFloat": [("i", lambda _, bits: Float(struct.unpack(">f", struct.pack(">i", int(bits)))[0]))],
    "hashCode": [("f", _float_bits)],
    "toString": [("f", lambda _, value: java_string(as_float(value)))],
    "parseFloat": [("S", _parse_float)],
    "valueOf": [("f", lambda _, value: as_float(value)), ("S", _parse_float)],
    "max": [("ff", lambda _, left, right: as_float(max(left, right)))],
    "min": [("ff", lambda _, left, right: as_float(min(left, right)))],
    "sum": [("ff", lambda _, left, right: as_float(as_float(left) + as_float(right)))],
}

BOOLEAN: Methods = {
    "booleanValue": [("", lambda of: of)],
    "compareTo": [("Z", lambda of, other: int(of) - int(known(other))), ("O", null_or_wrong)],
    "compare": [("zz", lambda _, left, right: int(left) - int(right))],
    "parseBoolean": [("S", lambda _, text: text is not None and text.lower() == "true")],
    "valueOf": [("z", lambda _, value: value), ("S", lambda _, text: text is not None and text.lower() == "true")],
    "logicalAnd": [("zz", lambda _, left, right: left and right)],
    "logicalOr": [("zz", lambda _, left, right: left or right)],
    "logicalXor": [("zz", lambda _, left, right: left is not right)],
    "toString": [("z", lambda _, value: java_string(value))],
    "hashCode": [("z", lambda _, value: java_hash(value))],
    "getBoolean": [("S", lambda *_: False)],
}
