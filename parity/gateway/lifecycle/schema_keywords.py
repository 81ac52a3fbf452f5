"""The keywords of JSON Schema draft-04 with their work bounded: each draws on the budget of its request."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from jsonschema import Draft4Validator, ValidationError
from jsonschema.validators import extend

from parity.velocity.budget import current_budget, spend
from parity.velocity.java.patterns import out_of_time

if TYPE_CHECKING:
    from regex import Pattern

_STEPS_A_KEYWORD: Final = 15
_STEPS_A_VALUE: Final = 6

Keyword = Callable[[Any, Any, Any, Any], Iterator[ValidationError] | None]
"""Yields what is wrong, given the validator, the keyword's value, the instance and the schema."""


@lru_cache(maxsize=512)
def compiled(pattern: str) -> "Pattern[str] | None":
    """An ECMA 262 expression, compiled; None where it is none."""
    import regex  # here, because most models have no pattern

    from parity.gateway.lifecycle.ecma_patterns import EcmaPatternError, translated

    try:
        return regex.compile(translated(pattern), regex.ASCII)
    except (EcmaPatternError, regex.error, OverflowError, RecursionError):
        return None


def _is_found(pattern: str, text: str) -> bool:
    from parity.gateway.lifecycle.ecma_patterns import utf_16_units

    expression = compiled(pattern)
    try:
        return expression is not None and bool(
            expression.search(utf_16_units(text), timeout=current_budget().seconds_left)
        )
    except TimeoutError:
        raise out_of_time(pattern) from None


def _pattern(_validator: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not _is_found(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _pattern_properties(
    validator: Any, patterns: Mapping[str, Any], instance: Any, _schema: Any
) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    for pattern, schema in patterns.items():
        spend(_STEPS_A_VALUE * len(instance))
        for name, value in instance.items():
            if _is_found(pattern, name):
                yield from validator.descend(value, schema, path=name, schema_path=pattern)


def additional_properties(instance: Mapping[str, Any], schema: Mapping[str, Any]) -> list[str]:
    """The names of an object's members that neither `properties` nor `patternProperties` of a schema names."""
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    spend(_STEPS_A_VALUE * len(instance) * (1 + len(patterns)))
    return [
        name for name in instance if name not in known and not any(_is_found(pattern, name) for pattern in patterns)
    ]


def _additional_properties(validator: Any, allowed: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    extra = additional_properties(instance, schema)
    if isinstance(allowed, dict):
        for name in extra:
            yield from validator.descend(instance[name], allowed, path=name)
    elif not allowed and extra:
        yield ValidationError(f"Additional properties are not allowed ({', '.join(map(repr, extra))})")


def _identity(value: Any) -> Any:
    """Something hashable that is equal for equal JSON values: 1 equals 1.0, but not true."""
    if isinstance(value, dict):
        spend(_STEPS_A_VALUE * (1 + len(value)))
        return "object", frozenset((name, _identity(item)) for name, item in value.items())
    if isinstance(value, list):
        spend(_STEPS_A_VALUE * (1 + len(value)))
        return "array", tuple(map(_identity, value))
    return (value,) if isinstance(value, bool) else value


def _unique_items(_validator: Any, unique: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if unique and isinstance(instance, list) and len(set(map(_identity, instance))) < len(instance):
        yield ValidationError(f"{instance!r} has non-unique elements")


def _format(_validator: Any, name: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if not isinstance(instance, str) or not isinstance(name, str):
        return
    from parity.gateway.lifecycle.schema_formats import format_error  # here, because most models have no format

    error = format_error(name, instance)
    if error is not None:
        yield ValidationError(error)


def _fits(validator: Any, schema: Any, instance: Any) -> bool:
    return next(iter(validator.descend(instance, schema)), None) is None


def _matches(validator: Any, schemas: Any, instance: Any) -> int:
    return sum([_fits(validator, schema, instance) for schema in schemas])


def _all_of(validator: Any, schemas: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    count = _matches(validator, schemas, instance)
    if count < len(schemas):
        matched = f"matched only {count} out of {len(schemas)}"
        yield ValidationError(f"instance failed to match all required schemas ({matched})")


def _any_of(validator: Any, schemas: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    for schema in schemas:
        if _fits(validator, schema, instance):
            return
    yield ValidationError(f"instance failed to match at least one required schema among {len(schemas)}")


def _one_of(validator: Any, schemas: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    count = _matches(validator, schemas, instance)
    if count != 1:
        matched = f"matched {count} out of {len(schemas)}"
        yield ValidationError(f"instance failed to match exactly one schema ({matched})")


def _metered(keyword: Keyword) -> Keyword:
    """A keyword that is charged for: at each use, and for the time that it takes."""

    def check(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        budget = current_budget()
        budget.consume(_STEPS_A_KEYWORD)
        started = perf_counter()
        for error in keyword(validator, value, instance, schema) or ():
            budget.consume_time(started)
            yield error
            started = perf_counter()
        budget.consume_time(started)

    return check


_KEYWORDS: Final[Mapping[str, Keyword]] = {
    **Draft4Validator.VALIDATORS,
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "uniqueItems": _unique_items,
    "format": _format,
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
}
BoundedValidator: Final = extend(  # type: ignore[no-untyped-call]
    Draft4Validator, {name: _metered(keyword) for name, keyword in _KEYWORDS.items()}
)
"""Draft-04 of JSON Schema, drawing on the current budget."""
