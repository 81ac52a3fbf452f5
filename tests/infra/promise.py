"""A promise about the stack: what it says, how it is checked, and one way to break it."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tests.infra.harness import Deployed, Resource


@dataclass(frozen=True, slots=True)
class Promise:
    """`violations` names what breaks the promise; `break_it` changes a stack with both backends to break it."""

    text: str
    violations: Callable[[Deployed], Iterable[str]]
    break_it: Callable[[Deployed], None]


def statements(document: str) -> list[dict[str, Any]]:
    """The statements of an IAM policy document."""
    found: list[dict[str, Any]] = json.loads(document)["Statement"]
    return found


def listed(value: Any) -> list[Any]:
    """A value that IAM lets stand alone, as a list."""
    return value if isinstance(value, list) else [value]


def container(deployed: Deployed) -> dict[str, Any]:
    """The only container of the only task definition."""
    definitions = json.loads(deployed.one("ecs/taskDefinition:TaskDefinition").inputs["containerDefinitions"])
    assert len(definitions) == 1
    found: dict[str, Any] = definitions[0]
    return found


def change_container(deployed: Deployed, **changes: Any) -> None:
    """Changes the container of the task definition."""
    task = deployed.one("ecs/taskDefinition:TaskDefinition")
    task.inputs["containerDefinitions"] = json.dumps([{**container(deployed), **changes}])


def name_of(resource: Resource) -> str:
    """The name that AWS knows a mocked resource by."""
    return str(resource.inputs.get("name") or f"{resource.name}-1234567")


def setter(token: str, **changes: Any) -> Callable[[Deployed], None]:
    """A way to break a promise: changes inputs of the first resource of a type."""

    def change(deployed: Deployed) -> None:
        deployed.of(token)[0].inputs.update(changes)

    return change


def each(token: str, wrong: Callable[[dict[str, Any]], bool]) -> Callable[[Deployed], list[str]]:
    """The check that no resource of a type is wrong."""

    def violations(deployed: Deployed) -> list[str]:
        return [resource.name for resource in deployed.of(token) if wrong(resource.inputs)]

    return violations
