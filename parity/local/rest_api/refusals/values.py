"""Arguments that take one of a few values. Pulumi's provider refuses others at preview, before AWS is asked.

The words are those of the provider's own validation (`validation.StringInSlice` of terraform-plugin-sdk), the values
those of the API's model.
https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from parity.gateway.checks.problem import Problem
from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import ResourceIndex

_INTEGRATION = "aws:apigateway/integration:Integration"
_HANDLING = ("CONVERT_TO_BINARY", "CONVERT_TO_TEXT")
_VALUES: tuple[tuple[str, tuple[str, ...], Sequence[str]], ...] = (
    (_INTEGRATION, ("passthroughBehavior",), ("WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER")),
    (_INTEGRATION, ("contentHandling",), _HANDLING),
    (_INTEGRATION, ("connectionType",), ("INTERNET", "VPC_LINK")),
    ("aws:apigateway/integrationResponse:IntegrationResponse", ("contentHandling",), _HANDLING),
    ("aws:apigateway/authorizer:Authorizer", ("type",), ("TOKEN", "REQUEST", "COGNITO_USER_POOLS")),
    ("aws:apigateway/restApi:RestApi", ("apiKeySource",), ("HEADER", "AUTHORIZER")),
    ("aws:apigateway/usagePlan:UsagePlan", ("quotaSettings", "period"), ("DAY", "WEEK", "MONTH")),
    ("aws:apigateway/methodSettings:MethodSettings", ("settings", "loggingLevel"), ("OFF", "ERROR", "INFO")),
    (
        "aws:apigateway/methodSettings:MethodSettings",
        ("settings", "unauthorizedCacheControlHeaderStrategy"),
        ("FAIL_WITH_403", "SUCCEED_WITH_RESPONSE_HEADER", "SUCCEED_WITHOUT_RESPONSE_HEADER"),
    ),
)
"""By resource type and the path of an argument, the values that it takes."""


def refused_values(resource_index: ResourceIndex) -> Iterator[Problem]:
    """The arguments whose value is none of those that they take."""
    for type_, path, allowed in _VALUES:
        for record in resource_index.of_type(type_):
            value = _at(record.inputs, path)
            if isinstance(value, str) and value and value not in allowed:
                yield _refused(record, path, allowed, value)


def _refused(record: ResourceRecord, path: Sequence[str], allowed: Sequence[str], value: str) -> Problem:
    name = ".".join(_snake(part) for part in path)
    values = " ".join(f'"{each}"' for each in allowed)
    fix = f'write "{value.upper()}"' if value.upper() in allowed else f"set {name} to one of them"
    return Problem("error", record.declared_by, f"expected {name} to be one of [{values}], got {value}", fix)


def _at(inputs: Mapping[str, Any], path: Sequence[str]) -> Any:
    value: Any = inputs
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
