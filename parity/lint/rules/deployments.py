"""Deployments that are not made anew when the API changes: what is changed later is never served.

A stage serves what its deployment froze, and a deployment is replaced when its `triggers` change.
https://www.pulumi.com/registry/packages/aws/api-docs/apigateway/deployment/
"""

import hashlib
import itertools
import json
import re
from collections.abc import Iterable, Iterator

from parity.lint.finding import Finding
from parity.lint.registry import ProgramSubject, program_rule
from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import ResourceIndex
from parity.local.rest_api.rest_apis import DEPLOYMENT, REST_API, api_of

SHAPING = tuple(
    f"aws:apigateway/{name}"
    for name in (
        "method:Method",
        "integration:Integration",
        "methodResponse:MethodResponse",
        "integrationResponse:IntegrationResponse",
        "response:Response",
        "model:Model",
        "authorizer:Authorizer",
        "requestValidator:RequestValidator",
    )
)
"""The resource types whose changes a deployment freezes."""
_HASHED_NAME = re.compile(r"[0-9a-f]{7,}")
_MOST_HASHED_IDS = 5
_MOST_NAMES = 3


@program_rule(
    deployment_triggers="a deployment whose triggers miss a part of the API: a change of it is never deployed"
)
def deployment_triggers(subject: ProgramSubject) -> Iterator[Finding]:
    """Looks at what the triggers of each deployment are computed from."""
    index = subject.resource_index
    for deployment in index.of_type(DEPLOYMENT):
        api = api_of(deployment)
        shaping = [record for record in index.of_type(*SHAPING) if api_of(record) == api]
        body = next(
            (record for record in index.of_type(REST_API) if record.id == api and record.inputs.get("body")), None
        )
        if not shaping and body is None:
            continue
        missed = _missed(index, deployment, shaping)
        if missed:
            yield Finding(
                rule="deployment-triggers",
                severity="warning",
                declared_by=deployment.declared_by,
                message=f"{missed}: a later change is not deployed, and the stage serves what it served before",
                fix=(
                    "give it triggers computed from the arguments of every method, integration and response, "
                    "such as a hash of their templates, URIs and mappings"
                ),
            )


def _missed(index: ResourceIndex, deployment: ResourceRecord, shaping: list[ResourceRecord]) -> str:
    """What the triggers of a deployment miss, for a message; empty if nothing is known to be missed."""
    triggers = deployment.inputs.get("triggers")
    if not triggers:
        # A provider replaces a deployment for other variables too, and a new name makes another one.
        replaced_otherwise = deployment.inputs.get("variables") or _HASHED_NAME.search(deployment.name)
        return "" if replaced_otherwise else "it has no triggers"
    ids = {record.id for record in index.records if record.id}
    sources = deployment.property_dependencies.get("triggers", ())
    by_urn = {record.urn: record for record in index.records}
    source_ids = [by_urn[urn].id for urn in sources if urn in by_urn]
    values = [str(value) for value in triggers.values()]
    if all(_is_made_of(value, ids) or _is_hash_of(value, source_ids) for value in values):
        return "its triggers are computed from ids alone, which stay the same when an argument changes"
    # A hash of plain values tells nothing of where they come from. But if some integrations are read, all should be.
    listed_types = {by_urn[urn].type for urn in sources if urn in by_urn}
    missing = [record for record in shaping if record.type in listed_types and record.urn not in sources]
    return f"its triggers are not computed from {_listed(missing)}" if missing else ""


def _is_made_of(value: str, ids: set[str]) -> bool:
    """Whether a trigger is nothing but the ids of resources, perhaps in a list."""
    words = [word for word in re.split(r"[^A-Za-z0-9/*-]+", value) if word]
    return bool(words) and all(word in ids for word in words)


def _is_hash_of(value: str, ids: list[str]) -> bool:
    """Whether a trigger is the usual hash of these ids, as JSON or joined, in any order."""
    if not 0 < len(ids) <= _MOST_HASHED_IDS or not re.fullmatch(r"[0-9a-fA-F]{32,128}", value):
        return False
    texts = (text for order in itertools.permutations(ids) for text in _serialized(list(order)))
    return any(value.lower() in _digests(text) for text in texts)


def _serialized(ids: list[str]) -> Iterable[str]:
    return (
        json.dumps(ids),
        json.dumps(ids, separators=(",", ":")),
        "".join(ids),
        "-".join(ids),
        ",".join(ids),
        str(ids),
        str(tuple(ids)),
    )


def _digests(text: str) -> set[str]:
    data = text.encode()
    return {hashlib.new(name, data, usedforsecurity=False).hexdigest() for name in ("md5", "sha1", "sha256", "sha512")}


def _listed(records: list[ResourceRecord]) -> str:
    shown = ", ".join(record.declared_by for record in records[:_MOST_NAMES])
    more = len(records) - _MOST_NAMES
    return f"{shown} and {more} more" if more > 0 else shown
