"""The resources of a program, to be found by type and by what they refer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from parity.local.program.records import ResourceRecord


class ResourceIndex:
    """An index over a program's resources.

    Args:
        records: the resources in the order in which they were registered.
    """

    def __init__(self, records: Iterable[ResourceRecord]) -> None:
        self.records: list[ResourceRecord] = []
        self._by_type: dict[str, list[ResourceRecord]] = {}
        self._by_identity: dict[tuple[str, str], ResourceRecord] = {}
        for record in records:
            self.add(record)

    def add(self, record: ResourceRecord) -> None:
        """Adds a resource that was registered after the others."""
        self.records.append(record)
        self._by_type.setdefault(record.type, []).append(record)
        for identity in (record.id, record.outputs.get("arn"), record.outputs.get("name")):
            if isinstance(identity, str) and identity:
                self._by_identity.setdefault((record.type, identity), record)

    def of_type(self, *types: str) -> list[ResourceRecord]:
        """The resources of these types, in the order of the types, then of their registration."""
        return [record for type_ in types for record in self._by_type.get(type_, ())]

    def find(self, identity: str, *types: str) -> ResourceRecord | None:
        """The resource of one of these types whose id, ARN or name is `identity`."""
        found = (self._by_identity.get((type_, identity)) for type_ in types)
        return next((record for record in found if record is not None), None)

    def grouped(self, type_: str, *names: str) -> dict[tuple[str, ...], list[ResourceRecord]]:
        """The resources of a type by the values of the inputs `names`."""
        groups: dict[tuple[str, ...], list[ResourceRecord]] = {}
        for record in self._by_type.get(type_, ()):
            key = tuple(text(record.inputs, name) for name in names)
            groups.setdefault(key, []).append(record)
        return groups


def text(properties: Mapping[str, Any], name: str, default: str = "") -> str:
    """A property as text."""
    value = properties.get(name)
    return default if value is None else str(value)


def optional_text(properties: Mapping[str, Any], name: str) -> str | None:
    """A property as text, None when it is absent or empty."""
    value = properties.get(name)
    return None if value in (None, "") else str(value)


def texts(properties: Mapping[str, Any], name: str) -> dict[str, str]:
    """A property that maps text to text, without what is null."""
    return {key: str(value) for key, value in (properties.get(name) or {}).items() if value is not None}


def number(properties: Mapping[str, Any], name: str) -> float | None:
    """A property as a number; None when it is absent or negative, which is how the provider says unset."""
    value = properties.get(name)
    return None if value is None or float(value) < 0 else float(value)


def whole_number(properties: Mapping[str, Any], name: str) -> int | None:
    """A property as a whole number; None when it is absent or negative."""
    value = number(properties, name)
    return None if value is None else int(value)
