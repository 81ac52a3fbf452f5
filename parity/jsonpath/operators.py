"""The values that a JSONPath filter compares, and its operators, with Jayway's notions of equality and order."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from parity.jsonpath.cursor import unescape
from parity.jsonpath.json_text import JsonTextError, parse_json
from parity.jsonpath.tokens import InvalidPathError, JsonPathError
from parity.velocity import java_string
from parity.velocity.budget import spend
from parity.velocity.java.patterns import matches


@dataclass(frozen=True, slots=True)
class Literal:
    """A string, boolean or null."""

    value: str | bool | None


@dataclass(frozen=True, slots=True)
class Number:
    """A number, with the digits that it was written with."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Json:
    """An object or array of the document."""

    value: Any


@dataclass(frozen=True, slots=True)
class UnparsedJson:
    """An object or array that stands in the filter."""

    text: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression of Java's, `/.../i`, with its flags as `(?i)` before it."""

    source: str


@dataclass(frozen=True, slots=True)
class Undefined:
    """What a path that selects nothing stands for. It equals nothing, not even itself."""


Node = Literal | Number | Json | UnparsedJson | Pattern | Undefined
UNDEFINED: Final = Undefined()
_LARGEST_SIZE: Final = 2**31 - 1
_STEPS_AN_ITEM: Final = 5


def number_node(text: str) -> Number:
    """The number that `text` stands for.

    Raises:
        InvalidPathError: it does not stand for one.
    """
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise InvalidPathError(f"{text!r} is not a number") from error
    if not value.is_finite():
        raise InvalidPathError(f"{text!r} is not a number")
    return Number(value)


def string_literal(text: str) -> Literal:
    """The string that `text` stands for: without the quotes around it, if it has any, and its escapes resolved."""
    if len(text) < 2:
        return Literal(text)
    if text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    return Literal(unescape(text))


def node_of(value: Any) -> Node:
    """What a value of the document is compared as."""
    if value is None or isinstance(value, (str, bool)):
        return Literal(value)
    if isinstance(value, (int, float, Decimal)):
        try:
            return number_node(java_string(value))
        except InvalidPathError as error:
            raise JsonPathError(f"{value} cannot be compared") from error
    return Json(value)


def _list_item_node(value: Any) -> Node:
    """What an item of a list is compared as. A string may have quotes around it, or be JSON."""
    if isinstance(value, str):
        stripped = value.strip()
        if len(stripped) > 1 and stripped[0] + stripped[-1] in ("[]", "{}"):
            return UnparsedJson(value)
        return string_literal(value)
    if isinstance(value, (dict, list)):
        raise JsonPathError("a list in a filter holds an object or list")
    return node_of(value)


def _parsed(node: Json | UnparsedJson) -> Any:
    if isinstance(node, Json):
        return node.value
    try:
        return parse_json(node.text)
    except JsonTextError as error:
        raise JsonPathError(f"{node.text} is not JSON") from error


def _items(node: Node) -> list[Node] | None:
    """The items of a list; None where it is an object.

    Raises:
        InvalidPathError: the node is neither.
    """
    if not isinstance(node, (Json, UnparsedJson)):
        raise InvalidPathError("expected a list")
    value = _parsed(node)
    spend(_STEPS_AN_ITEM * len(value))
    return [_list_item_node(item) for item in value] if isinstance(value, list) else None


def _same(left: Any, right: Any) -> bool:
    """Equality of JSON values as Java's collections have it: 1, 1.0 and true all differ."""
    if isinstance(left, (dict, list)):
        spend(_STEPS_AN_ITEM * (1 + len(left)))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(value, right[key]) for key, value in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    return type(left) is type(right) and bool(left == right)


def _text(node: Node) -> str | None:
    if isinstance(node, Number):
        return str(node.value)
    return node.value if isinstance(node, Literal) and isinstance(node.value, str) else None


def _number(node: Node) -> Decimal | None:
    if isinstance(node, Number):
        return node.value
    try:
        return Decimal(_text(node) or "")
    except InvalidOperation:
        return None


def _node_equals(left: Node, right: Node) -> bool:
    """`left.equals(right)`: numbers equal strings that look like them, in the way of the left one's kind."""
    if isinstance(left, Number):
        number = _number(right)
        return number is not None and number == left.value
    if isinstance(left, Literal) and isinstance(left.value, str):
        return _text(right) == left.value
    if isinstance(left, Literal):
        return isinstance(right, Literal) and left.value is right.value
    if isinstance(left, UnparsedJson):
        return isinstance(right, UnparsedJson) and left.text == right.text
    if isinstance(left, Json):
        return isinstance(right, Json) and _same(left.value, right.value)
    return isinstance(left, Pattern) and left is right


