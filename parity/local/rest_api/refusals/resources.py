"""Paths that AWS refuses."""

from collections.abc import Iterator

from parity.gateway.checks.problem import Problem
from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import ResourceIndex, text
from parity.local.rest_api.refusals.declared_ids import RESOURCE, DeclaredIds, api_id
from parity.local.rest_api.refusals.words import NO_RESOURCE, bad_request, conflict, not_found


def refused_resources(resource_index: ResourceIndex, ids: DeclaredIds) -> Iterator[Problem]:
    """The resources (paths) that AWS refuses."""
    records = resource_index.of_type(RESOURCE)
    parts = {(api_id(record), record.id): text(record.inputs, "pathPart") for record in records}
    siblings: dict[tuple[str, str], list[str]] = {}
    for record in records:
        parent = (api_id(record), text(record.inputs, "parentId"))
        known = siblings.setdefault(parent, [])
        if ids.lacks_resource(record, "parentId"):
            yield not_found(record, NO_RESOURCE, "set parent_id to the id of a resource of the same API")
        else:
            problem = _refused(record, parts.get(parent, ""), known)
            if problem is not None:
                yield problem
        known.append(text(record.inputs, "pathPart"))


def _refused(record: ResourceRecord, parent_part: str, siblings: list[str]) -> Problem | None:
    part = text(record.inputs, "pathPart")
    if not part or "/" in part:
        # From public reports, such as those of Terraform's provider.
        message = "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces"
        fix = "declare a Resource for each part of the path, without slashes"
        return bad_request(record, f"{message} at the beginning and the end", fix)
    if parent_part.endswith("+}"):
        message = f"Cannot create a child of a resource with a greedy path variable: {parent_part}"
        return bad_request(record, message, "declare it below another resource")
    if part in siblings:
        message = f"Another resource with the same parent already has this name: {part}"
        return conflict(record, message, "declare it once")
    variable = next((sibling for sibling in siblings if sibling.startswith("{")), None)
    if part.startswith("{") and variable is not None:
        message = f"A sibling ({variable}) of this resource already has a variable path part -- only one is allowed"
        return bad_request(record, message, f"use {variable} for both, or paths that differ before it")
    return None
