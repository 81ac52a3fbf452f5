"""The lenient reading of JSON: json-smart's permissive mode, on which Jayway JsonPath, and so API Gateway, relies."""

import re
from decimal import Decimal
from typing import Any, Final

from parity.velocity import java_string
from parity.velocity.budget import spend

MAX_DEPTH: Final = 400
"""How deeply containers may be nested; what is not strict JSON, less deeply still (some 200 levels)."""

_SPACES: Final = " \r\n\t"
_NO_STOP: Final = frozenset[str]()
_KEY_STOPS: Final = frozenset(":")
_VALUE_STOPS: Final = frozenset(",}")
_ARRAY_STOPS: Final = frozenset(",]")
_END: Final = "\x1a"
_SPACES_AND_COMMAS: Final = re.compile(r"[ \r\n\t,]*")
_ONLY_SPACES: Final = re.compile(r"[ \r\n\t]*")
_ONLY_DIGITS: Final = re.compile("[0-9]*")
_STOPS: Final = {
    stops: re.compile(f"[{re.escape(''.join(sorted(stops)) + _END)}]")
    for stops in (_NO_STOP, _KEY_STOPS, _VALUE_STOPS, _ARRAY_STOPS)
}
_STEPS_A_VALUE: Final = 20
_DIGITS: Final = frozenset("0123456789")
_ESCAPES: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b", "\\": "\\", "/": "/", "'": "'", '"': '"'}
_KEYWORDS: Final = {"null": None, "true": True, "false": False, "NaN": float("nan")}
_BLANKS: Final = "".join(map(chr, range(0x21)))


