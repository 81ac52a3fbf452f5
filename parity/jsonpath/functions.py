"""The functions of JSONPath: `length()`, `min()`, `concat()` and so on, with the results that Jayway gives."""

import math
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from parity.jsonpath.tokens import (
    CompiledPath,
    Evaluation,
    InvalidPathError,
    JsonPathError,
    Token,
    WildcardToken,
)
from parity.jsonpath.values import copied
from parity.velocity import java_string
from parity.velocity.budget import current_budget, spend
from parity.velocity.java.text import MAX_TEXT

Parameter = CompiledPath | list[Any]
"""An argument of a function: a path, or a JSON value in a list of one."""

_STEPS_AN_ITEM: Final = 3
_SMALLEST_DOUBLE: Final = 5e-324
_LARGEST_DOUBLE: Final = 1.7976931348623157e308


class FunctionToken(Token):
    """`name(...)` at the end of a path."""

    def __init__(self, name: str, parameters: Sequence[Parameter]) -> None:
        self.name = name
        self.parameters = list(parameters)
        if name in ("length", "size") and parameters and isinstance(parameters[0], CompiledPath):
            self.parameters[0] = _Children(parameters[0])

    def evaluate(self, model: Any, evaluation: Evaluation) -> None:
        function = FUNCTIONS.get(self.name)
        if function is None:
            raise InvalidPathError(f"there is no function {self.name}()")
        result = function(model, self.parameters, evaluation.root)
        evaluation.results.append(result)
        if self.following is not None:
            self.following.evaluate(result, evaluation)


class KeyNames(list[str]):
    """What `keys()` answers: a Java set, which prints as `[a, b]`, not as JSON."""


class _Children(CompiledPath):
    """The path of what is in the value that a path selects, since `length($.a)` looks at that.

    Jayway takes it for definite if the path was, and so ends up with the last child alone.
    """

    def __init__(self, path: CompiledPath) -> None:
        is_function = isinstance(path.tokens[-1], FunctionToken)
        steps = path.tokens if is_function or len(path.tokens) == 1 else (*path.tokens, WildcardToken())
        definite = path.definite
        super().__init__(steps, root=path.is_root)
        self.definite = definite


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _parameter_values(parameters: Sequence[Parameter], root: Any) -> Iterator[Any]:
    """The parameters' values; a path that selects an array stands for its items."""
    for parameter in parameters:
        value = parameter.value(root, root) if isinstance(parameter, CompiledPath) else parameter[0]
        if isinstance(value, list):
            spend(_STEPS_AN_ITEM * len(value))
            yield from value
        else:
            yield value


def _numbers(model: Any, parameters: Sequence[Parameter], root: Any) -> list[float]:
    spend(_STEPS_AN_ITEM * (len(model) if isinstance(model, list) else 1))
    values = [*(model if isinstance(model, list) else ()), *_parameter_values(parameters, root)]
    numbers = [float(value) for value in values if _is_number(value)]
    if not numbers:
        raise JsonPathError("there is no number to aggregate")
    return numbers


def _minimum(model: Any, parameters: Sequence[Parameter], root: Any) -> float:
    return min([*_numbers(model, parameters, root), _LARGEST_DOUBLE])


def _maximum(model: Any, parameters: Sequence[Parameter], root: Any) -> float:
    """The largest number. It begins at the smallest positive double, so negative numbers alone give that one."""
    return max([*_numbers(model, parameters, root), _SMALLEST_DOUBLE])


def _sum(model: Any, parameters: Sequence[Parameter], root: Any) -> float:
    total = 0.0
    for number in _numbers(model, parameters, root):
        total += number
    return total


def _average(model: Any, parameters: Sequence[Parameter], root: Any) -> float:
    return _sum(model, parameters, root) / len(_numbers(model, parameters, root))


def _standard_deviation(model: Any, parameters: Sequence[Parameter], root: Any) -> float:
    numbers = _numbers(model, parameters, root)
    count = float(len(numbers))
    total = squares = 0.0
    for number in numbers:
        total += number
        squares += number * number
    variance = squares / count - total * total / count / count
    return math.sqrt(variance) if variance >= 0 else math.nan


def _length(model: Any, parameters: Sequence[Parameter], _root: Any) -> int | None:
    """The number of items or members; with a path as parameter, of what `_Children` finds, if that is a list."""
    if parameters and isinstance(parameters[0], CompiledPath):
        inner = parameters[0].value(model, model)
        if isinstance(inner, list):
            return len(inner)
    return len(model) if isinstance(model, (list, dict)) else None


def _concatenate(model: Any, parameters: Sequence[Parameter], root: Any) -> str:
    spend(_STEPS_AN_ITEM * (len(model) if isinstance(model, list) else 1))
    texts = [item for item in model if isinstance(item, str)] if isinstance(model, list) else []
    values = [copied(value) for value in _parameter_values(parameters, root) if value is not None]
    budget = current_budget()
    text = budget.joined([*texts, *map(java_string, values)], MAX_TEXT)
    budget.consume_text(text)
    return text


def _keys(model: Any, _parameters: Sequence[Parameter], _root: Any) -> KeyNames | None:
    return KeyNames(model) if isinstance(model, dict) else None


def _append(model: Any, parameters: Sequence[Parameter], root: Any) -> Any:
    """The array itself, which is longer from now on, as in Jayway."""
    if isinstance(model, list):
        for item in parameters:
            model.append(item.value(root, root) if isinstance(item, CompiledPath) else copied(item[0]))
    return model


def _item(model: Any, index: int) -> Any:
    if not isinstance(model, list):
        raise JsonPathError("an item of what is not an array")
    position = index if index >= 0 else index + len(model)
    if (index < 0 and position <= 0) or position >= len(model):
        raise JsonPathError(f"there is no item {index}")
    return model[position]


def _index(model: Any, parameters: Sequence[Parameter], root: Any) -> Any:
    numbers = [int(value) for value in _parameter_values(parameters, root) if _is_number(value)]
    if not numbers:
        raise JsonPathError("index() needs a number")
    return _item(model, numbers[0])


FUNCTIONS: Final[dict[str, Callable[[Any, Sequence[Parameter], Any], Any]]] = {
    "avg": _average,
    "stddev": _standard_deviation,
    "sum": _sum,
    "min": _minimum,
    "max": _maximum,
    "concat": _concatenate,
    "length": _length,
    "size": _length,
    "append": _append,
    "keys": _keys,
    "first": lambda model, _parameters, _root: _item(model, 0),
    "last": lambda model, _parameters, _root: _item(model, -1),
    "index": _index,
}
