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
    digits, exponent = _shortest(repr(abs(value)))
    return ("-" if value < 0 else "") + layout(digits, exponent)


def float_string(value: float) -> str:
    """Java's `Float.toString`."""
    if value != value or math.isinf(value) or value == 0:
        return double_string(value)
    for precision in range(1, 10):
        text = f"{abs(value):.{precision - 1}e}"
        if struct.unpack(">f", struct.pack(">f", float(text)))[0] == abs(value):
            break
    digits, exponent = _shortest(text)
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
