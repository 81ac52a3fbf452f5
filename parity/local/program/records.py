"""A resource that a Pulumi program registered, as it travels from the worker process to the one that serves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields
from typing import Any

from parity.local.program.older_python import dataclass

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key by which Pulumi's wire format marks an object as something else than a plain object."""
ASSET = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a marker of the wire format, not a password
RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT_VALUE = "d0e6a833031e9bbcd3f4e8bde6ca49a4"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceRecord:
    """One registered resource.

    `inputs` and `outputs` have Pulumi's camelCase names; `outputs` holds the inputs too, as a provider's answer does.
    Secrets are unwrapped, `secrets` names the properties that are one. Assets and archives keep the marked objects of
    Pulumi's wire format. `property_dependencies` holds the URNs that an input was computed from, by the input's name.
    `declared_in` is `file:line` of the program's statement, empty when it is unknown.
    """

    type: str
    name: str
    urn: str
    id: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    custom: bool = True
    parent: str = ""
    provider: str = ""
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    declared_in: str = ""

    @property
    def declared_by(self) -> str:
        """The name under which the program's author knows the resource, such as `aws.apigateway.Method "GET /"`."""
        package, _, rest = self.type.partition(":")
        module, _, cls = rest.rpartition(":")
        module = module.partition("/")[0].replace("index", "")
        where = f" ({self.declared_in})" if self.declared_in else ""
        return f'{".".join(part for part in (package, module, cls) if part)} "{self.name}"{where}'

    def to_json(self) -> dict[str, Any]:
        """The record as a JSON object."""
        return {name: getattr(self, name) for name in _FIELDS}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> ResourceRecord:
        """The record that `to_json` made `value` from."""
        sequences = {name: tuple(value[name]) for name in ("dependencies", "secrets")}
        by_property = {name: tuple(urns) for name, urns in value["property_dependencies"].items()}
        return cls(**{**value, **sequences, "property_dependencies": by_property})


_FIELDS = tuple(entry.name for entry in fields(ResourceRecord))
