"""The custom domain names of a program, with what each of them leads to."""

from collections.abc import Iterator, Mapping
from typing import Any

from parity.gateway.server.custom_domains import ApiMapping, CustomDomain, RoutingMode, RoutingRule
from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import ResourceIndex, optional_text, text, whole_number

DOMAIN_NAMES = ("aws:apigateway/domainName:DomainName", "aws:apigatewayv2/domainName:DomainName")
BASE_PATH_MAPPING = "aws:apigateway/basePathMapping:BasePathMapping"
API_MAPPING = "aws:apigatewayv2/apiMapping:ApiMapping"
ROUTING_RULE = "aws:apigatewayv2/routingRule:RoutingRule"
LIVE_TYPES = frozenset({*DOMAIN_NAMES, BASE_PATH_MAPPING, API_MAPPING, ROUTING_RULE})

_MODES: Mapping[str, RoutingMode] = {
    "BASE_PATH_MAPPING_ONLY": "API_MAPPING_ONLY",
    "ROUTING_RULE_THEN_BASE_PATH_MAPPING": "ROUTING_RULE_THEN_API_MAPPING",
    "ROUTING_RULE_ONLY": "ROUTING_RULE_ONLY",
    "ROUTING_RULE_THEN_API_MAPPING": "ROUTING_RULE_THEN_API_MAPPING",
}


def custom_domains(resource_index: ResourceIndex) -> dict[str, CustomDomain]:
    """The custom domain names by name, in lower case."""
    domains = {}
    for record in resource_index.of_type(*DOMAIN_NAMES):
        name = text(record.inputs, "domainName")
        identities = {name, record.id}
        domains[name.lower()] = CustomDomain(
            name=name,
            mappings=tuple(_mappings(resource_index, identities)),
            rules=tuple(_rules(resource_index, identities)),
            routing_mode=_MODES.get(text(record.inputs, "routingMode"), "API_MAPPING_ONLY"),
        )
    return domains


def _mappings(resource_index: ResourceIndex, identities: set[str]) -> Iterator[ApiMapping]:
    for record in resource_index.of_type(BASE_PATH_MAPPING):
        if text(record.inputs, "domainName") in identities:
            yield ApiMapping(
                base_path=text(record.inputs, "basePath"),
                api_id=text(record.inputs, "restApi"),
                stage=optional_text(record.inputs, "stageName"),
            )
    for record in resource_index.of_type(API_MAPPING):
        if text(record.inputs, "domainName") in identities:
            yield ApiMapping(
                base_path=text(record.inputs, "apiMappingKey"),
                api_id=text(record.inputs, "apiId"),
                stage=text(record.inputs, "stage"),
            )


def _rules(resource_index: ResourceIndex, identities: set[str]) -> Iterator[RoutingRule]:
    for record in resource_index.of_type(ROUTING_RULE):
        if text(record.inputs, "domainName") in identities:
            yield from _rule(record)


def _rule(record: ResourceRecord) -> Iterator[RoutingRule]:
    conditions = _listed(record.inputs.get("conditions"))
    base_paths = [condition.get("matchBasePaths") or {} for condition in conditions]
    headers = [_listed((condition.get("matchHeaders") or {}).get("anyOf")) for condition in conditions]
    for action in _listed(record.inputs.get("actions")):
        invoked = _listed(action.get("invokeApi"))
        for target in invoked[:1]:
            yield RoutingRule(
                priority=whole_number(record.inputs, "priority") or 0,
                api_id=text(target, "apiId"),
                stage=text(target, "stage"),
                base_paths=tuple(str(path) for paths in base_paths for path in paths.get("anyOfs") or ()),
                headers=tuple(
                    tuple((text(pair, "header"), text(pair, "valueGlob", "*")) for pair in pairs)
                    for pairs in headers
                    if pairs
                ),
                strip_base_path=bool(target.get("stripBasePath")),
            )


def _listed(value: Any) -> list[Mapping[str, Any]]:
    """A block that a program may give once or as a list."""
    found = value if isinstance(value, list) else [value]
    return [item for item in found if isinstance(item, Mapping)]
