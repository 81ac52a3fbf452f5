"""Integrations and integration responses that AWS refuses."""

import re
from collections.abc import Iterator
from typing import Final

from parity.gateway.checks.problem import Problem
from parity.gateway.lifecycle.mapping_expression import request_parameter
from parity.gateway.lifecycle.parameter_mapping import compile_request_mappings, compile_response_mappings
from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import ResourceIndex, text, texts
from parity.local.rest_api.refusals.declared_ids import DeclaredIds, MethodKey, method_key
from parity.local.rest_api.refusals.methods import METHOD_RESPONSE, lacking_method, refused_status
from parity.local.rest_api.refusals.words import bad_request, enum, invalid, invalid_mapping, violation

INTEGRATION: Final = "aws:apigateway/integration:Integration"
INTEGRATION_RESPONSE: Final = "aws:apigateway/integrationResponse:IntegrationResponse"

_TYPES: Final = ("HTTP", "MOCK", "AWS_PROXY", "HTTP_PROXY", "AWS")
_HTTP_URI: Final = re.compile(r"https?://[^/\s]+.*", re.DOTALL)
_ARN: Final = re.compile(r"arn:[^:]+:[^:]+:[^:]*:[^:]*:.+", re.DOTALL)
_ACTION: Final = re.compile(r"(?:path|action)(?:/.*)?", re.DOTALL)
_FUNCTION: Final = re.compile(r"path/+(?:2015-03-31|2021-11-15)/functions/.+")


def refused_integrations(resource_index: ResourceIndex, ids: DeclaredIds) -> Iterator[Problem]:
    """The integrations and integration responses that AWS refuses."""
    for record in resource_index.of_type(INTEGRATION):
        problem = _refused_type(record) or lacking_method(record, ids) or _refused_parameters(record, ids)
        problem = problem or _refused_content_type(record, "requestTemplates")
        if problem is not None:
            yield problem
    declared = {
        (method_key(record), text(record.inputs, "statusCode")): record
        for record in resource_index.of_type(METHOD_RESPONSE)
    }
    for record in resource_index.of_type(INTEGRATION_RESPONSE):
        problem = refused_status(record) or lacking_method(record, ids)
        problem = problem or _refused_content_type(record, "responseTemplates")
        problem = problem or _refused_response_parameters(record, declared)
        if problem is not None:
            yield problem


def _refused_type(record: ResourceRecord) -> Problem | None:
    kind, uri = text(record.inputs, "type"), text(record.inputs, "uri")
    if kind not in _TYPES:
        fix = "set type to one of them, in upper case"
        return invalid(record, [violation(kind, "putIntegrationInput.type", enum(_TYPES))], fix)
    if kind == "MOCK":
        return None
    if not text(record.inputs, "integrationHttpMethod"):
        fix = 'set integration_http_method: "POST" for a Lambda function, the endpoint\'s method for HTTP'
        return bad_request(record, "Enumeration value for HttpMethod must be non-empty", fix)
    if kind in ("HTTP", "HTTP_PROXY"):
        is_left_out = not uri and text(record.inputs, "connectionType") == "VPC_LINK"
        if is_left_out or "${stageVariables." in uri or _HTTP_URI.fullmatch(uri.strip()):
            return None
        return bad_request(record, "Invalid HTTP endpoint specified for URI", "write http:// or https:// and a host")
    return _refused_arn(record, kind, uri)


def _refused_arn(record: ResourceRecord, kind: str, uri: str) -> Problem | None:
    fix = "use the function's invoke_arn"
    if not _ARN.fullmatch(uri):
        return bad_request(record, "Invalid ARN specified in the request", fix)
    _, _, arn_service, _, service, action = uri.split(":", 5)
    if arn_service != "apigateway" or not _ACTION.fullmatch(action):
        return bad_request(record, "AWS ARN for integration must contain path or action", fix)
    is_function = service == "lambda" and _FUNCTION.fullmatch(action)
    is_stream = service == "firehose" and action.startswith("action/")
    if kind == "AWS_PROXY" and not is_function and not is_stream:
        message = (
            "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations."
        )
        return bad_request(record, message, fix)
    return None


def _refused_parameters(record: ResourceRecord, ids: DeclaredIds) -> Problem | None:
    method = ids.methods.get(method_key(record))
    declared = {name.lower() for name in (method.inputs.get("requestParameters") or {})} if method else None
    for target, source in texts(record.inputs, "requestParameters").items():
        try:
            compile_request_mappings({target: source}, {})
        except ValueError as error:
            expression = target if repr(target) in str(error) else source
            fix = "write it as in integration.request.header.NAME: method.request.header.NAME"
            return invalid_mapping(record, f"Invalid mapping expression specified: {expression}", fix)
        parameter = request_parameter(source)
        if parameter is not None and declared is not None and parameter.declaration.lower() not in declared:
            fix = f"add {parameter.declaration} to the Method's request_parameters"
            return invalid_mapping(record, f"Invalid mapping expression parameter specified: {source}", fix)
    return None


def _refused_response_parameters(
    record: ResourceRecord, declared: dict[tuple[MethodKey, str], ResourceRecord]
) -> Problem | None:
    response = declared.get((method_key(record), text(record.inputs, "statusCode")))
    names = {name.lower() for name in (response.inputs.get("responseParameters") or {})} if response else None
    for target, source in texts(record.inputs, "responseParameters").items():
        try:
            compile_response_mappings({target: source}, {})
        except ValueError as error:
            expression = target if repr(target) in str(error) else source
            fix = "write it as in method.response.header.NAME: integration.response.header.NAME"
            return invalid_mapping(record, f"Invalid mapping expression specified: {expression}", fix)
        if names is not None and target.lower() not in names:
            fix = f"add {target} to the MethodResponse's response_parameters"
            return invalid_mapping(record, f"Invalid mapping expression parameter specified: {target}", fix)
    return None


def _refused_content_type(record: ResourceRecord, property_name: str) -> Problem | None:
    for content_type in record.inputs.get(property_name) or {}:
        if "/" not in content_type and content_type != "$default":
            message = f"Validation Result: warnings : [], errors : [Invalid content type specified: {content_type}]"
            return bad_request(record, message, "write a content type such as application/json")
    return None
