"""APIs, models, gateway responses, authorizers, documentation parts and stages that AWS refuses."""

import re
from collections.abc import Iterator
from typing import Final

from parity.gateway.checks.problem import Problem
from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import ResourceIndex, text
from parity.local.rest_api.refusals.declared_ids import REST_API, DeclaredIds, api_id
from parity.local.rest_api.refusals.methods import refused_status
from parity.local.rest_api.refusals.schemas import refused_schema
from parity.local.rest_api.refusals.words import bad_request, conflict, enum, invalid, violation

_MAX_COMPRESSION_SIZE: Final = 10_485_760
_ENDPOINT_TYPES: Final = ("PRIVATE", "EDGE", "REGIONAL")
_IP_ADDRESS_TYPES: Final = ("ipv4", "dualstack")
_GATEWAY_RESPONSES: Final = [
    "REQUEST_TOO_LARGE",
    "RESOURCE_NOT_FOUND",
    "AUTHORIZER_CONFIGURATION_ERROR",
    "MISSING_AUTHENTICATION_TOKEN",
    "BAD_REQUEST_BODY",
    "INVALID_SIGNATURE",
    "INVALID_API_KEY",
    "BAD_REQUEST_PARAMETERS",
    "AUTHORIZER_FAILURE",
    "UNAUTHORIZED",
    "INTEGRATION_TIMEOUT",
    "ACCESS_DENIED",
    "DEFAULT_4XX",
    "DEFAULT_5XX",
    "WAF_FILTERED",
    "QUOTA_EXCEEDED",
    "THROTTLED",
    "API_CONFIGURATION_ERROR",
    "UNSUPPORTED_MEDIA_TYPE",
    "INTEGRATION_FAILURE",
    "EXPIRED_TOKEN",
]
_DOCUMENTED: Final = [
    "RESPONSE_BODY",
    "RESPONSE",
    "METHOD",
    "MODEL",
    "AUTHORIZER",
    "RESPONSE_HEADER",
    "RESOURCE",
    "PATH_PARAMETER",
    "REQUEST_BODY",
    "QUERY_PARAMETER",
    "API",
    "REQUEST_HEADER",
]
_STAGE_VARIABLE: Final = re.compile(r"\$\{stageVariables\.\w+\}")
_AUTHORIZER_URI: Final = re.compile(r"arn:[^:]+:apigateway:[^:]*:lambda:path/.+/functions/.+/invocations")


def refused_apis(resource_index: ResourceIndex, ids: DeclaredIds) -> Iterator[Problem]:
    """What AWS refuses of APIs, but for their methods."""
    for record in resource_index.of_type(REST_API):
        yield from _refused_api(record)
    yield from _refused_models(resource_index)
    for record in resource_index.of_type("aws:apigateway/response:Response"):
        kind = text(record.inputs, "responseType")
        if kind not in _GATEWAY_RESPONSES:
            fix = "set response_type to one of them"
            yield invalid(record, [violation(kind, "responseType", enum(_GATEWAY_RESPONSES))], fix)
        elif text(record.inputs, "statusCode"):
            problem = refused_status(record)
            if problem is not None:
                yield problem
    for record in resource_index.of_type("aws:apigateway/authorizer:Authorizer"):
        yield from _refused_authorizer(record)
    for record in resource_index.of_type("aws:apigateway/documentationPart:DocumentationPart"):
        kind = text(record.inputs.get("location") or {}, "type")
        if kind not in _DOCUMENTED:
            where = "createDocumentationPartInput.location.type"
            yield invalid(record, [violation(kind, where, enum(_DOCUMENTED))], "set the location's type to one of them")
    yield from _refused_stages(resource_index, ids)


