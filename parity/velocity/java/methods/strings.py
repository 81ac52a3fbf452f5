"""The methods of java.lang.String and java.lang.Character.

Java counts a string in UTF-16 units. A string with characters beyond U+FFFF is taken apart into those for the time of
a call, and put together again after it.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from parity.velocity.budget import current_budget
from parity.velocity.errors import JavaError, LimitError
from parity.velocity.java import patterns
from parity.velocity.java.collections import Array, items_of
from parity.velocity.java.formatting import java_format
from parity.velocity.java.methods.overloads import Methods
from parity.velocity.java.scalars import Byte, Character
from parity.velocity.java.text import MAX_TEXT, from_units, java_string, to_units

_SPACES = "".join(map(chr, range(33)))
_COMPARED_AT_ONCE = 8192
_STEPS_A_CHARACTER = 2
_BYTES_A_CHARACTER = 72
"""What an item of an array takes, the object and the reference to it."""


def _length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _out_of_bounds(message: str) -> JavaError:
    return JavaError("StringIndexOutOfBoundsException", message)


def _text(argument: Any) -> str:
    if argument is None:
        raise JavaError("NullPointerException")
    return str.__str__(argument)


def _char_at(text: str, index: int) -> Character:
    units = to_units(text)
    if not 0 <= index < len(units):
        raise _out_of_bounds(f"index {index}, length {len(units)}")
    return Character(units[index])


def _code_point_at(text: str, index: int) -> int:
    units = to_units(text)
    if not 0 <= index < len(units):
        raise _out_of_bounds(f"index {index}, length {len(units)}")
    return ord(from_units(units[index : index + 2])[0])


def _substring(text: str, start: int, end: int | None = None) -> str:
    units = to_units(text)
    end = len(units) if end is None else end
    if start < 0 or end > len(units) or start > end:
        raise _out_of_bounds(f"begin {start}, end {end}, length {len(units)}")
    return from_units(units[start:end])


def _wanted(what: Any) -> str:
    return chr(what) if isinstance(what, int) and 0 <= what <= 0x10FFFF else _text(what)


def _index_of(text: str, what: Any, start: int = 0) -> int:
    if isinstance(what, int) and not 0 <= what <= 0x10FFFF:
        return -1
    units, wanted = to_units(text), to_units(_wanted(what))
    start = max(start, 0)
    if start >= len(units):
        return len(units) if not wanted else -1
    return units.find(wanted, start)


def _last_index_of(text: str, what: Any, start: int | None = None) -> int:
    if isinstance(what, int) and not 0 <= what <= 0x10FFFF:
        return -1
    units, wanted = to_units(text), to_units(_wanted(what))
    if start is None:
        return units.rfind(wanted)
    return -1 if start < 0 else units.rfind(wanted, 0, start + len(wanted))


def _starts_with(text: str, prefix: Any, start: int = 0) -> bool:
    return 0 <= start <= len(to_units(text)) and to_units(text).startswith(to_units(_text(prefix)), start)


def _equals_ignore_case(text: str, other: Any) -> bool:
    if not isinstance(other, str) or len(text) != len(other):
        return False
    return text == other or _folded(text) == _folded(other)


def _folded(text: str) -> str:
    return text.lower() if text.isascii() else text.translate({ord(one): _fold(one) for one in set(text)})


def _fold(character: str) -> str:
    upper = character.upper()
    return (upper if len(upper) == 1 else character).lower()[0]


def _compare(text: str, other: Any) -> int:
    left, right = _unit_bytes(text), _unit_bytes(_text(other))
    start = 0
    while start < len(left) and left[start : start + _COMPARED_AT_ONCE] == right[start : start + _COMPARED_AT_ONCE]:
        start += _COMPARED_AT_ONCE
    stop = min(start + _COMPARED_AT_ONCE, len(left), len(right))
    for at in range(start, stop, 2):
        if left[at : at + 2] != right[at : at + 2]:
            return int.from_bytes(left[at : at + 2], "big") - int.from_bytes(right[at : at + 2], "big")
    return (len(left) - len(right)) // 2


def _unit_bytes(text: str) -> bytes:
    """The UTF-16 units of a string, each of two bytes, the higher one first."""
    return text.encode("utf-16-be", "surrogatepass")


def _compare_ignore_case(text: str, other: Any) -> int:
    return _compare(_folded(text), _folded(_text(other)))


def _bounded(length: int) -> None:
    if length > MAX_TEXT:
        raise LimitError(f"a string is longer than {MAX_TEXT} characters")


def _replace(text: str, old: Any, new: Any) -> str:
    old, new = _text(old), _text(new)
    if not old:
        text = to_units(text)
    if len(new) > len(old):
        _bounded(len(text) + text.count(old) * (len(new) - len(old)))
    return text.replace(old, new) if old else from_units(to_units(text.replace(old, new)))


def _replace_char(text: str, old: Character, new: Character) -> str:
    return from_units(to_units(text).replace(old.value, new.value))


def _concat(text: str, other: Any) -> str:
    _bounded(len(text) + len(_text(other)))
    return text + str.__str__(other)


def _repeat(text: str, count: int) -> str:
    if count < 0:
        raise JavaError("IllegalArgumentException", f"count is negative: {count}")
    _bounded(len(text) * count)
    return text * count


def _to_lower(text: str) -> str:
    return text.lower()


def _to_upper(text: str) -> str:
    return text.upper()


def _strip(text: str) -> str:
    return text.strip(_WHITE)


def _split(text: str, pattern: Any, limit: int = 0) -> Array:
    return Array("java.lang.String", list(patterns.split(text, _text(pattern), limit)))


def _joined(delimiter: Any, parts: Sequence[Any]) -> str:
    if not all(part is None or isinstance(part, str) for part in parts):
        raise JavaError("ClassCastException", "not a CharSequence")
    joined = _text(delimiter).join(map(java_string, parts))
    _bounded(len(joined))
    return joined


def _join(_: str, delimiter: Any, parts: Any) -> str:
    items = items_of(parts)
    if items is None:
        raise JavaError("NullPointerException")
    return _joined(delimiter, items)


def _allow_array(length: int) -> None:
    """Makes sure that an array of so many items may be made."""
    budget = current_budget()
    budget.require(length * _STEPS_A_CHARACTER)
    budget.consume_memory(length * _BYTES_A_CHARACTER)


def _char_array(text: str) -> Array:
    units = to_units(text)
    _allow_array(len(units))
    return Array("char", list(map(Character, units)))


def _bytes(text: str, charset: str = "utf-8") -> Array:
    _allow_array(len(text))
    return Array("byte", [Byte((byte + 128) % 256 - 128) for byte in text.encode(charset, "replace")])


def _region_matches(text: str, ignore: bool, start: int, other: Any, other_start: int, length: int) -> bool:
    left, right = to_units(text), to_units(_text(other))
    if start < 0 or other_start < 0 or start > len(left) - length or other_start > len(right) - length:
        return False
    ours, theirs = left[start : start + max(length, 0)], right[other_start : other_start + max(length, 0)]
    return _equals_ignore_case(ours, theirs) if ignore else ours == theirs


def _indent(text: str, count: int) -> str:
    if not text:
        return ""
    _bounded(len(text) + abs(count) * (text.count("\n") + 1))
    current_budget().consume_memory(_BYTES_A_CHARACTER * text.count("\n"))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    if count >= 0:
        lines = [" " * count + line for line in lines]
    else:
        lines = [line[min(-count, len(line) - len(line.lstrip(_WHITE))) :] for line in lines]
    return "".join(f"{line}\n" for line in lines)


_WHITE = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \u1680\u2028\u2029\u205f\u3000" + "".join(
    map(chr, [*range(0x2000, 0x2007), *range(0x2008, 0x200B)])
)


def _of_characters(_: Any, array: Array | None, start: int = 0, count: int | None = None) -> str:
    if array is None:
        raise JavaError("NullPointerException")
    units = [item.value for item in array.values]
    count = len(units) if count is None else count
    if start < 0 or count < 0 or start > len(units) - count:
        raise _out_of_bounds(f"offset {start}, count {count}, length {len(units)}")
    return from_units("".join(units[start : start + count]))


def _value_of(_: Any, value: Any) -> str | None:
    """`String.valueOf`; null for an object whose `toString` gives null."""
    own: Callable[[], str | None] | None = getattr(value, "java_string", None)
    return java_string(value) if own is None else own()


def _format(_: Any, pattern: Any, values: Array | None) -> str:
    return java_format(_text(pattern), None if values is None else values.values)


_CHARSETS = {
    "UTF8": "utf-8",
    "USASCII": "ascii",
    "ASCII": "ascii",
    "ISO88591": "latin-1",
    "LATIN1": "latin-1",
    "UTF16BE": "utf-16-be",
    "UTF16LE": "utf-16-le",
    "UTF16": "utf-16-be",
}


def _encoded(text: str, charset: Any) -> Array:
    name = re.sub("[-_]", "", _text(charset)).upper()
    if name not in _CHARSETS:
        raise JavaError("UnsupportedEncodingException", _text(charset))
    mark = "\ufeff" if name == "UTF16" and text else ""
    return _bytes(mark + text, _CHARSETS[name])


def _code_point_before(text: str, index: int) -> int:
    units = to_units(text)
    if not 1 <= index <= len(units):
        raise _out_of_bounds(f"index {index}, length {len(units)}")
    return ord(from_units(units[max(index - 2, 0) : index])[-1])


def _offset_by_code_points(text: str, index: int, offset: int) -> int:
    units = to_units(text)
    if not 0 <= index <= len(units):
        raise JavaError("IndexOutOfBoundsException")
    points = from_units(units[index:] if offset >= 0 else units[:index])
    if abs(offset) > len(points):
        raise JavaError("IndexOutOfBoundsException")
    if offset >= 0:
        return index + _length(points[:offset])
    return index - _length(points[offset:])


_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "s": " ", "t": "\t", "'": "'", '"': '"', "\\": "\\", "\n": ""}
_ESCAPE = re.compile(r"\\([0-3][0-7]{0,2}|[4-7][0-7]?|\r\n|[\s\S]?)")


def _translate_escapes(text: str) -> str:
    def translated(match: "re.Match[str]") -> str:
        escape = match.group(1)
        if escape[:1].isdigit() and escape[:1] < "8":
            return chr(int(escape, 8))
        if escape in ("\r", "\r\n"):
            return ""
        if escape not in _ESCAPES:
            raise JavaError("IllegalArgumentException", f"Invalid escape sequence: \\{escape}")
        return _ESCAPES[escape]

    return _ESCAPE.sub(translated, text)


def _strip_indent(text: str) -> str:
    if not text:
        return ""
    lines = re.split("\r\n|\r|\n", text)
    counted = [line for line in lines if line.strip(_WHITE)]
    if not lines[-1].strip(_WHITE):
        counted.append(lines[-1])
    common = min((len(line) - len(line.lstrip(_WHITE)) for line in counted), default=0)
    return "\n".join(line[common:].rstrip(_WHITE) if line.strip(_WHITE) else "" for line in lines)


def _needs_more_than_null(*_: Any) -> Any:
    raise JavaError("NullPointerException")


STRING: Methods = {
    "length": [("", _length)],
    "isEmpty": [("", lambda text: not text)],
    "isBlank": [("", lambda text: not text.strip(_WHITE))],
    "charAt": [("i", _char_at)],
    "codePointAt": [("i", _code_point_at)],
    "substring": [("i", _substring), ("ii", _substring)],
    "subSequence": [("ii", _substring)],
    "indexOf": [("i", _index_of), ("S", _index_of), ("ii", _index_of), ("Si", _index_of)],
    "lastIndexOf": [("i", _last_index_of), ("S", _last_index_of), ("ii", _last_index_of), ("Si", _last_index_of)],
    "contains": [("Q", lambda text, other: _text(other) in text)],
    "startsWith": [("S", _starts_with), ("Si", _starts_with)],
    "endsWith": [("S", lambda text, suffix: text.endswith(_text(suffix)))],
    "equalsIgnoreCase": [("S", _equals_ignore_case)],
    "contentEquals": [("Q", lambda text, other: text == _text(other))],
    "compareTo": [("S", _compare), ("O", lambda _, other: _wrong_class(other, "String"))],
    "compareToIgnoreCase": [("S", _compare_ignore_case)],
    "concat": [("S", _concat)],
    "replace": [("cc", _replace_char), ("QQ", _replace)],
    "replaceAll": [("SS", lambda text, pattern, new: patterns.replace(text, _text(pattern), new))],
    "replaceFirst": [("SS", lambda text, pattern, new: patterns.replace(text, _text(pattern), new, first=True))],
    "matches": [("S", lambda text, pattern: patterns.matches(text, _text(pattern)))],
    "split": [("S", _split), ("Si", _split)],
    "toLowerCase": [("", _to_lower), ("X", _needs_more_than_null)],
    "toUpperCase": [("", _to_upper), ("X", _needs_more_than_null)],
    "trim": [("", lambda text: text.strip(_SPACES))],
    "strip": [("", _strip)],
    "stripLeading": [("", lambda text: text.lstrip(_WHITE))],
    "stripTrailing": [("", lambda text: text.rstrip(_WHITE))],
    "repeat": [("i", _repeat)],
    "intern": [("", lambda text: text)],
    "indent": [("i", _indent)],
    "toCharArray": [("", _char_array)],
    "getBytes": [("", _bytes), ("X", lambda *_: None), ("S", _encoded)],
    "codePointCount": [("ii", lambda text, start, end: len(_substring(text, start, end)))],
    "regionMatches": [
        ("iSii", lambda text, *rest: _region_matches(text, False, *rest)),
        ("ziSii", _region_matches),
    ],
    "valueOf": [("Vii", _of_characters), ("X", _value_of), ("c", _value_of), ("c*", _of_characters), ("O", _value_of)],
    "copyValueOf": [("Vii", _of_characters), ("c*", _of_characters)],
    "join": [("QX", lambda *_: None), ("QT", _join), ("QQ*", _join)],
    "format": [("XSO*", lambda of, _, *given: _format(of, *given)), ("SO*", _format)],
    "formatted": [("O*", lambda text, values: _format(None, text, values))],
    "codePointBefore": [("i", _code_point_before)],
    "offsetByCodePoints": [("ii", _offset_by_code_points)],
    "compare": [("QQ", lambda _, left, right: _compare(_text(left), right))],
    "stripIndent": [("", _strip_indent)],
    "translateEscapes": [("", _translate_escapes)],
    "transform": [("X", _needs_more_than_null)],
}


def _wrong_class(value: Any, wanted: str) -> Any:
    raise JavaError("NullPointerException" if value is None else "ClassCastException", f"not a {wanted}")