def _equal(left: Node, right: Node) -> bool:
    if isinstance(left, (Json, UnparsedJson)) and isinstance(right, (Json, UnparsedJson)):
        return left is right or _same(left.value if isinstance(left, Json) else left.text, _parsed(right))
    return _node_equals(left, right)


def _kind(node: Node) -> object:
    if isinstance(node, Literal):
        return type(node.value)
    return Json if isinstance(node, UnparsedJson) else type(node)


def _type_safe_equal(left: Node, right: Node) -> bool:
    return _kind(left) is _kind(right) and _equal(left, right)


def _compare(left: Node, right: Node, test: Callable[[Any, Any], bool]) -> bool:
    if isinstance(left, Number) and isinstance(right, Number):
        return test(left.value, right.value)
    if isinstance(left, Number) or isinstance(right, Number):
        return False
    texts = _text(left), _text(right)
    return None not in texts and test(*texts)


def _contains(nodes: list[Node], wanted: Node) -> bool:
    spend(_STEPS_AN_ITEM * len(nodes))
    return any(_node_equals(wanted, node) for node in nodes)


def _in(left: Node, right: Node) -> bool:
    nodes = _items(right)
    return nodes is not None and _contains(nodes, left)


def _contains_operator(left: Node, right: Node) -> bool:
    if isinstance(left, (Json, UnparsedJson)):
        nodes = _items(left)
        return nodes is not None and _contains(nodes, right)
    if isinstance(left, Literal) and isinstance(left.value, str) and isinstance(right, Literal):
        return isinstance(right.value, str) and right.value in left.value
    return False


def _size(left: Node, right: Node) -> bool:
    if not isinstance(right, Number):
        return False
    expected = int(right.value) if abs(right.value) <= _LARGEST_SIZE else None
    if isinstance(left, (Json, UnparsedJson)):
        value = _parsed(left)
        return (len(value) if isinstance(value, list) else -1) == expected
    return isinstance(left, Literal) and isinstance(left.value, str) and len(left.value) == expected


def _empty(left: Node, right: Node) -> bool:
    if isinstance(left, (Json, UnparsedJson)):
        value = _parsed(left)
        if isinstance(value, dict):
            raise JsonPathError("EMPTY of an object")
        empty = not value
    elif isinstance(left, Literal) and isinstance(left.value, str):
        empty = not left.value
    else:
        return False
    if not isinstance(right, Literal) or not isinstance(right.value, bool):
        raise InvalidPathError("EMPTY needs true or false")
    return empty is right.value


def _regex_input(node: Node) -> str:
    if isinstance(node, Literal) and isinstance(node.value, bool):
        return "true" if node.value else "false"
    return _text(node) or ""


def _matches(left: Node, right: Node) -> bool:
    if isinstance(left, Pattern) == isinstance(right, Pattern):
        return False
    if isinstance(right, Pattern):
        left, right = right, left
    return isinstance(left, Pattern) and _matches_pattern(left.source, right)


def _matches_pattern(pattern: str, other: Node) -> bool:
    if isinstance(other, (Json, UnparsedJson)) and isinstance(_parsed(other), list):
        return any(matches(_regex_input(node), pattern) for node in _items(other) or ())
    return matches(_regex_input(other), pattern)


def _all_of(_left: Node, _right: Node) -> bool:
    raise InvalidPathError("a list that stands in a filter cannot be the right side of ALL")


def _no_class(_left: Node, _right: Node) -> bool:
    raise InvalidPathError("TYPE and MATCHES need what cannot be written in a filter")


def _subset_of(left: Node, right: Node) -> bool:
    of, items = _items(right), _items(left)
    return of is not None and items is not None and all(_contains(of, item) for item in items)


def _any_of(left: Node, right: Node) -> bool:
    of, items = _items(right), _items(left)
    return of is not None and items is not None and any(_contains(of, item) for item in items)


def _none_of(left: Node, right: Node) -> bool:
    of, items = _items(right), _items(left)
    return of is not None and items is not None and not any(_contains(of, item) for item in items)


OPERATORS: Final[dict[str, Callable[[Node, Node], bool]]] = {
    "==": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "===": _type_safe_equal,
    "!==": lambda left, right: not _type_safe_equal(left, right),
    "<": lambda left, right: _compare(left, right, lambda a, b: a < b),
    "<=": lambda left, right: _compare(left, right, lambda a, b: a <= b),
    ">": lambda left, right: _compare(left, right, lambda a, b: a > b),
    ">=": lambda left, right: _compare(left, right, lambda a, b: a >= b),
    "=~": _matches,
    "IN": _in,
    "NIN": lambda left, right: not _in(left, right),
    "CONTAINS": _contains_operator,
    "ALL": _all_of,
    "SIZE": _size,
    "EMPTY": _empty,
    "TYPE": _no_class,
    "MATCHES": _no_class,
    "SUBSETOF": _subset_of,
    "ANYOF": _any_of,
    "NONEOF": _none_of,
}
