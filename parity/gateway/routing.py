"""Finds the method that a request is for: a tree of path segments, so that the cost is that of the path's length alone.

A literal segment beats `{param}`, which beats `{proxy+}`. A method that the best resource lacks is looked for on the
next best one: `OPTIONS /test` reaches `/{proxy+}` when `/test` has no OPTIONS and no ANY.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar
from urllib.parse import unquote

from msgspec import Struct

T = TypeVar("T")

_ANY: Final = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
"""The methods that ANY is for: all that API Gateway supports.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html
"""


@dataclass(slots=True)
class _Node(Generic[T]):
    """A segment of the tree. `greedy` and `parameter` are the children `{name+}` and `{name}`, with their names."""

    literals: dict[str, "_Node[T]"] = field(default_factory=dict)
    parameter: "tuple[str, _Node[T]] | None" = None
    greedy: "tuple[str, _Node[T]] | None" = None
    methods: dict[str, T] = field(default_factory=dict)


class Match(Struct, Generic[T], frozen=True):
    """What a path leads to; `parameters` are its path parameters as they came, percent-encoded."""

    route: T
    parameters: dict[str, str]


class Router(Generic[T]):
    """The routes of a REST API.

    Args:
        routes: (path of the resource, HTTP method or ANY, what to find there).
    """

    def __init__(self, routes: Iterable[tuple[str, str, T]]) -> None:
        self._root: _Node[T] = _Node()
        for path, http_method, route in sorted(routes, key=lambda declared: declared[1] == "ANY"):
            methods = self._node(path).methods
            for name in _ANY if http_method == "ANY" else (http_method,):
                methods.setdefault(name, route)

    def _node(self, path: str) -> _Node[T]:
        node = self._root
        for segment in path.strip("/").split("/") if path != "/" else ():
            if segment.startswith("{") and segment.endswith("+}"):
                node.greedy = node.greedy or (segment[1:-2], _Node())
                node = node.greedy[1]
            elif segment.startswith("{") and segment.endswith("}"):
                node.parameter = node.parameter or (segment[1:-1], _Node())
                node = node.parameter[1]
            else:
                node = node.literals.setdefault(segment, _Node())
        return node

    def match(self, http_method: str, path: str) -> Match[T] | None:
        """The route for a request.

        Args:
            http_method: in capitals.
            path: percent-encoded, without the stage; slashes at its ends count for nothing.

        Returns:
            None when no resource, or no method of a resource, fits.
        """
        trimmed = path.strip("/")
        segments = trimmed.split("/") if trimmed else []
        parameters: dict[str, str] = {}
        route = _find(self._root, segments, 0, http_method, parameters)
        return None if route is None else Match(route, parameters)


def _find(node: _Node[T], segments: list[str], index: int, http_method: str, parameters: dict[str, str]) -> T | None:
    if index == len(segments):
        return node.methods.get(http_method)
    segment = segments[index]
    child = node.literals.get(segment)
    if child is None and "%" in segment:
        child = node.literals.get(unquote(segment))
    if child is not None and (route := _find(child, segments, index + 1, http_method, parameters)):
        return route
    if node.parameter is not None and segment:
        name, child = node.parameter
        if route := _find(child, segments, index + 1, http_method, parameters):
            parameters[name] = segment
            return route
    if node.greedy is not None:
        name, child = node.greedy
        if route := child.methods.get(http_method):
            parameters[name] = "/".join(segments[index:])
            return route
    return None
