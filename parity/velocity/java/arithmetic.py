"""Arithmetic and comparison as Velocity 1.7's MathUtils does them on Java's numbers.

Whole numbers are added as longs: the result has the wider type of the two operands, or the next one that holds it. A
Double makes the result a Double. A BigInteger with a Double, or a BigDecimal, makes it a BigDecimal. What cannot be
computed is null.
"""

import math
import struct
from decimal import Context, Decimal, localcontext
from typing import Any

from parity.velocity.errors import JavaError, LimitError
from parity.velocity.java.comparison import java_equals
from parity.velocity.java.scalars import (
    INTEGER_MAX,
    INTEGER_MIN,
    LONG_MAX,
    LONG_MIN,
    PLAIN_LONG_MAX,
    BigInteger,
    Byte,
    Character,
    Float,
    Long,
    Short,
    is_number,
    java_class_name,
)
from parity.velocity.java.text import MAX_TEXT, java_string

BYTE, SHORT, INTEGER, LONG, BIG_INTEGER = range(5)
_WHOLE_RANKS: dict[type, int] = {Byte: BYTE, Short: SHORT, Long: LONG, BigInteger: BIG_INTEGER}
_LIMITS = {BYTE: (-128, 127), SHORT: (-32768, 32767), INTEGER: (INTEGER_MIN, INTEGER_MAX), LONG: (LONG_MIN, LONG_MAX)}
MAX_BITS = 14_000
_EXACT = Context(prec=12_000, Emax=10**6, Emin=-(10**6), traps=[])


def rank(value: int) -> int:
    """Which of Java's whole number types a value has."""
    known = _WHOLE_RANKS.get(value.__class__)
    if known is not None:
        return known
    if INTEGER_MIN <= value <= INTEGER_MAX:
        return INTEGER
    return LONG if -PLAIN_LONG_MAX <= value <= PLAIN_LONG_MAX else BIG_INTEGER


def whole(value: int, at_least: int) -> int:
    """A whole number as a value of the given type, or of the next wider one that holds it."""
    while at_least < BIG_INTEGER and not _LIMITS[at_least][0] <= value <= _LIMITS[at_least][1]:
        at_least += 1
    if at_least == INTEGER:
        return int(value)
    if at_least == LONG:
        plain = not INTEGER_MIN <= value <= INTEGER_MAX and abs(value) <= PLAIN_LONG_MAX
        return int(value) if plain else Long(value)
    if at_least == BIG_INTEGER:
        if value.bit_length() > MAX_BITS:
            raise LimitError("a number has more than 4,200 digits")
        return BigInteger(value) if abs(value) <= PLAIN_LONG_MAX else int(value)
    return Byte(value) if at_least == BYTE else Short(value)


def long_value(value: Any) -> int:
    """Java's `Number.longValue` without its bounds for doubles beyond them."""
    if isinstance(value, float):
        if value != value:
            return 0
        return LONG_MAX if value >= 2.0**63 else LONG_MIN if value <= -(2.0**63) else int(value)
    return ((int(value) - LONG_MIN) & (2**64 - 1)) + LONG_MIN


def integer_value(value: Any) -> int:
    """Java's `Number.intValue`."""
    if isinstance(value, float):
        return 0 if value != value else int(min(max(value, INTEGER_MIN), INTEGER_MAX))
    return ((int(value) - INTEGER_MIN) & 0xFFFFFFFF) + INTEGER_MIN


