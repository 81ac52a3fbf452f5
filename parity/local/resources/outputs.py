"""What AWS would answer when a resource is created: its id and the properties that it computes.

Types that other resources or a program's outputs usually depend on are described in the modules beside this one; any
other type gets what its class in the provider's SDK says it has.
"""

from __future__ import annotations

from typing import Any

from parity.local.program.records import ResourceRecord
from parity.local.resources import apigateway, compute, generic, messaging, network, other
from parity.local.resources.account import EmulatedAccount
from parity.local.resources.resource_context import ResourceContext

_COMPUTERS = {
    **apigateway.COMPUTERS,
    **compute.COMPUTERS,
    **messaging.COMPUTERS,
    **network.COMPUTERS,
    **other.COMPUTERS,
}


def computed_outputs(record: ResourceRecord, emulated_account: EmulatedAccount, given_id: str = "") -> dict[str, Any]:
    """The computed properties of a resource, in Pulumi's camelCase names, and its `id`.

    Args:
        record: the resource as it was registered.
        emulated_account: account, region and earlier resources.
        given_id: the id of a resource that exists already (imported or read), empty for a new one.
    """
    context = ResourceContext.of(record, emulated_account)
    computer = _COMPUTERS.get(record.type)
    own = computer(context) if computer else {}
    computed = generic.fill_in(context, own)
    if given_id:
        computed = _with_id(computed, str(computed["id"]), given_id)
    outputs = {name: value for name, value in computed.items() if name == "id" or record.inputs.get(name) is None}
    for name, value in own.items():
        given = record.inputs.get(name)
        if isinstance(value, dict) and isinstance(given, dict):
            outputs[name] = {**value, **given}  # an object has what was given, and what AWS adds
    return outputs


def _with_id(value: Any, made_up: str, given: str) -> Any:
    """`value` with the id that a resource really has, in its ARN and wherever else the made-up one stands."""
    if isinstance(value, str):
        return value.replace(made_up, given)
    if isinstance(value, dict):
        return {name: _with_id(item, made_up, given) for name, item in value.items()}
    return [_with_id(item, made_up, given) for item in value] if isinstance(value, list) else value
