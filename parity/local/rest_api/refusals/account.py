"""API keys and VPC links that AWS refuses."""

import re
from collections.abc import Iterator
from typing import Final

from parity.gateway.checks.problem import Problem
from parity.gateway.model.quotas import MIN_API_KEY_LENGTH
from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import ResourceIndex, optional_text, text
from parity.local.rest_api.private_endpoints import VPC_LINK_V1
from parity.local.rest_api.refusals.declared_ids import DeclaredIds
from parity.local.rest_api.refusals.words import bad_request

_MAX_KEY_LENGTH: Final = 128
_MAX_KEY_NAME_LENGTH: Final = 1024
_MAX_KEY_DESCRIPTION_LENGTH: Final = 125_000
_ARN: Final = re.compile(r"arn:[^:]+:[^:]+:[^:]*:[^:]*:.+")


def refused_account(resource_index: ResourceIndex, _: DeclaredIds) -> Iterator[Problem]:
    """What AWS refuses of what belongs to the account and to no API."""
    for record in resource_index.of_type("aws:apigateway/apiKey:ApiKey"):
        yield from _refused_key(record)
    for record in resource_index.of_type(VPC_LINK_V1):
        target = record.inputs.get("targetArn")
        targets = [str(target)] if isinstance(target, str) else [str(item) for item in target or ()]
        wrong = next((arn for arn in targets if not _ARN.fullmatch(arn)), None)
        if record.inputs.get("name") == "":
            yield bad_request(record, "Name cannot be empty", "give it a name")
        elif wrong is not None:
            message = f"Invalid ARN. ARN is not well formed {wrong}"
            yield bad_request(record, message, "give the arn of a Network Load Balancer")


def _refused_key(record: ResourceRecord) -> Iterator[Problem]:
    value = optional_text(record.inputs, "value")
    if len(text(record.outputs, "name")) > _MAX_KEY_NAME_LENGTH:
        message = f"Invalid API Key name, can be at most {_MAX_KEY_NAME_LENGTH} characters."
        yield bad_request(record, message, "give it a shorter name")
    elif value is not None and len(value) > _MAX_KEY_LENGTH:
        message = f"API Key value exceeds maximum size of {_MAX_KEY_LENGTH} characters"
        yield bad_request(record, message, "give it a shorter value, or none")
    elif value is not None and len(value) < MIN_API_KEY_LENGTH:
        message = f"API Key value should be at least {MIN_API_KEY_LENGTH} characters"
        yield bad_request(record, message, "give it a longer value, or none")
    elif len(text(record.inputs, "description")) > _MAX_KEY_DESCRIPTION_LENGTH:
        message = "Invalid API Key description specified."
        yield bad_request(record, message, f"keep it to {_MAX_KEY_DESCRIPTION_LENGTH} characters")