def double_value(value: Any) -> float:
    """Java's `Number.doubleValue`."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _is_decimal(left: Any, right: Any) -> bool:
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return True
    if isinstance(left, int) and isinstance(right, int):
        return False
    return any(isinstance(operand, int) and rank(operand) == BIG_INTEGER for operand in (left, right))


def _decimal(value: Any) -> Decimal:
    if isinstance(value, float) and (value != value or math.isinf(value)):
        raise JavaError("NumberFormatException", "Infinite or NaN")
    return value if isinstance(value, Decimal) else _unsigned_zero(Decimal(value))


def _unsigned_zero(value: Decimal) -> Decimal:
    """A number as a BigDecimal, which has no negative zero."""
    return value if value else value.copy_abs()


def single(value: float) -> float:
    """The double that a number becomes as a Java float."""
    try:
        return float(struct.unpack(">f", struct.pack(">f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


def _floats(left: Any, right: Any) -> tuple[float, float]:
    """Two numbers as Velocity calculates with them: as floats when one is a Float and none a Double."""
    over, under = double_value(left), double_value(right)
    if left.__class__ is float or right.__class__ is float:
        return over, under
    return single(over), single(under)


def _float(value: float, left: Any, right: Any) -> float:
    return value if left.__class__ is float or right.__class__ is float else Float(single(value))


def add(left: Any, right: Any) -> Any:
    """`left + right` of two numbers."""
    if isinstance(left, int) and isinstance(right, int):
        return whole(left + right, max(rank(left), rank(right)))
    if _is_decimal(left, right):
        with localcontext(_EXACT):
            return _unsigned_zero(_decimal(left) + _decimal(right))
    first, second = _floats(left, right)
    return _float(first + second, left, right)


def subtract(left: Any, right: Any) -> Any:
    """`left - right` of two numbers."""
    if isinstance(left, int) and isinstance(right, int):
        return whole(left - right, max(rank(left), rank(right)))
    if _is_decimal(left, right):
        with localcontext(_EXACT):
            return _unsigned_zero(_decimal(left) - _decimal(right))
    first, second = _floats(left, right)
    return _float(first - second, left, right)


def multiply(left: Any, right: Any) -> Any:
    """`left * right` of two numbers."""
    if isinstance(left, int) and isinstance(right, int):
        if left.bit_length() + right.bit_length() > MAX_BITS:
            raise LimitError("a number has more than 4,200 digits")
        at_least = max(rank(left), rank(right))
        if at_least < BIG_INTEGER and left == LONG_MIN and right == -1:
            return whole(LONG_MIN, LONG)  # Velocity's test for an overflow divides back, which overflows too
        return whole(left * right, at_least)
    if _is_decimal(left, right):
        with localcontext(_EXACT):
            return _unsigned_zero(_decimal(left) * _decimal(right))
    first, second = _floats(left, right)
    return _float(first * second, left, right)


def divide(left: Any, right: Any) -> Any:
    """`left / right` of two numbers; None when `right` is zero."""
    if right == 0:
        return None
    if isinstance(left, int) and isinstance(right, int):
        at_least = max(rank(left), rank(right))
        quotient = abs(left) // abs(right)
        quotient = quotient if (left < 0) == (right < 0) else -quotient
        return whole(quotient if at_least == BIG_INTEGER else long_value(quotient), at_least)
    if _is_decimal(left, right):
        return _divide_decimals(_decimal(left), _decimal(right))
    first, second = _floats(left, right)
    return _float(first / second, left, right)


def _divide_decimals(left: Decimal, right: Decimal) -> Decimal:
    """Java's `BigDecimal.divide` with half down: the quotient has the scale of the dividend."""
    scale = int(left.as_tuple().exponent)
    numerator, denominator = left.scaleb(-scale, _EXACT), right
    with localcontext(_EXACT):
        exponent = int(denominator.as_tuple().exponent)
        over, under = int(numerator), int(denominator.scaleb(-exponent))
        over, under = (over * 10**-exponent, under) if exponent < 0 else (over, under * 10**exponent)
        quotient, rest = divmod(abs(over), abs(under))
        if 2 * rest > abs(under):
            quotient += 1
        negative = (over < 0) != (under < 0)
        return _unsigned_zero(Decimal(-quotient if negative else quotient).scaleb(scale))