class JsonTextError(ValueError):
    """A text that cannot be read as JSON, not even leniently. `position` is the offset in characters."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(f"{message} at character {position + 1}")
        self.position = position


def big_decimal(digits: str) -> Decimal:
    """The number whose decimal notation is `digits`, Java's BigDecimal.

    Raises:
        JsonTextError: the exponent is larger than Java's BigDecimal takes.
    """
    try:
        return Decimal(digits)
    except ArithmeticError as error:
        raise JsonTextError(f"{digits[:40]!r} has too large an exponent", 0) from error


def java_number(digits: str) -> float | Decimal:
    """A floating-point literal as json-smart reads it: a double unless that would lose digits, else a BigDecimal."""
    number = float(digits)
    if len(digits) <= 18:
        return number
    printed = java_string(number)
    return number if re.sub("[eE][+]?", "E", digits) == printed else big_decimal(digits)


class LenientParser:
    """A parser of one text; `parse` may be called once. What follows the first value is ignored."""

    def __init__(self, text: str) -> None:
        self._text = text + _END
        self._position = 0
        self._depth = 0

    def parse(self) -> Any:
        """The first value of the text; that of a blank text is the empty string.

        Raises:
            JsonTextError: the text ends or goes wrong inside the value.
        """
        try:
            return self._value(_NO_STOP)
        except RecursionError as error:
            raise self._fail("nested too deeply") from error

    def _skip_spaces(self) -> str:
        text, position = self._text, self._position
        while text[position] <= " " and text[position] != _END:
            position += 1
        self._position = position
        return text[position]

    def _skip(self, what: "re.Pattern[str]") -> None:
        found = what.match(self._text, self._position)
        self._position = self._position if found is None else found.end()

    def _fail(self, message: str) -> JsonTextError:
        return JsonTextError(message, self._position)

    def _value(self, stops: frozenset[str]) -> Any:
        spend(_STEPS_A_VALUE)
        self._skip(_ONLY_SPACES)
        character = self._text[self._position]
        if character in ":}]":
            raise self._fail(f"unexpected {character!r}")
        if character == "{":
            return self._nested(self._object)
        if character == "[":
            return self._nested(self._array)
        if character in "\"'":
            return self._string()
        if character in _DIGITS or character == "-":
            return self._number(stops)
        word = self._bare_word(stops)
        return _KEYWORDS.get(word, word)

    def _nested(self, read: Any) -> Any:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._fail(f"nested more than {MAX_DEPTH} levels deep")
        value = read()
        self._depth -= 1
        return value

    def _bare_word(self, stops: frozenset[str], start: int | None = None) -> str:
        start = self._position if start is None else start
        found = _STOPS[stops].search(self._text, self._position)
        self._position = len(self._text) - 1 if found is None else found.start()
        return self._trimmed(start)

    def _trimmed(self, start: int) -> str:
        """The text from `start` to here without white space around it; at least one character, as json-smart has it."""
        word = self._text[start : self._position]
        return word.strip() or word[-1:]

    def _number(self, stops: frozenset[str]) -> Any:
        start = self._position
        self._position += 1
        self._skip_digits()
        floating = False
        if self._text[self._position] == ".":
            floating = True
            self._position += 1
            self._skip_digits()
        if self._text[self._position] in "eE":
            floating = True
            self._position += 1
            if self._text[self._position] not in _DIGITS and self._text[self._position] not in "+-":
                return self._bare_word(stops, start)
            self._position += 1
            self._skip_digits()
        character = self._skip_spaces()
        if character != _END and character < "~" and character not in stops:
            return self._bare_word(stops, start)
        return self._converted(self._trimmed(start), floating)

    def _converted(self, digits: str, floating: bool) -> Any:
        if digits == "-":
            return 0
        try:
            if floating:
                return java_number(digits)
            return int(digits) if len(digits) <= 4000 else big_decimal(digits)
        except ValueError as error:
            raise self._fail(f"{digits[:40]!r} is not a number") from error

    def _skip_digits(self) -> None:
        self._skip(_ONLY_DIGITS)

    def _string(self) -> str:
        text = self._text
        quote = text[self._position]
        end = text.find(quote, self._position + 1)
        if end < 0:
            raise self._fail("the string does not end")
        raw = text[self._position + 1 : end]
        if "\\" not in raw:
            self._position = end + 1
            return raw
        return self._escaped_string(quote)

    def _escaped_string(self, quote: str) -> str:
        parts: list[str] = []
        while True:
            self._position += 1
            character = self._text[self._position]
            if character == quote:
                self._position += 1
                spend(2 * len(parts))
                return _join_surrogates("".join(parts))
            if character == _END:
                raise self._fail("the string does not end")
            if character == "\\":
                parts.append(self._escape())
            elif character > "\x1f" and character != "\x7f":
                parts.append(character)

    def _escape(self) -> str:
        self._position += 1
        character = self._text[self._position]
        if character not in "ux":
            return _ESCAPES.get(character, "")
        length = 4 if character == "u" else 2
        digits = self._text[self._position + 1 : self._position + 1 + length]
        if len(digits) < length or not re.fullmatch("[0-9A-Fa-f]+", digits):
            raise self._fail(f"\\{character} needs {length} hexadecimal digits")
        self._position += length
        return chr(int(digits, 16))

    def _array(self) -> list[Any]:
        items: list[Any] = []
        self._position += 1
        while True:
            self._skip(_SPACES_AND_COMMAS)
            character = self._text[self._position]
            if character == "]":
                self._position += 1
                return items
            if character == _END:
                raise self._fail("the array does not end")
            items.append(self._value(_ARRAY_STOPS))

    def _object(self) -> dict[str, Any]:
        members: dict[str, Any] = {}
        self._position += 1
        accepts_key = True
        while True:
            start = self._position
            self._skip(_SPACES_AND_COMMAS)
            accepts_key = accepts_key or "," in self._text[start : self._position]
            character = self._text[self._position]
            if character == "}":
                self._position += 1
                return members
            if character in ":][{":
                raise self._fail(f"unexpected {character!r}")
            if not accepts_key:
                raise self._fail("expected ',' or '}'")
            self._member(members)
            accepts_key = False

    def _member(self, members: dict[str, Any]) -> None:
        quoted = self._text[self._position] in "\"'"
        key = self._string() if quoted else self._bare_word(_KEY_STOPS)
        if self._skip_spaces() != ":":
            raise self._fail("expected ':'")
        self._position += 1
        if self._position >= len(self._text) - 1:
            raise self._fail("the object does not end")
        members[key] = self._value(_VALUE_STOPS)
        if self._skip_spaces() not in ",}":
            raise self._fail("expected ',' or '}'")


def _join_surrogates(text: str) -> str:
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
