"""How Java prints floating point numbers."""

import math
import struct


def double_string(value: float) -> str:
    """Java's `Double.toString`.

    Args:
        value: a double.
    """
    if value != value:
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "-0.0" if math.copysign(1, value) < 0 else "0.0"
    digits, exponent = significant_digits(abs(value))
    return ("-" if value < 0 else "") + layout(digits, exponent)


def significant_digits(value: float) -> tuple[str, int]:
    """The digits that Java, up to version 18, prints of a positive double, and the power of ten of the first.

    They are not always the shortest that tell the double from its neighbours: `2.0E23` prints as 1.9999999999999998E23.
    """
    shortest, power = _shortest(repr(value))
    if len(shortest) <= 15 and -5 < power < 16 and (power >= len(shortest) - 1 or value >= 1e-3):
        return shortest, power  # Java's loop stops at these digits too
    bits = struct.unpack(">Q", struct.pack(">d", value))[0]
    fraction, exponent = bits & (1 << 52) - 1, bits >> 52
    significant = 53
    if exponent:
        fraction |= 1 << 52
    else:
        significant = fraction.bit_length()
        fraction <<= 53 - significant
        exponent = 1 - (53 - significant)
    return _develop(fraction, exponent - 1023, significant)


def _develop(fraction: int, binary: int, significant: int) -> tuple[str, int]:
    """The digits of fraction * 2^(binary - 52), of which `significant` bits count."""
    zeros = (fraction & -fraction).bit_length() - 1
    length = 53 - zeros
    tiny = max(0, length - binary - 1)
    if tiny == 0 and -21 <= binary <= 62 and length < 64:
        return _whole_digits(fraction << binary >> 52, binary - significant - 1)
    mantissa = struct.unpack(">d", struct.pack(">Q", 1023 << 52 | fraction & (1 << 52) - 1))[0]
    decimal = math.floor((mantissa - 1.5) * 0.289529654 + 0.176091259 + binary * 0.301029995663981)
    fives_over, fives_under = max(0, -decimal), max(0, decimal)
    twos_over = fives_over + tiny + binary
    twos_under = fives_under + tiny
    twos_step = twos_over - significant
    twos_over -= length - 1
    common = min(twos_over, twos_under)
    twos_over, twos_under, twos_step = twos_over - common, twos_under - common, twos_step - common
    if length == 1:
        twos_step -= 1
    if twos_step < 0:
        twos_over, twos_under, twos_step = twos_over - twos_step, twos_under - twos_step, 0
    small = length + twos_over + _bits_of_five(fives_over) < 64 and twos_under + 1 + _bits_of_five(fives_under + 1) < 64
    over = (fraction >> zeros) * 5**fives_over << twos_over
    return _generate(over, 5**fives_under << twos_under, 5**fives_over << twos_step, decimal, small)


def _bits_of_five(power: int) -> int:
    if power == 0:
        return 0
    return int((5**power).bit_length()) if power < 27 else 3 * power


def _whole_digits(value: int, excess: int) -> tuple[str, int]:
    """The digits of a double that is a whole number; the last ones of a large one do not count."""
    dropped = len(str(2**excess)) - 1 if excess > 1 else 0
    if dropped:
        value, rest = divmod(value, 10**dropped)
        value += rest >= 10**dropped // 2
    text = str(value)
    return text.rstrip("0"), len(text) + dropped - 1


def _generate(over: int, under: int, step: int, decimal: int, small: bool) -> tuple[str, int]:
    """Digits of over / under until what is left is below the step to the neighbouring doubles.

    Args:
        over: the numerator.
        under: the denominator.
        step: half the distance to the next double, over the same denominator.
        decimal: the estimated power of ten of the first digit.
        small: whether Java computes in longs, where it takes a digit more at an exact tie.
    """
    ten = under * 10
    digit, over = divmod(over, under)
    over, step = over * 10, step * 10
    low = over < step
    high = over + step > ten if small else over + step >= ten
    digits = [digit]
    if digit == 0 and not high:
        decimal -= 1
        digits = []
    if decimal < -3 or decimal >= 8:
        low = high = False
    while not low and not high:
        digit, over = divmod(over, under)
        over, step = over * 10, step * 10
        low = over < step
        high = over + step > ten if small else over + step >= ten
        digits.append(digit)
    tie = 2 * over - ten
    if high and (not low or tie > 0 or (tie == 0 and digits[-1] % 2)):
        return _rounded_up(digits, decimal)
    return "".join(map(str, digits)), decimal


def _rounded_up(digits: list[int], decimal: int) -> tuple[str, int]:
    value = int("".join(map(str, digits))) + 1
    text = str(value)
    return text.rstrip("0"), decimal + (len(text) > len(digits))


def float_string(value: float) -> str:
    """Java's `Float.toString`."""
    if value != value or math.isinf(value) or value == 0:
        return double_string(value)
    mantissa, binary = math.frexp(abs(value))
    digits, exponent = _develop(int(mantissa * 2**53), binary - 1, min(24, binary + 149))
    return ("-" if value < 0 else "") + layout(digits, exponent)


def _shortest(text: str) -> tuple[str, int]:
    """The digits of a positive number, and the power of ten of its first digit."""
    mantissa, _, power = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = whole + fraction
    stripped = digits.lstrip("0")
    exponent = int(power or 0) + len(whole) - 1 - (len(digits) - len(stripped))
    return stripped.rstrip("0") or "0", exponent


def layout(digits: str, exponent: int) -> str:
    """Java's layout of digits: plain from 10^-3 to below 10^7, else with an exponent.

    Args:
        digits: the significant digits, no zero at either end.
        exponent: the power of ten of the first digit.
    """
    if -3 <= exponent < 0:
        return "0." + "0" * (-exponent - 1) + digits
    if 0 <= exponent < 7:
        whole = digits[: exponent + 1].ljust(exponent + 1, "0")
        return f"{whole}.{digits[exponent + 1 :] or '0'}"
    return f"{digits[0]}.{digits[1:] or '0'}E{exponent}"


def hexadecimal(value: float) -> str:
    """Java's `Double.toHexString` of a finite double."""
    mantissa, _, exponent = value.hex().partition("p")
    whole, _, fraction = mantissa.partition(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}p{int(exponent)}"
