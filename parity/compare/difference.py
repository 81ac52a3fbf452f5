"""Field by field: what the client sent, what each backend received, and where the three are not the same."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from parity.compare.received import ABSENT, Number, Received
from parity.compare.settings import Side


class _NoExpectation:
    """No value is the expected one."""

    def __repr__(self) -> str:
        return ""


NO_EXPECTATION = _NoExpectation()
"""What is `sent` of a difference between two answers, neither of which is the expected one."""

FieldKind = Literal["status", "answer", "answer header", "method", "path", "query", "header", "body"]


@dataclass(frozen=True, slots=True, order=True)
class Field:
    """One thing that is compared. `name` is that of a query string or header, or the place within the body."""

    kind: FieldKind
    name: str = ""

    def __str__(self) -> str:
        if self.kind == "query":
            return f"query string {self.name}"
        if self.kind in ("header", "answer header"):
            return f"{self.kind} {self.name}"
        if self.kind == "path" and self.name:
            return f"path parameter {self.name}"
        return f"{self.kind}{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One backend did not receive what the client sent. `reason` is None where no rule explains it."""

    side: Side
    field: Field
    sent: Any
    received: Any
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field that is not the same for the client and both backends, with a deviation for each backend that differs.

    `received` has the value of each backend that answered; for the status, `sent` is what the case calls for. It is
    NO_EXPECTATION where two routes are compared with each other alone.
    """

    field: Field
    sent: Any
    received: Mapping[Side, Any]
    deviations: tuple[Deviation, ...]

    @property
    def between_backends(self) -> bool:
        """Whether the two backends differ from each other, and not only both from the client."""
        values = list(self.received.values())
        return len(values) > 1 and not same(values[0], values[1])

    @property
    def explained(self) -> bool:
        """Whether every deviation has its reason."""
        return all(deviation.reason is not None for deviation in self.deviations)

    @property
    def reason_by_side(self) -> dict[Side, str | None]:
        """The reason of each backend that deviates, None where no rule explains it."""
        return {deviation.side: deviation.reason for deviation in self.deviations}

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons of its deviations, each once."""
        return tuple(dict.fromkeys(d.reason for d in self.deviations if d.reason is not None))


def same(left: Any, right: Any) -> bool:
    """Whether two JSON values are the same: numbers by value to their last digit, truth values only as themselves."""
    if _is_number(left) and _is_number(right):
        if _is_nan(left) or _is_nan(right):
            return _is_nan(left) and _is_nan(right)
        return _decimal(left) == _decimal(right)
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and bool(left == right)


def compare_fields(sent: Received, received: Mapping[Side, Received]) -> Iterator[tuple[Field, Any, dict[Side, Any]]]:
    """Every field that is not the same everywhere, as (field, value sent, value by backend)."""
    for field, value in _fields(sent, received):
        values = {side: _value(of, field) for side, of in received.items()}
        if not all(same(value, other) for other in values.values()):
            yield field, value, values
    bodies = {side: of.body for side, of in received.items()}
    for place, value, values in value_differences("", sent.body, bodies):
        yield Field("body", place), value, values


def _fields(sent: Received, received: Mapping[Side, Received]) -> Iterator[tuple[Field, Any]]:
    everyone = [sent, *received.values()]
    yield Field("method"), sent.method
    yield Field("path"), sent.path
    for name in dict.fromkeys(name for of in everyone for name in of.query):
        yield Field("query", name), sent.query.get(name, ABSENT)
    for name in dict.fromkeys(name for of in everyone for name in of.headers):
        spelled = sent.header_names.get(name) or name.title()
        yield Field("header", spelled), sent.headers.get(name, ABSENT)


def _value(of: Received, field: Field) -> Any:
    if field.kind == "query":
        return of.query.get(field.name, ABSENT)
    if field.kind == "header":
        return of.headers.get(field.name.lower(), ABSENT)
    return of.method if field.kind == "method" else of.path


def value_differences(place: str, sent: Any, values: dict[Side, Any]) -> Iterator[tuple[str, Any, dict[Side, Any]]]:
    """Where JSON values are not the same, as (place, value sent, value by backend). Descends as
    long as sent and received have the same shape, so that the smallest differing part is reported."""
    everyone = [sent, *values.values()]
    if all(isinstance(value, dict) for value in everyone):
        for key in dict.fromkeys(key for value in everyone for key in value):
            deeper = {side: value.get(key, ABSENT) for side, value in values.items()}
            yield from value_differences(f"{place}.{key}", sent.get(key, ABSENT), deeper)
    elif all(isinstance(value, list) and len(value) == len(everyone[0]) for value in everyone):
        for index, value in enumerate(sent):
            deeper = {side: received[index] for side, received in values.items()}
            yield from value_differences(f"{place}[{index}]", value, deeper)
    elif not all(same(sent, value) for value in values.values()):
        yield place, sent, values


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _decimal(value: Any) -> Decimal:
    return Decimal(value.text if isinstance(value, Number) else repr(value))
