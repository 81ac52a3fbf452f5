"""`$util`: the helper functions of mapping templates.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#util-template-reference
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any, ClassVar, Final
from urllib.parse import quote_plus, unquote_plus

from parity.jsonpath.json_text import parse_json, parse_strictly
from parity.jsonpath.values import template_value
from parity.velocity import Budget, HostObject, java_string
from parity.velocity.budget import current_budget
from parity.velocity.errors import LimitError
from parity.velocity.java.text import MAX_TEXT

_JAVASCRIPT_SPECIAL: Final = re.compile("[\\\\\"'/\x00-\x1f\x80-\U0010ffff]")
_JAVASCRIPT_ESCAPES: Final = {
    "\\": "\\\\",
    '"': '\\"',
    "'": "\\'",
    "/": "\\/",
    "\b": "\\b",
    "\n": "\\n",
    "\t": "\\t",
    "\f": "\\f",
    "\r": "\\r",
}
_LONG: Final = 200
"""From how many characters on a text's conversion is measured; a shorter one costs no more than its step."""
_STEPS_A_PERCENT: Final = 4
_AT_ONCE: Final = 65_536
_NOT_BASE64: Final = re.compile(r"[^A-Za-z0-9+/]")


def _escaped(match: "re.Match[str]") -> str:
    character = match.group()
    escape = _JAVASCRIPT_ESCAPES.get(character)
    if escape is not None:
        return escape
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02X}{units[at + 1]:02X}" for at in range(0, len(units), 2))


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else java_string(value)


def escape_javascript(value: object) -> str:
    """The text with JavaScript's escapes, as Apache Commons Lang 2 writes them: `'` as `\\'`, `/` as `\\/`.

    Everything beyond U+007F and the control characters become `\\uXXXX`, a UTF-16 unit each. Null is the empty string.
    """
    return _JAVASCRIPT_SPECIAL.sub(_escaped, _text(value))


def url_encode(value: object) -> str:
    """Form encoding in UTF-8, as a browser's: `+` for a space; letters, digits and `*-._` as they are."""
    return quote_plus(_text(value), safe="*", errors="replace").replace("~", "%7E")


def url_decode(value: object) -> str:
    """The reverse of `url_encode`; bytes that are not UTF-8 become U+FFFD."""
    text = _text(value)
    current_budget().require(_STEPS_A_PERCENT * text.count("%"))
    return unquote_plus(text, errors="replace")


def base64_encode(value: object) -> str:
    """Base64, without line breaks, of the text in UTF-8."""
    return base64.b64encode(_text(value).encode("utf-8", "replace")).decode("ascii")


def base64_decode(value: object) -> str:
    """The text whose UTF-8 bytes are given in Base64, in the standard or the URL-safe alphabet, padded or not.

    What is not Base64 is skipped, as Apache Commons Codec does.
    """
    letters = _NOT_BASE64.sub("", _text(value).partition("=")[0].replace("-", "+").replace("_", "/"))
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    try:
        return base64.b64decode(letters + "=" * (-len(letters) % 4)).decode("utf-8", "replace")
    except binascii.Error:
        return ""


def parse_json_text(value: object) -> Any:
    """The value of a JSON text as templates see it; the empty string if it is not JSON, or null.

    Objects and arrays are read leniently, as `$input` reads them, but plain text is not a JSON string.
    """
    text = _text(value)
    try:
        return template_value(parse_json(text) if text.lstrip().startswith(("{", "[")) else parse_strictly(text))
    except ValueError:
        return ""


def _in_pieces(function: Callable[[str], str], text: str, budget: Budget) -> str:
    """A long text converted piece by piece, so that the budget can end it."""
    pieces = []
    size = 0
    for start in range(0, len(text), _AT_ONCE):
        started = perf_counter()
        pieces.append(function(text[start : start + _AT_ONCE]))
        budget.consume_time(started)
        size += len(pieces[-1])
        if size > MAX_TEXT:
            raise LimitError(f"a string is longer than {MAX_TEXT} characters")
    return "".join(pieces)


def _metered(function: Callable[[str], Any], *, by_pieces: bool = False) -> Callable[[object, object], Any]:
    """A function as a method of `$util` that draws on the current budget."""

    def call(_util: object, value: object) -> Any:
        text = value if isinstance(value, str) else _text(value)
        if len(text) <= _LONG:
            return function(text)
        budget = current_budget()
        started = perf_counter()
        if by_pieces and len(text) > _AT_ONCE:
            result: Any = _in_pieces(function, text, budget)
        else:
            result = function(text)
            budget.consume_time(started)
        if isinstance(result, str):
            budget.consume_text(result)
        return result

    return call


def _escape_javascript(_util: object, value: object) -> str:
    """`escape_javascript` as a method; most templates call it for every parameter."""
    if isinstance(value, str) and len(value) <= _LONG:
        return _JAVASCRIPT_SPECIAL.sub(_escaped, value)
    text: str = _escape_long(_util, value)
    return text


_escape_long: Final = _metered(escape_javascript, by_pieces=True)


class UtilFunctions(HostObject):
    """`$util`, with AWS's names for the functions above."""

    java_methods: ClassVar[Mapping[str, Callable[..., object]]] = {
        "escapeJavaScript": _escape_javascript,
        "parseJson": _metered(parse_json_text),
        "urlEncode": _metered(url_encode, by_pieces=True),
        "urlDecode": _metered(url_decode),
        "base64Encode": _metered(base64_encode),
        "base64Decode": _metered(base64_decode),
    }
