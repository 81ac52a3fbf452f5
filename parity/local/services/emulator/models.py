"""botocore's models of AWS's services: protocols, actions, and the shapes of what goes in and comes out."""

from functools import cache
from typing import Any

import botocore.session
from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError

_NAMES = {"states": "stepfunctions", "streams.dynamodb": "dynamodbstreams", "monitoring": "cloudwatch", "email": "ses"}
"""Service names in URIs and credential scopes that differ from the SDK's."""


@cache
def service_model(service: str) -> Any:
    """The model of a service by its name in a URI or a credential's scope; None for one that the SDK does not know."""
    try:
        return botocore.session.get_session().get_service_model(_NAMES.get(service, service))
    except UnknownServiceError:
        return None


def operation_model(service: str, action: str) -> Any:
    """The model of an action; None for one that the service does not have."""
    model = service_model(service)
    try:
        return model.operation_model(action) if model is not None else None
    except OperationNotFoundError:
        return None


def protocols(service: str) -> frozenset[str]:
    """The protocols that a service speaks: `json`, `query`, `rest-json`, `rest-xml`, `ec2`."""
    model = service_model(service)
    if model is None:
        return frozenset()
    spoken = {model.metadata.get("protocol", ""), *model.metadata.get("protocols", ())}
    # These two still answer to the query protocol, though the SDK's models no longer say so.
    return frozenset(spoken | ({"query"} if service in ("sqs", "ssm") else set()))
