"""What each integration costs, as the report shows it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parity.compare.report.cost import Cost
    from parity.compare.settings import Side
    from parity.local.program.records import ResourceRecord

NETWORKED = ("aws:ecs/", "aws:lb/", "aws:ec2/", "aws:ecr/")
"""The types of what is there for the container alone: its service, load balancer, network and image."""


def costs_of(resources: "Sequence[ResourceRecord]") -> "dict[Side, Cost]":
    """What each integration costs when it alone answers, by the resources that a program registered.

    Args:
        resources: what the program registered; nothing is known of a deployed API's.
    """
    from parity.cli.cost_model import cost_lines, methods_of, read_prices
    from parity.compare.report.cost import Cost
    from parity.compare.settings import Side
    from parity.local.program.resource_index import ResourceIndex
    from parity.local.rest_api.rest_apis import rest_apis

    prices = read_prices()
    note = f"On-demand prices of {prices.region}, {prices.date}, without free tiers, if every request comes here."
    kinds = {Side.LAMBDA: "AWS", Side.HTTP: "HTTP"}
    costs = {}
    for side, kind in kinds.items():
        own = _without(resources, set(kinds.values()) - {kind}, with_network=side is Side.HTTP)
        if any(resource.inputs.get("type") == kind for resource in own):
            bill = cost_lines(own, methods_of(rest_apis(ResourceIndex(own))), prices)
            lines = tuple((line.item, line.idle, line.per_million) for line in bill)
            costs[side] = Cost(lines=lines, note=note)
    return costs


def _without(resources: "Sequence[ResourceRecord]", kinds: set[str], *, with_network: bool) -> "list[ResourceRecord]":
    """The resources but for those of integrations of some kinds: their methods, alarms and, if so, their network."""
    others = {resource.inputs["resourceId"] for resource in resources if resource.inputs.get("type") in kinds}
    paths = {resource.outputs.get("path") for resource in resources if resource.id in others}
    return [
        resource
        for resource in resources
        if resource.inputs.get("resourceId") not in others
        and (resource.inputs.get("dimensions") or {}).get("Resource") not in paths
        and (with_network or not resource.type.startswith(NETWORKED))
    ]
