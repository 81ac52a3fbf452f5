"""Outputs of a resource type that nothing more is known of than its class in the provider's SDK."""

from __future__ import annotations

import importlib
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any

from pulumi import _types
from pulumi.runtime import rpc

from parity.local.resources.identity import HEXADECIMAL, dns_suffix_of, kebab, partition_of
from parity.local.resources.resource_context import ResourceContext

CREATED = "2025-01-01T00:00:00Z"
"""The creation time that every resource tells: the same each time, as everything else is."""


def fill_in(context: ResourceContext, known: Mapping[str, Any]) -> dict[str, Any]:
    """`known`, with the other properties that the resource's class promises to have."""
    outputs = dict(known)
    properties = _promised_properties(context.record.type)
    outputs.setdefault("id", _id(context, properties))
    for name, kind in properties.items():
        if name not in outputs and context.inputs.get(name) is None:
            outputs[name] = _plausible(context, name, kind, outputs)
    return outputs


@cache
def _promised_properties(type_token: str) -> Mapping[str, Any]:
    """The outputs of a type that are never null, by name, with their Python types; empty for an unknown type."""
    package, _, rest = type_token.partition(":")
    module_name, _, _ = rest.rpartition(":")
    module = rpc.get_resource_module(package, module_name, "")
    if module is None:
        return {}
    information = getattr(module, "mod_info", {})
    class_name = information.get("classes", {}).get(type_token)
    if class_name is None:
        return {}
    cls = getattr(importlib.import_module(information["fqn"]), class_name)
    names = _types.resource_py_to_pulumi_names(cls)
    types = _types.resource_types(cls)
    return {
        names[name]: types.get(names[name])
        for name, member in vars(cls).items()
        if isinstance(member, property) and name in names and _is_promised(member)
    }


def _is_promised(member: property) -> bool:
    annotation = getattr(member.fget, "__annotations__", {}).get("return")
    arguments = typing.get_args(annotation)
    return bool(arguments) and type(None) not in typing.get_args(arguments[0])


def _id(context: ResourceContext, properties: Mapping[str, Any]) -> str:
    if "name" in properties:
        return context.name()
    return f"{kebab(context.record.type.rpartition(':')[2])}-{context.token(17, HEXADECIMAL)}"


def _plausible(context: ResourceContext, name: str, kind: Any, outputs: Mapping[str, Any]) -> Any:
    """A value for the property `name` that looks as AWS's would."""
    service = context.record.type.partition(":")[2].partition("/")[0]
    label = context.record.type.rpartition(":")[2]
    if kind is not str:
        return _plausible_by_type(context, name, kind)
    fixed = {
        "name": context.name() if kind is str else None,
        "region": context.region,
        "ownerId": context.account_id,
        "registryId": context.account_id,
        "accountId": context.account_id,
        "partition": partition_of(context.region),
        "status": "ACTIVE",
        "state": "ACTIVE",
    }
    if name in fixed:
        return fixed[name]
    if name == "arn" or name.endswith("Arn"):
        resource = outputs["id"] if name == "arn" else f"{outputs['id']}/{kebab(name[:-3])}"
        return context.arn(service, f"{kebab(label)}/{resource}")
    if name.endswith("Id"):
        return _identity(name, context)
    if name.endswith(("Url", "Uri", "endpoint", "Endpoint")):
        return f"https://{outputs['id']}.{service}.{context.region}.{dns_suffix_of(context.region)}"
    if name.endswith(("dnsName", "DnsName", "domainName", "DomainName")):
        return f"{outputs['id']}.{service}.{context.region}.{dns_suffix_of(context.region)}"
    if name.endswith(("Date", "Time", "At")):
        return CREATED
    return ""


def _identity(name: str, context: ResourceContext, salt: str = "") -> str:
    """An id as EC2's are, for a property such as `privateSubnetId`: `subnet-` and seventeen hexadecimal digits."""
    kind = kebab(name.removesuffix("Id")).rpartition("-")[2]
    return f"{kind}-{context.token(17, HEXADECIMAL, salt=name + salt)}"


def _plausible_by_type(context: ResourceContext, name: str, kind: Any) -> Any:
    if name == "tagsAll":
        default = context.emulated_account.default_tags_of(context.record.provider)
        return {**default, **(context.inputs.get("tags") or {})}
    if kind is bool:
        return False
    if kind in (int, float):
        return 0
    origin = typing.get_origin(kind)
    if origin is not None and issubclass(origin, typing.Mapping):
        return {}
    if origin is not None:
        return [_identity(name[:-1], context, str(index)) for index in range(2)] if name.endswith("Ids") else []
    return None
