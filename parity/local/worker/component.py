"""What a provider plugin may do while it builds a component: register children, and look at what was registered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any, Protocol

from parity.local.program.older_python import dataclass
from parity.local.program.records import RESOURCE, SIGNATURE


class ComponentError(Exception):
    """A component's arguments do not fit; its text says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A registered resource: its URN, id and outputs, in camelCase with its inputs."""

    urn: str
    id: str
    outputs: Mapping[str, Any] = field(default_factory=dict)

    def reference(self) -> dict[str, Any]:
        """The resource as it is an output of a component on Pulumi's wire."""
        return {SIGNATURE: RESOURCE, "urn": self.urn, "id": self.id, "packageVersion": ""}


class Registrar(Protocol):
    """Registers the children of one component, in the order of the calls.

    `partition` and `region` are those of the AWS provider that the component hands to its children.
    """

    partition: str
    region: str

    def register(
        self, type_: str, name: str, inputs: Mapping[str, Any], depends_on: Iterable[Registered] = ()
    ) -> Registered:
        """Registers a custom resource whose parent is the component; inputs in camelCase, null ones left out."""
        ...

    def resource(self, reference: Any) -> Registered:
        """The resource behind a reference in the component's inputs.

        Raises:
            ComponentError: it is not a reference to a resource of this program.
        """
        ...


def is_reference(value: Any) -> bool:
    """Whether an input of a component is a resource."""
    return isinstance(value, Mapping) and value.get(SIGNATURE) == RESOURCE


def assume_role_policy(*services: str) -> str:
    """The policy by which AWS services may assume a role, as JSON."""
    statement = {"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def short_hash(text: str) -> str:
    """The eight hexadecimal digits that tell the resources of a component's routes apart."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:8]
