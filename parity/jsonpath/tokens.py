"""The steps of a compiled JSONPath expression and how they are taken, as Jayway JsonPath takes them.

A step either continues with each value it selects or, as the last one, adds it to the results. A definite path
(`$.a[0]`) has one result at most; an indefinite one (`..`, `*`, slices, unions, filters) answers a list.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from parity.jsonpath.values import JsonArray
from parity.velocity.budget import spend

STEPS_A_TOKEN: Final = 4
STEPS_A_FILTER: Final = 20


class JsonPathError(Exception):
    """A JSONPath expression that cannot be compiled or evaluated."""


class InvalidPathError(JsonPathError):
    """An expression that is not JSONPath, or a filter that compares what cannot be compared."""


class PathNotFoundError(JsonPathError):
    """The document does not hold what a definite path names."""


@dataclass(slots=True)
class Evaluation:
    """One evaluation of a path. With `require_properties` a missing last property is an error, not an empty result."""

    root: Any
    require_properties: bool = False
    results: list[Any] = field(default_factory=list)


class Token:
    """A step. `following` is the next step, None at the end."""

    definite = True
    following: "Token | None" = None
    upstream_definite = True

    def evaluate(self, model: Any, evaluation: Evaluation) -> None:
        """Applies the step to a value."""
        raise NotImplementedError

    def proceed(self, value: Any, evaluation: Evaluation) -> None:
        """Hands a selected value on, to the next step or to the results."""
        if self.following is None:
            evaluation.results.append(value)
        else:
            self.following.evaluate(value, evaluation)

    def matches_in_scan(self, _model: Any, _evaluation: Evaluation) -> bool:
        """Whether `..` applies this step to a value that it comes across."""
        return False


class RootToken(Token):
    """`$` or `@`."""

    def evaluate(self, model: Any, evaluation: Evaluation) -> None:
        self.proceed(model, evaluation)


class PropertyToken(Token):
    """`.name`, `['name']` or `['one', 'two']`; the last makes one object of them at the end of a path."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)

    @property
    def definite(self) -> bool:  # type: ignore[override]
        """Whether the step selects one value."""
        return len(self.names) == 1 or self.following is None

    def evaluate(self, model: Any, evaluation: Evaluation) -> None:
        if not isinstance(model, dict):
            if self.upstream_definite:
                raise PathNotFoundError(f"{self.names} of what is not an object")
        elif len(self.names) == 1:
            self._one(self.names[0], model, evaluation)
        elif self.following is None:
            self._merged(model, evaluation)
        else:
            for name in self.names:
                self._one(name, model, evaluation)

    def _one(self, name: str, model: dict[str, Any], evaluation: Evaluation) -> None:
        if name in model:
            self.proceed(model[name], evaluation)
        elif self.following is None:
            if evaluation.require_properties:
                raise PathNotFoundError(name)
        elif evaluation.require_properties or (self.upstream_definite and self.definite):
            raise PathNotFoundError(name)

    def _merged(self, model: dict[str, Any], evaluation: Evaluation) -> None:
        if evaluation.require_properties and not all(name in model for name in self.names):
            raise PathNotFoundError(str(self.names))
        evaluation.results.append({name: model[name] for name in self.names if name in model})

    def matches_in_scan(self, model: Any, _evaluation: Evaluation) -> bool:
        return isinstance(model, dict) and (not self.definite or all(name in model for name in self.names))


class ArrayToken(Token):
    """A step into an array."""

    def indexes(self, length: int) -> Sequence[int]:
        """The indexes to select in an array of that length, negative ones counted from its end."""
        raise NotImplementedError

    def evaluate(self, model: Any, evaluation: Evaluation) -> None:
        if not isinstance(model, list):
            if self.upstream_definite:
                raise PathNotFoundError("an index of what is not an array")
            return
        length = len(model)
        indexes = self.indexes(length)
        spend(STEPS_A_TOKEN * len(indexes))
        for index in indexes:
            if -length <= index < length:
                self.proceed(model[index], evaluation)

    def matches_in_scan(self, model: Any, _evaluation: Evaluation) -> bool:
        return isinstance(model, list)


class IndexToken(ArrayToken):
    """`[0]`, `[-1]` or `[0, 2]`."""

    def __init__(self, indexes: Sequence[int]) -> None:
        self._indexes = tuple(indexes)
        self.definite = len(self._indexes) == 1

    def indexes(self, _length: int) -> Sequence[int]:
        return self._indexes


