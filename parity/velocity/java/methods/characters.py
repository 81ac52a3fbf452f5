"""The methods of java.lang.Character."""

import unicodedata
from collections.abc import Callable
from typing import Any

from parity.velocity.errors import JavaError
from parity.velocity.java.collections import Array
from parity.velocity.java.methods.overloads import Methods, Overloads
from parity.velocity.java.scalars import Character

_SPACES = frozenset("\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f")
_CATEGORIES = (
    *("Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Me", "Mc", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc"),
    *("Cf", "", "Co", "Cs", "Pd", "Ps", "Pe", "Pc", "Po", "Sm", "Sc", "Sk", "So", "Pi", "Pf"),
)
_LARGEST = 0x10FFFF


def _text(point: Any) -> str:
    """The character of a char or of a code point; one that no text has for a number that is none."""
    if isinstance(point, Character):
        return point.value
    return chr(point) if 0 <= point <= _LARGEST else "\uffff"


def _of_points(function: Callable[[str], Any]) -> Overloads:
    """A method that takes a char or a code point."""

    def call(_: Any, point: Any) -> Any:
        return function(_text(point))

    return [("c", call), ("i", call)]


def _changed(function: Callable[[str], str]) -> Overloads:
    """A method that turns a char into a char, and a code point into a code point."""

    def changed(_: Any, point: Any) -> Any:
        text = function(_text(point))
        if len(text) != 1:
            return point
        return Character(text) if isinstance(point, Character) else ord(text) if 0 <= point <= _LARGEST else point

    return [("c", changed), ("i", changed)]


def _category(text: str) -> str:
    return unicodedata.category(text)


def _is_white(text: str) -> bool:
    return text in _SPACES or (_category(text)[0] == "Z" and text not in "\xa0\u2007\u202f")


def _is_ignorable(text: str) -> bool:
    return text <= "\x08" or "\x0e" <= text <= "\x1b" or "\x7f" <= text <= "\x9f" or _category(text) == "Cf"


def _starts_identifier(text: str) -> bool:
    return _category(text)[0] == "L" or _category(text) in ("Nl", "Sc", "Pc")


def _is_in_identifier(text: str) -> bool:
    return _starts_identifier(text) or _category(text) in ("Nd", "Mc", "Mn") or _is_ignorable(text)


def _digit(text: str) -> int:
    """The value of a digit or of a Latin letter as one; -1 for anything else."""
    if _category(text) == "Nd":
        return unicodedata.decimal(text)
    folded = chr(ord(text) - 0xFEE0) if "\uff21" <= text <= "\uff5a" else text
    return int(folded, 36) if folded.isascii() and folded.isalpha() else -1


def _numeric_value(text: str) -> int:
    value = _digit(text)
    if value < 0 and (number := unicodedata.numeric(text, None)) is not None:
        return int(number) if number == int(number) else -2
    return value


def _digit_in(_: Any, point: Any, radix: int) -> int:
    value = _digit(_text(point))
    return value if 2 <= radix <= 36 and value < radix else -1


def _for_digit(_: Any, digit: int, radix: int) -> Character:
    fits = 2 <= radix <= 36 and 0 <= digit < radix
    return Character("0123456789abcdefghijklmnopqrstuvwxyz"[digit] if fits else "\x00")


def _checked(point: int) -> int:
    if not 0 <= point <= _LARGEST:
        raise JavaError("IllegalArgumentException", f"Not a valid Unicode code point: 0x{point & 0xFFFFFFFF:X}")
    return point


def _to_chars(_: Any, point: int) -> Array:
    units = chr(_checked(point)).encode("utf-16-be", "surrogatepass")
    return Array("char", [Character(chr(int.from_bytes(units[at : at + 2], "big"))) for at in range(0, len(units), 2)])


def _name(_: Any, point: int) -> str | None:
    return unicodedata.name(chr(_checked(point)), None)


def _compare(left: Any, right: Any) -> int:
    if right is None:
        raise JavaError("NullPointerException")
    return ord(left.value) - ord(right.value)


def _wrong_class(_: Any, other: Any) -> Any:
    raise JavaError("NullPointerException" if other is None else "ClassCastException", "not a Character")


def _reverse_bytes(_: Any, of: Character) -> Character:
    code = ord(of.value)
    return Character(chr((code & 0xFF) << 8 | code >> 8))


def _between(low: str, high: str) -> Overloads:
    return [("c", lambda _, of: low <= of.value <= high)]


CHARACTER: Methods = {
    "charValue": [("", lambda of: of)],
    "compareTo": [("H", _compare), ("O", _wrong_class)],
    "compare": [("cc", lambda _, left, right: _compare(left, right))],
    "hashCode": [("c", lambda _, of: ord(of.value))],
    "toString": [("c", lambda _, of: of.value), ("i", lambda _, point: chr(_checked(point)))],
    "valueOf": [("c", lambda _, of: of)],
    "isDigit": _of_points(lambda text: _category(text) == "Nd"),
    "isLetter": _of_points(str.isalpha),
    "isLetterOrDigit": _of_points(lambda text: text.isalpha() or _category(text) == "Nd"),
    "isUpperCase": _of_points(str.isupper),
    "isLowerCase": _of_points(str.islower),
    "isTitleCase": _of_points(lambda text: _category(text) == "Lt"),
    "isWhitespace": _of_points(_is_white),
    "isSpaceChar": _of_points(lambda text: _category(text)[0] == "Z"),
    "isSpace": [("c", lambda _, of: of.value in " \t\n\x0c\r")],
    "isISOControl": _of_points(lambda text: text <= "\x1f" or "\x7f" <= text <= "\x9f"),
    "isDefined": _of_points(lambda text: _category(text) != "Cn"),
    "isAlphabetic": [("i", lambda _, point: _text(point).isalpha() or _category(_text(point)) == "Nl")],
    "isMirrored": _of_points(lambda text: unicodedata.mirrored(text) == 1),
    "isIdentifierIgnorable": _of_points(_is_ignorable),
    "isJavaIdentifierStart": _of_points(_starts_identifier),
    "isJavaIdentifierPart": _of_points(_is_in_identifier),
    "isJavaLetter": _of_points(_starts_identifier)[:1],
    "isJavaLetterOrDigit": _of_points(_is_in_identifier)[:1],
    "isSurrogate": _between("\ud800", "\udfff"),
    "isHighSurrogate": _between("\ud800", "\udbff"),
    "isLowSurrogate": _between("\udc00", "\udfff"),
    "isValidCodePoint": [("i", lambda _, point: 0 <= point <= _LARGEST)],
    "isBmpCodePoint": [("i", lambda _, point: 0 <= point <= 0xFFFF)],
    "isSupplementaryCodePoint": [("i", lambda _, point: 0xFFFF < point <= _LARGEST)],
    "charCount": [("i", lambda _, point: 1 + (point > 0xFFFF))],
    "toChars": [("i", _to_chars)],
    "toUpperCase": _changed(str.upper),
    "toLowerCase": _changed(lambda text: text.lower()[0]),
    "toTitleCase": _changed(str.title),
    "getNumericValue": _of_points(_numeric_value),
    "getType": _of_points(lambda text: _CATEGORIES.index(_category(text))),
    "getName": [("i", _name)],
    "digit": [("ci", _digit_in), ("ii", _digit_in)],
    "forDigit": [("ii", _for_digit)],
    "reverseBytes": [("c", _reverse_bytes)],
}
STATIC_METHODS = frozenset(CHARACTER) - {"charValue", "compareTo"}
