"""Java's `String.format`: the specifiers of java.util.Formatter for everything but dates."""

import math
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from parity.velocity.errors import JavaError, LimitError
from parity.velocity.java.comparison import java_hash
from parity.velocity.java.doubles import hexadecimal, significant_digits
from parity.velocity.java.scalars import INTEGER_MAX, Character, java_class_name
from parity.velocity.java.text import MAX_TEXT, from_units, java_string, to_units

_SPECIFIER = re.compile(r"%(?:([0-9]+)\$)?([-#+ 0,(<]*)([0-9]+)?(?:\.([0-9]+))?([tT])?([a-zA-Z%])")
_CONVERSIONS = frozenset("bBhHsScCdoxXeEfgGaA%n")
_GENERAL, _INTEGRAL, _FLOATING = frozenset("bhs"), frozenset("dox"), frozenset("efga")
_ALL_SIGNS = "+ 0,("
_NOT_FOR = {"b": "#", "h": "#", "d": "#", "o": ",", "x": ",", "a": "(,", "e": ",", "g": "#"}
"""The flags that some conversions do not take, beyond those of their kind."""
_DEFAULT_PRECISION = 6
_EXACT = Context(prec=12_000, Emax=10**6, Emin=-(10**6), traps=[], rounding=ROUND_HALF_UP)


class Specifier:
    """A format specifier: `%[index$][flags][width][.precision]conversion`.

    Attributes:
        text: the specifier as it is written.
        index: the number of its argument from 1; 0 for the next one, -1 for that of the specifier before.
        flags: its flags.
        width: how long the text is at least; -1 when it is not given.
        precision: how long it is at most, or how many digits follow the point; -1 when it is not given.
        conversion: what it is converted to, in lower case.
        upper: whether the text is in upper case.

    Raises:
        JavaError: Java takes no such specifier.
    """

    __slots__ = ("conversion", "flags", "index", "precision", "text", "upper", "width")

    def __init__(self, match: "re.Match[str]") -> None:
        index, self.flags, width, precision, date, conversion = match.groups()
        self.text = match.group()
        self.index = 0 if index is None else _number(index)
        if index is not None and self.index == 0:
            raise _illegal("ArgumentIndex", "0")
        if len(set(self.flags)) != len(self.flags):
            raise JavaError("DuplicateFormatFlagsException", f"Flags = '{self.flags}'")
        if "<" in self.flags:
            self.index = -1
            self.flags = self.flags.replace("<", "")
        self.width = -1 if width is None else _number(width)
        self.precision = -1 if precision is None else _number(precision)
        if date is not None or conversion not in _CONVERSIONS:
            raise JavaError("UnknownFormatConversionException", f"Conversion = '{conversion}'")
        self.upper = conversion.isupper()
        self.conversion = conversion.lower()
        self._check()

    def _check(self) -> None:
        """Refuses flags and a precision that Java does not take for the conversion."""
        conversion = self.conversion
        if conversion in "%n":
            if self.precision != -1 or (conversion == "n" and self.width != -1):
                raise _illegal("Precision", str(self.precision))
            if self.flags not in (("", "-") if conversion == "%" else ("",)):
                raise _illegal("Flags", self.flags)
        elif conversion in _INTEGRAL or conversion in _FLOATING:
            if conversion in _INTEGRAL and self.precision != -1:
                raise _illegal("Precision", str(self.precision))
            if ("+" in self.flags and " " in self.flags) or ("-" in self.flags and "0" in self.flags):
                raise _illegal("Flags", self.flags)
            self.refuse(_NOT_FOR.get(conversion, ""))
        else:
            self.refuse(_ALL_SIGNS + _NOT_FOR.get(conversion, ""))
            if conversion == "c":
                self.refuse("#")
                if self.precision != -1:
                    raise _illegal("Precision", str(self.precision))
        if self.width == -1 and ("-" in self.flags or "0" in self.flags):
            raise JavaError("MissingFormatWidthException", self.text)
        if max(self.width, self.precision) > MAX_TEXT:
            raise LimitError(f"a string is longer than {MAX_TEXT} characters")

    def refuse(self, flags: str) -> None:
        """Fails when it has one of the flags."""
        for flag in flags:
            if flag in self.flags:
                raise JavaError("FormatFlagsConversionMismatchException", f"{self.conversion}, Flags = {flag}")


def _illegal(what: str, which: str) -> JavaError:
    return JavaError(f"IllegalFormat{what}Exception", which)


