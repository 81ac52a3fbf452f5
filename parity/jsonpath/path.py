"""JSONPath as Jayway JsonPath evaluates it: the expressions of `$input.path()` and `$input.json()`.

https://github.com/json-path/JsonPath; API Gateway's templates use it, and its answers differ from RFC 9535's.
"""

from functools import lru_cache
from typing import Any

from parity.jsonpath.compiler import compile_path
from parity.jsonpath.tokens import (
    CompiledPath,
    InvalidPathError,
    JsonPathError,
    PathNotFoundError,
    PropertyToken,
)

__all__ = ["InvalidPathError", "JsonPath", "JsonPathError", "PathNotFoundError", "compile_json_path"]


class JsonPath:
    """A compiled expression.

    Args:
        expression: such as `$.pets[0].name`; one without `$` is taken to begin there: `pets` is `$.pets`.

    Raises:
        InvalidPathError: the expression is not JSONPath.
    """

    __slots__ = ("_path", "_simple", "expression")

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self._path = compile_path(expression)
        self._simple = _simple_steps(self._path)

    @property
    def definite(self) -> bool:
        """Whether the expression selects one value at most; otherwise it selects a list."""
        return self._path.definite

    def read(self, document: Any) -> Any:
        """What the expression selects.

        Args:
            document: a JSON value.

        Raises:
            PathNotFoundError: a definite expression selects nothing.
            JsonPathError: a function or filter cannot be applied to this document.
        """
        if self._simple is None:
            return self._path.value(document, document)
        value = document
        for step in self._simple:
            if not isinstance(value, dict) or step not in value:
                raise PathNotFoundError(f"{self.expression} selects nothing")
            value = value[step]
        return value


def _simple_steps(path: CompiledPath) -> tuple[str, ...] | None:
    """The names of a path that consists of single properties only, else None."""
    steps: list[str] = []
    for token in path.tokens[1:]:
        if not isinstance(token, PropertyToken) or len(token.names) != 1:
            return None
        steps.append(token.names[0])
    return tuple(steps)


@lru_cache(maxsize=1024)
def compile_json_path(expression: str) -> JsonPath:
    """The compiled form of an expression, remembered between requests.

    Raises:
        InvalidPathError: the expression is not JSONPath.
    """
    return JsonPath(expression)