def modulo(left: Any, right: Any) -> Any:
    """`left % right` of two numbers, with the sign of `left`; None when `right` is zero."""
    if right == 0:
        return None
    if isinstance(left, int) and isinstance(right, int):
        at_least = max(rank(left), rank(right))
        if at_least == BIG_INTEGER:
            if right < 0:
                raise JavaError("ArithmeticException", "BigInteger: modulus not positive")
            return whole(left % right, at_least)
        rest = abs(left) % abs(right)
        return whole(rest if left >= 0 else -rest, at_least)
    if _is_decimal(left, right):
        raise JavaError("ArithmeticException", "Cannot calculate the modulo of BigDecimals.")
    over, under = _floats(left, right)
    rest_of = math.nan if math.isinf(over) or over != over else math.fmod(over, under)
    return _float(rest_of, left, right)


def compare(left: Any, right: Any) -> int:
    """-1, 0 or 1 for two numbers; 0 also when one of them is not a number at all (NaN)."""
    if _is_decimal(left, right):
        left, right = _decimal(left), _decimal(right)
    elif not (isinstance(left, int) and isinstance(right, int)):
        left, right = _floats(left, right)
    return -1 if left < right else 1 if left > right else 0


def _operands(left: Any, right: Any) -> bool:
    return is_number(left) and is_number(right)


def plus(left: Any, right: Any, left_source: str, right_source: str) -> Any:
    """Velocity's `+`: text when one side is a string, in which a null is the source of its operand."""
    if left.__class__ is int and right.__class__ is int:
        total = left + right
        if (
            INTEGER_MIN <= total <= INTEGER_MAX
            and INTEGER_MIN <= left <= INTEGER_MAX
            and INTEGER_MIN <= right <= INTEGER_MAX
        ):
            return total
        return add(left, right)
    if isinstance(left, str) or isinstance(right, str):
        text = left_source if left is None else java_string(left)
        text += right_source if right is None else java_string(right)
        if len(text) > MAX_TEXT:
            raise LimitError(f"a string is longer than {MAX_TEXT:,} characters")
        return text
    return add(left, right) if _operands(left, right) else None


def minus(left: Any, right: Any) -> Any:
    """Velocity's `-`."""
    return subtract(left, right) if _operands(left, right) else None


def times(left: Any, right: Any) -> Any:
    """Velocity's `*`."""
    return multiply(left, right) if _operands(left, right) else None


def over(left: Any, right: Any) -> Any:
    """Velocity's `/`."""
    return divide(left, right) if _operands(left, right) else None


def rest(left: Any, right: Any) -> Any:
    """Velocity's `%`."""
    return modulo(left, right) if _operands(left, right) else None


def less(left: Any, right: Any) -> bool:
    """Velocity's `<`: false unless both are numbers."""
    return _operands(left, right) and compare(left, right) < 0


def less_or_equal(left: Any, right: Any) -> bool:
    """Velocity's `<=`."""
    return _operands(left, right) and compare(left, right) <= 0


def greater(left: Any, right: Any) -> bool:
    """Velocity's `>`."""
    return _operands(left, right) and compare(left, right) > 0


def greater_or_equal(left: Any, right: Any) -> bool:
    """Velocity's `>=`."""
    return _operands(left, right) and compare(left, right) >= 0


def _family(value: Any) -> str:
    """What `Class.isAssignableFrom` in either direction comes to for the classes that templates meet."""
    if isinstance(value, str):
        return "java.lang.String"
    return "java.util.LinkedHashMap" if isinstance(value, dict) else java_class_name(value)


def equal(left: Any, right: Any) -> bool:
    """Velocity's `==`: numbers by value, two of a class by `equals`, others as text."""
    if left.__class__ is str and right.__class__ is str:
        return bool(left == right)
    if left is None or right is None:
        return left is right
    if _operands(left, right):
        return compare(left, right) == 0
    if _family(left) == _family(right) and not isinstance(left, Character):
        return java_equals(left, right)
    return java_string(left) == java_string(right)


def bounds(left: Any, right: Any) -> tuple[int, int] | None:
    """The ends of a range as Java ints; None unless both are numbers."""
    return (integer_value(left), integer_value(right)) if _operands(left, right) else None