def _refused_api(record: ResourceRecord) -> Iterator[Problem]:
    configuration = record.inputs.get("endpointConfiguration") or {}
    declared = configuration.get("types")
    types = [str(declared)] if isinstance(declared, str) else [str(item) for item in declared or ()]
    ip_address_type = text(configuration, "ipAddressType")
    violations = []
    if any(kind not in _ENDPOINT_TYPES for kind in types):
        constraint = f"Member must satisfy constraint: [{enum(_ENDPOINT_TYPES)}]"
        where = "createRestApiInput.endpointConfiguration.types"
        violations.append(violation(f"[{', '.join(types)}]", where, constraint))
    if ip_address_type and ip_address_type not in _IP_ADDRESS_TYPES:
        where = "createRestApiInput.endpointConfiguration.ipAddressType"
        violations.append(violation(ip_address_type, where, enum(_IP_ADDRESS_TYPES)))
    if violations:
        yield invalid(record, violations, "use one of the values that the message lists")
    elif len(types) > 1:
        yield bad_request(record, "Cannot create an api with multiple Endpoint Types.", "give one type")
    elif types == ["PRIVATE"] and ip_address_type == "ipv4":
        message = "Only dualstack ipAddressType is supported for Private APIs."
        yield bad_request(record, message, 'set ip_address_type to "dualstack", or leave it out')
    elif not _is_compression_size(record.inputs.get("minimumCompressionSize")):
        message = f"Invalid minimum compression size, must be between 0 and {_MAX_COMPRESSION_SIZE}"
        yield bad_request(record, message, "give a size in bytes, or -1 for no compression")


def _is_compression_size(value: object) -> bool:
    """Whether a minimum compression size is one; the provider leaves -1 and the empty string out."""
    if value in (None, "", -1, "-1"):
        return True
    digits = str(value).removesuffix(".0")
    return digits.isascii() and digits.isdigit() and int(digits) <= _MAX_COMPRESSION_SIZE


def _refused_models(resource_index: ResourceIndex) -> Iterator[Problem]:
    known: set[tuple[str, str]] = set()
    for record in resource_index.of_type("aws:apigateway/model:Model"):
        name = text(record.outputs, "name") if record.inputs.get("name") is None else text(record.inputs, "name")
        if not name:
            yield bad_request(record, "Model name must be non-empty", "give it a name")
        elif not text(record.inputs, "schema"):
            message = "Model schema must have at least 1 property or array items defined"
            yield bad_request(record, message, "give it a JSON Schema of draft 4")
        elif (api_id(record), name) in known:
            message = "Model name already exists for this REST API"
            yield conflict(record, message, "give each model of an API its own name")
        elif name.isascii() and not name.isalnum():
            # From public reports, such as those of Terraform's provider.
            message = f"Model name must be alphanumeric: {name}"
            yield bad_request(record, message, "use letters and digits in its name, and nothing else")
        elif (refused := refused_schema(text(record.inputs, "schema"))) is not None:
            yield bad_request(record, refused, "take the keywords out: models are JSON Schema of draft 4")
        known.add((api_id(record), name))


def _refused_authorizer(record: ResourceRecord) -> Iterator[Problem]:
    uri = text(record.inputs, "authorizerUri")
    is_function = _AUTHORIZER_URI.fullmatch(_STAGE_VARIABLE.sub("x", uri)) is not None
    if text(record.inputs, "type", "TOKEN") != "COGNITO_USER_POOLS" and not is_function:
        # From public reports, such as those of Terraform's provider.
        message = (
            f"Invalid Authorizer URI: {uri}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda "
            "function invocation."
        )
        yield bad_request(record, message, "use the function's invoke_arn")


def _refused_stages(resource_index: ResourceIndex, ids: DeclaredIds) -> Iterator[Problem]:
    known: set[tuple[str, str]] = set()
    for record in resource_index.of_type("aws:apigateway/stage:Stage"):
        stage = (api_id(record), text(record.inputs, "stageName"))
        canary = record.inputs.get("canarySettings") or {}
        canary_deployment = text(canary, "deploymentId")
        access_log = record.inputs.get("accessLogSettings")
        if stage in known:
            # From public reports, such as those of Terraform's provider.
            yield conflict(record, "Stage already exists", "give each stage of an API its own name")
        elif canary_deployment and ids.lacks(record, "deployment:Deployment", canary_deployment):
            message = "Deployment id does not exist"
            yield bad_request(record, message, "set the canary's deployment_id to the id of a Deployment of the API")
        elif access_log is not None and not (text(access_log, "format") and text(access_log, "destinationArn")):
            message = "Access Log value must not be empty"
            yield bad_request(record, message, "give access_log_settings a format and a destination_arn")
        known.add(stage)
