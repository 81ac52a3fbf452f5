"""Java's `String.format`, as far as templates use it."""

import re
from typing import Any

from parity.velocity.errors import JavaError, LimitError
from parity.velocity.java.scalars import INTEGER_MAX
from parity.velocity.java.text import MAX_TEXT, java_string

_MAX_INDEX = 10_000
_SPECIFIER = re.compile(r"%(?:([0-9]+)\$)?([-#+ 0,(]*)([0-9]+)?(?:\.([0-9]+))?([a-zA-Z%])")


def java_format(pattern: str, values: list[Any]) -> str:
    """A text with its format specifiers replaced.

    Args:
        pattern: the format string.
        values: the arguments.

    Raises:
        JavaError: a specifier is wrong, or lacks its argument.
    """
    out = []
    position = following = 0
    while (percent := pattern.find("%", position)) >= 0:
        out.append(pattern[position:percent])
        match = _SPECIFIER.match(pattern, percent)
        if match is None:
            raise JavaError("UnknownFormatConversionException", "Conversion = '%'")
        position = match.end()
        conversion = match.group(5)
        if conversion in "%n":
            out.append("%" if conversion == "%" else "\n")
            continue
        index = _number(match.group(1), _MAX_INDEX) - 1 if match.group(1) else following
        following += 0 if match.group(1) else 1
        if not 0 <= index < len(values):
            raise JavaError("MissingFormatArgumentException", f"Format specifier '{match.group()}'")
        out.append(_formatted(match, values[index]))
    return "".join([*out, pattern[position:]])


def _number(digits: str, largest: int) -> int:
    """A width, a precision or an index; Java's numbers end at 2^31 - 1."""
    if len(digits.lstrip("0")) > len(str(largest)) or int(digits) > largest:
        raise JavaError("IllegalFormatException", f"the number {digits[:20]} is too large for a format")
    return int(digits)


def _formatted(match: "re.Match[str]", value: Any) -> str:
    flags, conversion = match.group(2), match.group(5)
    width = _number(match.group(3) or "0", INTEGER_MAX)
    precision = _number(match.group(4), INTEGER_MAX) if match.group(4) else None
    if width > MAX_TEXT:
        raise LimitError(f"a string is longer than {MAX_TEXT} characters")
    if conversion in "sS":
        text = java_string(value)[:precision]
    elif conversion in "bB":
        text = java_string(value is not None and value is not False)
    elif value is None:
        text = "null"
    elif conversion in "dxXo" and isinstance(value, int) and value.__class__ is not bool:
        text = format(value, ("+" if "+" in flags else "") + ("," if "," in flags else "") + conversion)
    elif conversion in "fe" and isinstance(value, float):
        digits = min(6 if precision is None else precision, 400)
        text = format(value, ("+" if "+" in flags else "") + ("," if "," in flags else "") + f".{digits}{conversion}")
    elif conversion == "c" and not isinstance(value, (str, float)):
        text = chr(value) if isinstance(value, int) else java_string(value)
    else:
        raise JavaError("IllegalFormatConversionException", f"{conversion} != {type(value).__name__}")
    if conversion in "SB":
        text = text.upper()
    if "-" in flags:
        return text.ljust(width)
    return text.zfill(width) if "0" in flags else text.rjust(width)
