"""`$util`: the helper functions of mapping templates.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#util-template-reference
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final
from urllib.parse import quote_plus, unquote_plus

from parity.jsonpath.json_text import parse_json, parse_strictly
from parity.jsonpath.values import template_value
from parity.velocity import HostObject, java_string

_JAVASCRIPT_SPECIAL: Final = re.compile("[\\\\\"'/\x00-\x1f]|[^\x00-\x7f]")
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
    return unquote_plus(_text(value), errors="replace")


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

    Objects and arrays are read leniently, as `$input` reads them, but plain text is no JSON string here.
    """
    text = _text(value)
    try:
        return template_value(parse_json(text) if text.lstrip().startswith(("{", "[")) else parse_strictly(text))
    except ValueError:
        return ""


def _escape_javascript(_util: object, value: object) -> str:
    """`escape_javascript` as a method; most templates call it for every parameter."""
    return _JAVASCRIPT_SPECIAL.sub(_escaped, value if isinstance(value, str) else _text(value))


class UtilFunctions(HostObject):
    """`$util`, with AWS's names for the functions above."""

    java_methods: ClassVar[Mapping[str, Callable[..., object]]] = {
        "escapeJavaScript": _escape_javascript,
        "parseJson": lambda _self, value: parse_json_text(value),
        "urlEncode": lambda _self, value: url_encode(value),
        "urlDecode": lambda _self, value: url_decode(value),
        "base64Encode": lambda _self, value: base64_encode(value),
        "base64Decode": lambda _self, value: base64_decode(value),
    }
