"""An AWS account in memory: what exists in it, what was done to it, and what it refuses."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from tests.engine import aws_resources
from tests.engine.aws_resources import LiveResource
from tests.engine.aws_rules import CHANGED_BY_UPDATE, DELETED_WITH, NAMED, NAMES_MAY_REPEAT, SINGLETONS
from tests.engine.property_values import Properties, revealed, strings

Operation = Literal["create", "update", "delete"]


class RefusedError(Exception):
    """AWS would refuse the request; the message says why."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was done to the account."""

    operation: Operation
    type: str
    name: str
    id: str

    @property
    def summary(self) -> str:
        """The change in short: `create Deployment`."""
        return f"{self.operation} {self.type.rpartition(':')[2]}"


@dataclass
class Account:
    """Resources by type and Pulumi id, and the changes in the order in which they were made.

    `singletons` are the properties of what AWS makes once an account, by type.
    """

    resources: dict[tuple[str, str], LiveResource] = field(default_factory=dict)
    singletons: dict[str, Properties] = field(
        default_factory=lambda: {key: dict(s[1]) for key, s in SINGLETONS.items()}
    )
    changes: list[Change] = field(default_factory=list)
    _deleted: dict[str, str] = field(default_factory=dict)
    _serial: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def create(self, token: str, urn: str, inputs: Properties) -> LiveResource:
        """Make a resource; RefusedError if its name is taken or something that it refers to is gone."""
        with self._lock:
            self._serial += 1
            plain = revealed(inputs)
            identifier = aws_resources.resource_id(token, plain, self._serial)
            self._refuse_taken_name(token, identifier, plain)
            self._refuse_gone_references(inputs, own=identifier)
            made = aws_resources.outputs(token, identifier, inputs, self._serial)
            if "arn" in made and identifier.startswith("arn:"):
                made["arn"] = identifier
            resource = LiveResource(token, urn, identifier, inputs, made)
            self.resources[token, identifier] = resource
            self._record("create", resource)
            return resource

    def update(self, token: str, identifier: str, inputs: Properties) -> LiveResource:
        """Change a resource in place; RefusedError if it, or something that it refers to, is gone."""
        with self._lock:
            self._refuse_gone_references(inputs)
            resource = self.find(token, identifier)
            self._refuse_another_vpc(resource, inputs)
            made = {name: value for name, value in resource.outputs.items() if name not in resource.inputs}
            plain = revealed(inputs)
            self._serial += 1
            again = aws_resources.outputs(token, identifier, inputs, self._serial)
            made |= {name: again[name] for name in CHANGED_BY_UPDATE.get(token, set())}
            made |= {"tagsAll": plain.get("tags", {})} if "tagsAll" in made else {}
            resource.inputs = inputs
            resource.outputs = made | {name: value for name, value in inputs.items() if name != "__defaults"}
            self._record("update", resource)
            return resource

    def delete(self, token: str, identifier: str) -> None:
        """Remove a resource; RefusedError while another one refers to it."""
        with self._lock:
            if (token, identifier) not in self.resources and any(token == gone for gone, _ in DELETED_WITH.values()):
                return  # as the provider takes what is gone for deleted
            resource = self.find(token, identifier)
            users = [other.urn for other in self._users_of(resource)]
            if users:
                raise RefusedError(f"DependencyViolation: {resource.urn} is in use by {', '.join(sorted(users))}")
            del self.resources[token, identifier]
            self._delete_with(resource)
            self._deleted |= dict.fromkeys(resource.references, resource.urn)
            self._record("delete", resource)

    def find(self, token: str, identifier: str) -> LiveResource:
        """The resource of this type and id; RefusedError if there is none."""
        if (token, identifier) not in self.resources and SINGLETONS.get(token, ("",))[0] == identifier:
            made = self.singletons[token]
            return LiveResource(token, "", identifier, made, made)
        if (token, identifier) not in self.resources:
            raise RefusedError(f"NotFound: there is no {token} {identifier}")
        return self.resources[token, identifier]

    def of_type(self, token: str) -> list[LiveResource]:
        """All resources of a type, given whole or by its class's name, oldest first."""
        return [item for item in self.resources.values() if token in (item.type, item.type.rpartition(":")[2])]

    def _record(self, operation: Operation, resource: LiveResource) -> None:
        self.changes.append(Change(operation, resource.type, resource.name, resource.id))

    def _delete_with(self, resource: LiveResource) -> None:
        """Removes what AWS removes together with a resource."""
        token, keys = DELETED_WITH.get(resource.type, ("", ()))
        gone = [
            key
            for key, other in self.resources.items()
            if other.type == token and all(other.inputs[name] == resource.inputs[name] for name in keys)
        ]
        for key in gone:
            del self.resources[key]

    def _users_of(self, resource: LiveResource) -> Iterator[LiveResource]:
        for other in self.resources.values():
            if other is not resource and any(_mentions(other.inputs, text) for text in resource.references):
                yield other

    def _refuse_taken_name(self, token: str, identifier: str, inputs: Properties) -> None:
        if (token, identifier) in self.resources:
            raise RefusedError(f"AlreadyExists: there is a {token} {identifier}")
        if token not in NAMED or token in NAMES_MAY_REPEAT:
            return
        key, _ = NAMED[token]
        name = str(inputs[key])
        if any(revealed(other.inputs.get(key)) == name for other in self.of_type(token)):
            raise RefusedError(f"AlreadyExists: there is a {token} named {name!r}")

    def _refuse_gone_references(self, inputs: Properties, own: str = "") -> None:
        for text, urn in self._deleted.items():
            if (
                text != own
                and _mentions(inputs, text)
                and not any(text in other.references for other in self.resources.values())
            ):
                raise RefusedError(f"NotFound: {text}, once {urn}, is gone")

    def _refuse_another_vpc(self, resource: LiveResource, inputs: Properties) -> None:
        """What stands in a VPC cannot be moved to another one, although its subnets can be changed."""
        before, after = self._vpcs_of(resource.inputs), self._vpcs_of(inputs)
        if before and after and before != after:
            raise RefusedError(f"InvalidParameter: {resource.urn} cannot be moved to another VPC")

    def _vpcs_of(self, inputs: Properties) -> set[str]:
        subnets = {subnet.id: subnet for subnet in self.of_type("aws:ec2/subnet:Subnet")}
        named = subnets.keys() & set(strings(revealed(inputs)))
        return {subnets[identifier].inputs["vpcId"] for identifier in named}


def _mentions(inputs: Properties, text: str) -> bool:
    """Whether some text in `inputs` holds `text`, as a whole name or as a part that ends where a name ends."""
    pattern = re.compile(rf"{re.escape(text)}(?![\w-])")
    return any(pattern.search(value) for value in strings(revealed(inputs)))
