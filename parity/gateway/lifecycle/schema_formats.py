"""The keyword `format` of JSON schemas, as API Gateway's validator checks it: json-schema-validator of fge.

A format that it does not know, such as `date` or `int32`, takes every value.
https://github.com/fge/json-schema-validator
"""

import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from parity.gateway.lifecycle.ecma_patterns import EcmaPatternError, translated

_DATE_TIME: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d{1,3})?(?:[Zz]|[+-](\d\d)(?::?(\d\d)(?::?\d\d)?)?)", re.ASCII
)
_ATOM: Final = r"[!#$%&'*+\-./0-9=?A-Z^_`a-z{|}~]+"
_ADDRESS: Final = rf'(?:"[^"\\]+"|{_ATOM})@(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[^\[\]]*\])'
_EMAIL: Final = re.compile(rf"\s*(?:{_ADDRESS}|[^<>,;:@\"()]*<{_ADDRESS}>)\s*")
_LABEL: Final = re.compile(r"(?![-_])[^\x00-,./:-@\[-^`{-\x7f]{1,63}(?<![-_])")
_UUID: Final = re.compile(r"[0-9A-Fa-f]+(?:-[0-9A-Fa-f]+){4}")
_POINTER: Final = re.compile(r"(?:/(?:[^/~]|~[01])*)*", re.DOTALL)
_MAC: Final = re.compile(r"[0-9A-Za-z]{2}(?::[0-9A-Za-z]{2}){5}")
_NOT_IN_URI: Final = re.compile(r'[\x00-\x20"<>\\^`{|}\x7f-\xa0\u2000-\u200a\u2028\u2029\u3000]|%(?![0-9A-Fa-f]{2})')
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]*")
_HEX_DIGITS: Final = {"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128}


def format_error(name: str, value: str) -> str | None:
    """What is wrong with a string by a format, in the validator's words; None if it fits, or the format is unknown.

    Args:
        name: the value of the schema's `format`.
        value: the string.
    """
    check = _CHECKS.get(name)
    if check is not None:
        holds, message = check
        return None if holds(value) else message.replace("%s", value)
    if name == "base64":
        return _base64_error(value)
    return _digits_error(value, _HEX_DIGITS[name]) if name in _HEX_DIGITS else None


def _is_date_time(value: str) -> bool:
    match = _DATE_TIME.fullmatch(value)
    if match is None:
        return False
    year, month, day, hour, minute, second = (int(match[index]) for index in range(1, 7))
    try:
        datetime(year or 4, month, day, hour, minute, second)
    except ValueError:
        return False
    return int(match[7] or 0) < 24 and int(match[8] or 0) < 60


def _is_hostname(value: str) -> bool:
    labels = value.removesuffix(".").split(".")
    return len(value) <= 253 and all(map(_LABEL.fullmatch, labels)) and not labels[-1][0].isdigit()


def _is_ipv4(value: str) -> bool:
    try:
        return bool(ipaddress.IPv4Address(value))
    except ValueError:
        return False


def _is_ipv6(value: str) -> bool:
    try:
        address = ipaddress.IPv6Address(value)
    except ValueError:
        return False
    return address.ipv4_mapped is None and "%" not in value


def _is_uri(value: str) -> bool:
    """Whether `java.net.URI` takes it; a relative reference too."""
    text, _, fragment = value.partition("#")
    if _NOT_IN_URI.search(value) or "#" in fragment:
        return False
    scheme, colon, rest = text.partition(":")
    if not colon or re.search(r"[/?]", scheme):
        rest = text
    elif not _SCHEME.fullmatch(scheme) or not rest:
        return False
    elif not rest.startswith("/"):
        return True
    hierarchy = rest.partition("?")[0]
    if hierarchy.startswith("//"):
        authority, slash, path = hierarchy[2:].partition("/")
        if not authority and not slash:
            return False
        return "[" not in path and "]" not in path and authority.count("[") == authority.count("]")
    return "[" not in hierarchy and "]" not in hierarchy


def _is_pattern(value: str) -> bool:
    try:
        return bool(translated(value)) or not value
    except EcmaPatternError:
        return False


def _base64_error(value: str) -> str | None:
    if len(value) % 4:
        return f"input has illegal length (must be a multiple of 4, found {len(value)})"
    padding = 2 if value.endswith("==") else 1 if value.endswith("=") else 0
    text = value[: len(value) - padding]
    match = _BASE64.match(text)
    end = match.end() if match else 0
    return None if end == len(text) else f'illegal character "{text[end]}" at index {end} (not in Base64 alphabet)'


def _digits_error(value: str, length: int) -> str | None:
    if len(value) != length:
        return f"input string has incorrect length ({len(value)}, expected {length})"
    wrong = re.search(r"[^0-9A-Fa-f]", value)
    return f'illegal character "{wrong[0]}" in input at index {wrong.start()}' if wrong else None


_CHECKS: Final[Mapping[str, tuple[Callable[[str], bool], str]]] = {
    "date-time": (
        _is_date_time,
        'string "%s" is invalid against requested date format(s)'
        " [yyyy-MM-dd'T'HH:mm:ssZ, yyyy-MM-dd'T'HH:mm:ss.SSSZ]",
    ),
    "email": (lambda value: _EMAIL.fullmatch(value) is not None, 'string "%s" is not a valid email address'),
    "hostname": (_is_hostname, 'string "%s" is not a valid hostname'),
    "ipv4": (_is_ipv4, 'string "%s" is not a valid IPv4 address'),
    "ipv6": (_is_ipv6, 'string "%s" is not a valid IPv6 address'),
    "uri": (_is_uri, 'string "%s" is not a valid URI'),
    "regex": (_is_pattern, 'string "%s" is not a valid ECMA 262 regular expression'),
    "uuid": (lambda value: _UUID.fullmatch(value) is not None, 'input string "%s" is not a valid UUID'),
    "json-pointer": (
        lambda value: _POINTER.fullmatch(value) is not None,
        'input string "%s" is not a valid JSON Pointer',
    ),
    "mac": (lambda value: _MAC.fullmatch(value) is not None, 'input string "%s" is not a valid MAC address'),
}