def _number(digits: str) -> int:
    """A width, a precision or an index; Java's numbers end at 2^31 - 1."""
    if len(digits.lstrip("0")) > len(str(INTEGER_MAX)) or int(digits) > INTEGER_MAX:
        raise JavaError("IllegalFormatException", f"the number {digits[:20]} is too large for a format")
    return int(digits)


def java_format(pattern: str, values: Sequence[Any] | None) -> str:
    """A text with its format specifiers replaced.

    Args:
        pattern: the format string.
        values: the arguments; None, as Java allows, for as many nulls as there are specifiers.

    Raises:
        JavaError: a specifier is wrong, or lacks its argument.
    """
    out: list[str] = []
    length = last = ordinary = 0
    for piece in _parsed(pattern):
        if isinstance(piece, str):
            text = piece
        elif piece.conversion in "%n":
            text = "\n" if piece.conversion == "n" else _justified("%", piece)
        else:
            if piece.index == 0:
                ordinary += 1
            last = piece.index if piece.index > 0 else last if piece.index < 0 else ordinary
            if last == 0 or (values is not None and last > len(values)):
                raise JavaError("MissingFormatArgumentException", f"Format specifier '{piece.text}'")
            text = _formatted(piece, None if values is None else values[last - 1])
        length += len(text)
        if length > MAX_TEXT:
            raise LimitError(f"a string is longer than {MAX_TEXT} characters")
        out.append(text)
    return "".join(out)


def _parsed(pattern: str) -> list[str | Specifier]:
    pieces: list[str | Specifier] = []
    position = 0
    while (percent := pattern.find("%", position)) >= 0:
        pieces.append(pattern[position:percent])
        match = _SPECIFIER.match(pattern, percent)
        if match is None:
            raise JavaError("UnknownFormatConversionException", "Conversion = '%'")
        pieces.append(Specifier(match))
        position = match.end()
    return [*pieces, pattern[position:]]


def _formatted(specifier: Specifier, value: Any) -> str:
    conversion = specifier.conversion
    if conversion == "s":
        specifier.refuse("#")
        return _shown(java_string(value), specifier)
    if conversion == "b":
        return _shown("true" if value is not None and value is not False else "false", specifier)
    if value is None:
        return _shown("null", specifier)
    if conversion == "h":
        return _shown(format(java_hash(value) & 0xFFFFFFFF, "x"), specifier)
    if conversion == "c":
        return _shown(_character(specifier, value), specifier)
    if conversion in _INTEGRAL and isinstance(value, int) and value.__class__ is not bool:
        return _justified(_whole(specifier, value), specifier)
    if conversion in _FLOATING and isinstance(value, (float, Decimal)):
        return _justified(_floating(specifier, value), specifier)
    raise _mismatch(specifier, value)


def _mismatch(specifier: Specifier, value: Any) -> JavaError:
    return JavaError("IllegalFormatConversionException", f"{specifier.conversion} != {java_class_name(value)}")


def _shown(text: str, specifier: Specifier) -> str:
    if specifier.precision != -1:
        text = from_units(to_units(text)[: specifier.precision])
    return _justified(text.upper() if specifier.upper else text, specifier)


def _justified(text: str, specifier: Specifier) -> str:
    width = max(specifier.width, 0)
    if not text.isascii():
        width -= len(to_units(text)) - len(text)
    return text.ljust(width) if "-" in specifier.flags else text.rjust(width)


def _character(specifier: Specifier, value: Any) -> str:
    if isinstance(value, Character):
        return value.value
    if not isinstance(value, int) or java_class_name(value) not in _SMALL:
        raise _mismatch(specifier, value)
    if not 0 <= value <= 0x10FFFF:
        raise JavaError("IllegalFormatCodePointException", f"Code point = {value:#x}")
    return chr(value)


_SMALL = {"java.lang.Byte": 8, "java.lang.Short": 16, "java.lang.Integer": 32}


# numbers


def _signed(digits: str, negative: bool, specifier: Specifier, *, zeros_to: int) -> str:
    """A number with its sign, filled with zeros to a length that includes the sign."""
    flags = specifier.flags
    if negative:
        sign, after = ("(", ")") if "(" in flags else ("-", "")
    else:
        sign, after = "+" if "+" in flags else " " if " " in flags else "", ""
    if "0" in flags:
        digits = digits.rjust(zeros_to - len(sign) - len(after), "0")
    return sign + digits + after


