"""JSON as API Gateway's templates read and print it: leniently in, compactly out.

API Gateway evaluates `$input` with the Jayway JsonPath library on top of json-smart: what it prints for arrays and for
`{statusCode: 200}` without quotes is that library's. So a text that is not strict JSON is read the lenient way:
`abc` is the string `"abc"`, quotes may be single or missing, commas may be superfluous.
"""

import gc
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec

from parity.jsonpath.lenient_json import MAX_DEPTH, JsonTextError, LenientParser, java_number
from parity.velocity import java_string
from parity.velocity.budget import FREE_SIZE, current_budget, spend
from parity.velocity.java.collections import items_of
from parity.velocity.java.comparison import value_of

__all__ = ["JsonTextError", "depth_of", "has_unusual_floats", "parse_json", "parse_strictly", "to_json"]

_CHARACTERS_A_STEP: Final = 20
_LONG: Final = 64 * 1024
_STEPS_A_VALUE: Final = 6
_BYTES_A_CHARACTER: Final = 8
"""What the values of a JSON text take in memory, for each character of it: some 8 for usual ones."""
_ESCAPED_BEYOND_ASCII: Final = re.compile("[\x7f-\x9f\u2000-\u20ff]")
_ESCAPED_IN_STRINGS: Final = re.compile('["\\\\\x00-\x1f\x7f-\x9f\u2000-\u20ff]')
_SHORT_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_PRINTED_OTHERWISE: Final = re.compile(r"[.eE](?:(?<=[0-9][eE])|(?<=[0-9]{8}\.)|(?<=[0-9]\.)[0-9]{9}|(?<=0\.)00)")
_ENCODER: Final = msgspec.json.Encoder()


class NotStrictError(ValueError):
    """The text is not JSON by RFC 8259, or holds what Python's numbers cannot."""


def _reject_constant(name: str) -> Any:
    raise NotStrictError(name)


_DECODER: Final = msgspec.json.Decoder()
_EXACT_DECODER: Final = msgspec.json.Decoder(float_hook=java_number)
_SLOW_DECODER: Final = json.JSONDecoder(parse_constant=_reject_constant)
_SLOW_EXACT_DECODER: Final = json.JSONDecoder(parse_float=java_number, parse_constant=_reject_constant)
"""Take what the quick ones do not, such as half a surrogate pair and `1e999`, and say where a text stops being JSON."""


class CollectorPaused:
    """Pauses Python's search for cycles while a text is parsed: there are none, and it takes most of the time.

    Args:
        size: the length of the text; nothing is paused for a short one.
    """

    __slots__ = ("_pauses",)

    def __init__(self, size: int) -> None:
        self._pauses = size > _LONG and gc.isenabled()

    def __enter__(self) -> None:
        if self._pauses:
            gc.disable()

    def __exit__(self, *_: object) -> None:
        if self._pauses:
            gc.enable()


def parse_strictly(text: str) -> Any:
    """The value of a JSON text by RFC 8259; floating-point numbers keep the digits that Java keeps.

    Raises:
        ValueError: the text is not JSON, or is nested too deeply.
    """
    return parse_with_floats(text)[0]


def parse_with_floats(text: str) -> tuple[Any, bool]:
    """As `parse_strictly`, and what `has_unusual_floats` says of the text."""
    size = len(text)
    if size > FREE_SIZE:
        budget = current_budget()
        budget.consume(size // _CHARACTERS_A_STEP)
        budget.consume_memory(size * _BYTES_A_CHARACTER)
    unusual_floats = has_unusual_floats(text)
    try:
        with CollectorPaused(size):
            try:
                value = (_EXACT_DECODER if unusual_floats else _DECODER).decode(text)
            except (msgspec.MsgspecError, UnicodeEncodeError):
                value = (_SLOW_EXACT_DECODER if unusual_floats else _SLOW_DECODER).decode(text)
    except RecursionError as error:
        raise JsonTextError(f"nested more than {MAX_DEPTH} levels deep", 0) from error
    if size > MAX_DEPTH and text.count("[") + text.count("{") > MAX_DEPTH and depth_of(value) > MAX_DEPTH:
        raise JsonTextError(f"nested more than {MAX_DEPTH} levels deep", 0)
    return value, unusual_floats


def parse_json(text: str) -> Any:
    """The value of a text as API Gateway's JSON library reads it: strict JSON, else leniently.

    Args:
        text: the text, such as a request body.

    Returns:
        dict, list, str, int, float, Decimal for what a double does not hold, bool or None. The last of several members
        of the same name counts.

    Raises:
        JsonTextError: not even the lenient reading succeeds, for instance `{"a": 1`.
    """
    try:
        return parse_strictly(text)
    except JsonTextError:
        raise
    except ValueError:
        return LenientParser(text).parse()


def depth_of(value: Any) -> int:
    """How many containers are nested in each other, at most; a scalar has depth 0."""
    depth = 0
    level = [value]
    while level := [item for item in level if isinstance(item, (dict, list))]:
        depth += 1
        level = [inner for item in level for inner in (item.values() if isinstance(item, dict) else item)]
    return depth


def has_unusual_floats(text: str) -> bool:
    """Whether a strict JSON text may hold a floating-point number that Python prints otherwise than Java.

    They agree from 0.01 to below 10,000,000 with fifteen digits at most. A cheap test that errs on the side of True.
    """
    return _PRINTED_OTHERWISE.search(text) is not None


def to_json(value: Any, *, escape_slash: bool = False, unusual_floats: bool | None = None) -> str:
    """JSON text without white space, printed as json-smart prints it.

    Control characters, U+007F to U+009F and U+2000 to U+20FF are escaped; everything else stands as it is.

    Args:
        value: what `parse_json` returned, or such values nested in each other.
        escape_slash: print `/` as `\\/`, as a list does when it is printed as text (`$input.path('$.list')`).
        unusual_floats: whether Python may print a number in it otherwise than Java; None to find out.
    """
    if _has_float(value) if unusual_floats is None else unusual_floats:
        text = _print(value)
    else:
        try:
            text = _ENCODER.encode(value).decode()
        except (TypeError, UnicodeEncodeError):  # a value of Java's, which a template put there; half a surrogate pair
            text = _print(value)
        if not text.isascii() or "\x7f" in text or "\\u00" in text:
            text = _print(value)
    return text.replace("/", "\\/") if escape_slash else text


def _has_float(value: Any) -> bool:
    """Whether a number is in there that Python prints otherwise than Java."""
    kind = type(value)
    if kind is str or kind is int:
        return False
    if kind is dict:
        spend(1 + len(value))
        return any(map(_has_float, value.values()))
    if isinstance(value, list):
        spend(1 + len(value))
        return any(map(_has_float, value))
    return not (value is None or kind is bool)


def _escape(match: "re.Match[str]") -> str:
    character = match.group()
    return _SHORT_ESCAPES.get(character) or f"\\u{ord(character):04X}"


def _print_string(value: str) -> str:
    return '"' + _ESCAPED_IN_STRINGS.sub(_escape, value) + '"'


def _print(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return _print_string(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return "null"
    if isinstance(value, Mapping):
        spend(_STEPS_A_VALUE * (1 + len(value)))
        members = [_print_string(java_string(value_of(key))) + ":" + _print(item) for key, item in value.items()]
        return "{" + ",".join(members) + "}"
    if (items := items_of(value)) is not None:
        spend(_STEPS_A_VALUE * (1 + len(items)))
        return "[" + ",".join([_print(item) for item in items]) + "]"
    return java_string(value) if isinstance(value, (int, float, Decimal)) else _print_string(java_string(value))