class SliceToken(ArrayToken):
    """`[1:3]`, `[1:]` or `[:3]`; with both ends a negative start counts from the end only if the other does too."""

    definite = False

    def __init__(self, start: int | None, stop: int | None) -> None:
        self._start = start
        self._stop = stop

    def indexes(self, length: int) -> Sequence[int]:
        start, stop = self._start, self._stop
        if start is not None and stop is not None:
            return range(start, min(length, stop))
        start, stop = start or 0, length if stop is None else stop
        return range(max(0, start + length if start < 0 else start), min(length, stop + length if stop < 0 else stop))


class WildcardToken(Token):
    """`*`: every value of an object, every item of an array."""

    definite = False

    def evaluate(self, model: Any, evaluation: Evaluation) -> None:
        if isinstance(model, (dict, list)):
            spend(STEPS_A_TOKEN * len(model))
        if isinstance(model, dict):
            for value in model.values():
                self.proceed(value, evaluation)
        elif isinstance(model, list):
            for item in model:
                try:
                    self.proceed(item, evaluation)
                except PathNotFoundError:
                    if evaluation.require_properties:
                        raise

    def matches_in_scan(self, _model: Any, _evaluation: Evaluation) -> bool:
        return True


class ScanToken(Token):
    """`..`: the step after it, applied to the value and everything in it, outside first."""

    definite = False

    def evaluate(self, model: Any, evaluation: Evaluation) -> None:
        target = self.following
        if target is not None:
            self._walk(target, model, evaluation)

    def _walk(self, target: Token, model: Any, evaluation: Evaluation) -> None:
        if not isinstance(model, (dict, list)):
            return
        spend(STEPS_A_TOKEN * (1 + len(model)))
        if target.matches_in_scan(model, evaluation):
            if isinstance(model, list):
                _apply_in_array(target, model, evaluation)
            else:
                target.evaluate(model, evaluation)
        for value in model.values() if isinstance(model, dict) else model:
            self._walk(target, value, evaluation)


def _apply_in_array(target: Token, items: list[Any], evaluation: Evaluation) -> None:
    """Applies the step after `..` to an array. Jayway skips it, and takes the step after it with every item, unless
    it is the last step, or the one before a last property or wildcard.

    What Jayway 2.9.0 loses of `..*.name` and `..[1:].name`, which depends on what it evaluated before, is kept here.
    """
    following = target.following
    is_last = following is None or following.following is None
    if following is None or (is_last and isinstance(following, (PropertyToken, WildcardToken))):
        target.evaluate(items, evaluation)
        return
    spend(STEPS_A_TOKEN * len(items))
    for item in items:
        following.evaluate(item, evaluation)


Predicate = Callable[[Any, Any], bool]
"""A filter: whether it accepts a value, given the value and the root of the document."""


class FilterToken(Token):
    """`[?(...)]`: the items of an array, or the object, that a predicate accepts."""

    definite = False

    def __init__(self, predicate: Predicate) -> None:
        self._predicate = predicate

    def _accepts(self, model: Any, evaluation: Evaluation) -> bool:
        spend(STEPS_A_FILTER)
        try:
            return self._predicate(model, evaluation.root)
        except InvalidPathError:
            return False

    def evaluate(self, model: Any, evaluation: Evaluation) -> None:
        if isinstance(model, dict):
            if self._accepts(model, evaluation):
                self.proceed(model, evaluation)
        elif isinstance(model, list):
            for item in model:
                if self._accepts(item, evaluation):
                    self.proceed(item, evaluation)
        elif self.upstream_definite:
            raise InvalidPathError("a filter of what is neither an object nor an array")

    def matches_in_scan(self, model: Any, evaluation: Evaluation) -> bool:
        return self._accepts(model, evaluation)


class CompiledPath:
    """A path, ready to be evaluated.

    Args:
        tokens: the steps, the first of which is the root.
        root: whether the path begins with `$`; within a filter `@` stands for the value that is looked at.
    """

    def __init__(self, tokens: Sequence[Token], *, root: bool) -> None:
        self.tokens = tuple(tokens)
        self.is_root = root
        upstream = True
        for token, following in zip(self.tokens, (*self.tokens[1:], None), strict=True):
            token.following = following
            token.upstream_definite = upstream
            upstream = upstream and token.definite
        self.definite = upstream

    def value(self, document: Any, root: Any, *, require_properties: bool = False) -> Any:
        """What the path selects: one value if it is definite, else a list.

        Raises:
            PathNotFoundError: a definite path selects nothing.
            JsonPathError: a filter or function cannot be applied.
        """
        evaluation = Evaluation(root, require_properties)
        self.tokens[0].evaluate(document, evaluation)
        if not self.definite:
            return JsonArray(evaluation.results)
        if not evaluation.results:
            raise PathNotFoundError("no results")
        return evaluation.results[-1]
