"""The methods of java.math.BigInteger and java.math.BigDecimal."""

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from parity.velocity.errors import JavaError, LimitError
from parity.velocity.java.arithmetic import BIG_INTEGER, MAX_BITS, add, divide, modulo, multiply, subtract, whole
from parity.velocity.java.methods.numbers import NUMBER, as_long, compare_to, in_radix, known, null_or_wrong
from parity.velocity.java.methods.overloads import Methods
from parity.velocity.java.scalars import Byte, Short
from parity.velocity.java.text import java_string


def _positive(value: int) -> int:
    if value <= 0:
        raise JavaError("ArithmeticException", "BigInteger: modulus not positive")
    return value


def _quotient(of: Any, other: Any) -> Any:
    result = divide(of, known(other))
    if result is None:
        raise JavaError("ArithmeticException", "divide by zero")
    return result


def _remainder(of: Any, other: Any) -> Any:
    if known(other) == 0:
        raise JavaError("ArithmeticException", "divide by zero")
    rest = abs(of) % abs(other)
    return whole(rest if of >= 0 else -rest, BIG_INTEGER) if isinstance(of, int) else rest.copy_sign(of)


def _power(of: int, exponent: int) -> int:
    if exponent < 0:
        raise JavaError("ArithmeticException", "Negative exponent")
    if of.bit_length() * exponent > MAX_BITS:
        raise LimitError("a number has more than 4,200 digits")
    return whole(of**exponent, BIG_INTEGER)


def _a_bit(bit: int) -> int:
    if bit < 0:
        raise JavaError("ArithmeticException", "Negative bit address")
    return min(bit, MAX_BITS)  # beyond it are only signs


def _a_power(bit: int) -> int:
    if _a_bit(bit) == MAX_BITS:
        raise LimitError("a number has more than 4,200 digits")
    return 1 << bit


def _shifted(of: int, distance: int) -> int:
    if of and of.bit_length() + distance > MAX_BITS:
        raise LimitError("a number has more than 4,200 digits")
    return whole(int(of) << distance if distance >= 0 and of else int(of) >> min(abs(distance), MAX_BITS), BIG_INTEGER)


def _square_root(of: int) -> int:
    if of < 0:
        raise JavaError("ArithmeticException", "Negative BigInteger")
    return whole(math.isqrt(of), BIG_INTEGER)


def _mod_power(of: int, exponent: int | None, modulus: int | None) -> int:
    try:
        return whole(pow(int(of), int(known(exponent)), int(_positive(known(modulus)))), BIG_INTEGER)
    except ValueError:
        raise JavaError("ArithmeticException", "BigInteger not invertible.") from None


def _exact(bits: int, kind: Callable[[int], int]) -> Callable[[int], int]:
    def value(of: int) -> int:
        if not -(1 << bits - 1) <= of < 1 << bits - 1:
            raise JavaError("ArithmeticException", "BigInteger out of range")
        return kind(int(of))

    return value


def _calculations(parameter: str) -> Methods:
    """The arithmetic of BigInteger and BigDecimal."""
    return {
        "add": [(parameter, lambda of, other: add(of, known(other)))],
        "subtract": [(parameter, lambda of, other: subtract(of, known(other)))],
        "multiply": [(parameter, lambda of, other: multiply(of, known(other)))],
        "divide": [(parameter, _quotient)],
        "remainder": [(parameter, _remainder)],
        "max": [(parameter, lambda of, other: max(of, known(other)))],
        "min": [(parameter, lambda of, other: min(of, known(other)))],
        "abs": [("", lambda of: subtract(of, add(of, of)) if of < 0 else of)],
        "negate": [("", lambda of: subtract(subtract(of, of), of))],
    }


BIG_INTEGER_METHODS: Methods = {
    **NUMBER,
    "compareTo": [("B", compare_to), ("O", null_or_wrong)],
    **_calculations("B"),
    "valueOf": [("l", lambda _, value: whole(value, BIG_INTEGER))],
    "toString": [("i", lambda of, radix: in_radix(of, of, radix))],
    "mod": [("B", lambda of, other: modulo(of, _positive(known(other))))],
    "gcd": [("B", lambda of, other: whole(math.gcd(of, known(other)), BIG_INTEGER))],
    "pow": [("i", _power)],
    "signum": [("", lambda of: (of > 0) - (of < 0))],
    "bitLength": [("", lambda of: of.bit_length() if of >= 0 else (-of - 1).bit_length())],
    "and": [("B", lambda of, other: whole(of & known(other), BIG_INTEGER))],
    "or": [("B", lambda of, other: whole(of | known(other), BIG_INTEGER))],
    "xor": [("B", lambda of, other: whole(of ^ known(other), BIG_INTEGER))],
    "andNot": [("B", lambda of, other: whole(of & ~known(other), BIG_INTEGER))],
    "not": [("", lambda of: whole(~of, BIG_INTEGER))],
    "shiftLeft": [("i", _shifted)],
    "shiftRight": [("i", lambda of, distance: _shifted(of, -distance))],
    "testBit": [("i", lambda of, bit: bool(int(of) >> _a_bit(bit) & 1))],
    "setBit": [("i", lambda of, bit: whole(of | _a_power(bit), BIG_INTEGER))],
    "clearBit": [("i", lambda of, bit: whole(of & ~_a_power(bit), BIG_INTEGER))],
    "flipBit": [("i", lambda of, bit: whole(of ^ _a_power(bit), BIG_INTEGER))],
    "bitCount": [("", lambda of: int(of if of >= 0 else ~of).bit_count())],
    "getLowestSetBit": [("", lambda of: (of & -of).bit_length() - 1)],
    "sqrt": [("", _square_root)],
    "modPow": [("BB", _mod_power)],
    "modInverse": [("B", lambda of, modulus: _mod_power(of, -1, modulus))],
    "intValueExact": [("", _exact(32, int))],
    "longValueExact": [("", _exact(64, as_long))],
    "shortValueExact": [("", _exact(16, Short))],
    "byteValueExact": [("", _exact(8, Byte))],
}

BIG_DECIMAL_METHODS: Methods = {
    **NUMBER,
    **_calculations("K"),
    "valueOf": [("l", lambda _, value: Decimal(value)), ("d", lambda _, value: Decimal(java_string(float(value))))],
    "compareTo": [("K", compare_to), ("O", null_or_wrong)],
    "signum": [("", lambda of: (of > 0) - (of < 0))],
    "scale": [("", lambda of: -int(of.as_tuple().exponent))],
    "toPlainString": [("", lambda of: format(of, "f"))],
}