def _grouped(digits: str, specifier: Specifier) -> str:
    if "," not in specifier.flags:
        return digits
    whole, point, fraction = digits.partition(".")
    first = len(whole) % 3
    groups = [whole[:first]] if first else []
    groups += [whole[at : at + 3] for at in range(first, len(whole), 3)]
    return ",".join(groups) + point + fraction


def _whole(specifier: Specifier, value: int) -> str:
    conversion, flags = specifier.conversion, specifier.flags
    kind = java_class_name(value)
    if conversion == "d":
        return _signed(_grouped(java_string(abs(value)), specifier), value < 0, specifier, zeros_to=specifier.width)
    if kind != "java.math.BigInteger":
        specifier.refuse("( +")
        value = int(value) & ((1 << _SMALL.get(kind, 64)) - 1)
    digits = format(abs(int(value)), conversion)
    mark = "" if "#" not in flags else "0" if conversion == "o" else "0x"
    if "0" in flags:
        signs = len(_signed("", value < 0, specifier, zeros_to=0))
        digits = digits.rjust(specifier.width - len(mark) - signs, "0")
    text = _signed(mark + digits, value < 0, specifier, zeros_to=0)
    return text.upper() if specifier.upper else text


def _floating(specifier: Specifier, value: float | Decimal) -> str:
    if isinstance(value, float):
        if value != value:
            return "NAN" if specifier.upper else "NaN"
        negative = math.copysign(1, value) < 0
        if math.isinf(value):
            infinity = "INFINITY" if specifier.upper else "Infinity"
            return _signed(infinity, negative, specifier, zeros_to=0)
        if specifier.conversion == "a":
            return _hexadecimal(specifier, abs(value), negative)
        digits, power = significant_digits(abs(value)) if value else ("0", 0)
        exact = Decimal((0, tuple(map(int, digits)), power - len(digits) + 1))
    else:
        if specifier.conversion == "a":
            raise _mismatch(specifier, value)
        negative, exact = value < 0, value.copy_abs()
    digits, exponent = _laid_out(specifier, exact)
    text = _grouped(digits, specifier) + (exponent.upper() if specifier.upper else exponent)
    return _signed(text, negative, specifier, zeros_to=specifier.width)


def _laid_out(specifier: Specifier, value: Decimal) -> tuple[str, str]:
    """The digits of a positive number and its exponent, which is empty when it has none; a half rounds up."""
    precision = _DEFAULT_PRECISION if specifier.precision == -1 else specifier.precision
    if specifier.conversion == "f":
        digits, exponent = _plain(value, precision), ""
    elif specifier.conversion == "e":
        digits, exponent = _scientific(value, precision)
    else:
        precision = max(precision, 1)
        rounded = value if not value else _rounded(value, precision)
        power = rounded.adjusted() if value else 0
        if value and not -4 <= power < precision:
            return _scientific(value, precision - 1)
        return _plain(rounded, precision - power - 1), ""
    if "#" in specifier.flags and precision == 0:
        digits += "."
    return digits, exponent


def _rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal((0, (1,), value.adjusted() - digits + 1)), context=_EXACT)


def _plain(value: Decimal, precision: int) -> str:
    known = max(0, -int(value.as_tuple().exponent))
    if precision < known:
        value, known = value.quantize(Decimal((0, (1,), -precision)), context=_EXACT), precision
    text = format(value, "f")
    if precision == known:
        return text
    return text + ("" if known else ".") + "0" * (precision - known)


def _scientific(value: Decimal, precision: int) -> tuple[str, str]:
    if value and precision + 1 < len(value.as_tuple().digits):
        value = _rounded(value, precision + 1)
    digits = "".join(map(str, value.as_tuple().digits))[: precision + 1].ljust(precision + 1, "0")
    power = value.adjusted() if value else 0
    mantissa = digits[0] + ("." + digits[1:] if precision else "")
    return mantissa, f"e{'-' if power < 0 else '+'}{abs(power):02d}"


def _hexadecimal(specifier: Specifier, value: float, negative: bool) -> str:
    mark, digits = "0x", hexadecimal(value).removeprefix("0x")
    if "0" in specifier.flags:
        signs = len(_signed("", negative, specifier, zeros_to=0))
        digits = digits.rjust(specifier.width - len(mark) - signs, "0")
    text = _signed(mark + digits, negative, specifier, zeros_to=0)
    return text.upper() if specifier.upper else text
