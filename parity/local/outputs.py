"""What AWS would answer when a resource is created: its id and the properties that it computes.

Types that other resources or a program's outputs usually depend on are described in `outputs_*`; any other type gets
what its class in the provider's SDK says it has.
"""

from typing import Any

from parity.local import (
    outputs_apigateway,
    outputs_compute,
    outputs_generic,
    outputs_network,
    outputs_other,
)
from parity.local.creation import Creation
from parity.local.records import ResourceRecord
from parity.local.surroundings import Surroundings

_COMPUTERS = {
    **outputs_apigateway.COMPUTERS,
    **outputs_compute.COMPUTERS,
    **outputs_network.COMPUTERS,
    **outputs_other.COMPUTERS,
}


def computed_outputs(record: ResourceRecord, surroundings: Surroundings, given_id: str = "") -> dict[str, Any]:
    """The computed properties of a resource, in Pulumi's camelCase names, and its `id`.

    Args:
        record: the resource as it was registered.
        surroundings: account, region and earlier resources.
        given_id: the id of a resource that exists already (imported or read), empty for a new one.
    """
    creation = Creation.of(record, surroundings)
    computer = _COMPUTERS.get(record.type)
    own = computer(creation) if computer else {}
    computed = outputs_generic.fill_in(creation, own)
    if given_id:
        computed = _with_id(computed, str(computed["id"]), given_id)
    return {name: value for name, value in computed.items() if name == "id" or record.inputs.get(name) is None}


def _with_id(value: Any, made_up: str, given: str) -> Any:
    """`value` with the id that a resource really has, in its ARN and wherever else the made-up one stands."""
    if isinstance(value, str):
        return value.replace(made_up, given)
    if isinstance(value, dict):
        return {name: _with_id(item, made_up, given) for name, item in value.items()}
    return [_with_id(item, made_up, given) for item in value] if isinstance(value, list) else value
