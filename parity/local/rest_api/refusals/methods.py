"""Methods and method responses that AWS refuses."""

import re
from collections.abc import Iterator
from typing import Final

from parity.gateway.checks.problem import Problem
from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import ResourceIndex, text, texts
from parity.local.rest_api.refusals.declared_ids import METHOD, DeclaredIds, MethodKey, method_key
from parity.local.rest_api.refusals.words import (
    NO_METHOD,
    NO_RESOURCE,
    bad_request,
    conflict,
    invalid,
    invalid_mapping,
    not_found,
    violation,
)

METHOD_RESPONSE: Final = "aws:apigateway/methodResponse:MethodResponse"

_HTTP_METHODS: Final = ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY")
_REQUEST_PARAMETER: Final = re.compile(r"method\.request\.(header|querystring|path)\.\S+")
_RESPONSE_PARAMETER: Final = re.compile(r"method\.response\.header\.\S+")
_STATUS: Final = re.compile(r"[1-5]\d\d")
_STATUS_CONSTRAINT: Final = r"Member must satisfy regular expression pattern: [1-5]\d\d"


def refused_methods(resource_index: ResourceIndex, ids: DeclaredIds) -> Iterator[Problem]:
    """The methods and method responses that AWS refuses."""
    for record in resource_index.of_type(METHOD):
        problem = _refused_method(record, ids) or _refused_request(record, ids)
        if problem is not None:
            yield problem
    known: set[tuple[MethodKey, str]] = set()
    for record in resource_index.of_type(METHOD_RESPONSE):
        problem = refused_status(record) or lacking_method(record, ids) or _refused_response(record, ids)
        response = (method_key(record), text(record.inputs, "statusCode"))
        if problem is None and response in known:
            # From public reports, such as those of Terraform's provider.
            problem = conflict(record, "Response already exists for this resource", "declare each status once")
        known.add(response)
        if problem is not None:
            yield problem


def refused_status(record: ResourceRecord) -> Problem | None:
    """The error of a response whose status is not one."""
    status = text(record.inputs, "statusCode")
    if _STATUS.fullmatch(status):
        return None
    return invalid(record, [violation(status, "statusCode", _STATUS_CONSTRAINT)], "write a status such as 200")


def lacking_method(record: ResourceRecord, ids: DeclaredIds) -> Problem | None:
    """The error of what belongs to a method that does not exist."""
    if ids.lacks_resource(record):
        return not_found(record, NO_RESOURCE, "set resource_id to the id of a resource of the same API")
    if ids.lacks_method(record):
        return not_found(record, NO_METHOD, "set http_method to that of a Method of the resource")
    return None


def _refused_method(record: ResourceRecord, ids: DeclaredIds) -> Problem | None:
    if ids.lacks_resource(record):
        return not_found(record, NO_RESOURCE, "set resource_id to the id of a resource of the same API")
    if text(record.inputs, "httpMethod") not in _HTTP_METHODS:
        message = f"Invalid HttpMethod specified. Valid options are {','.join(_HTTP_METHODS)}"
        return bad_request(record, message, "set http_method to one of them, in upper case")
    if ids.methods[method_key(record)] is not record:
        # From public reports, such as those of Terraform's provider.
        return conflict(record, "Method already exists for this resource", "declare it once")
    return None


def _refused_request(record: ResourceRecord, ids: DeclaredIds) -> Problem | None:
    inputs = record.inputs
    for parameter in inputs.get("requestParameters") or {}:
        if not _REQUEST_PARAMETER.fullmatch(parameter):
            fix = "write method.request.header.NAME, method.request.querystring.NAME or method.request.path.NAME"
            return invalid_mapping(record, f"Invalid mapping expression specified: {parameter}", fix)
    names = [parameter.split(".", 3)[3] for parameter in inputs.get("requestParameters") or {}]
    if len(names) != len(set(names)):
        message = "Parameter names must be unique across querystring, header and path"
        repeated = next(name for name in names if names.count(name) > 1)
        return bad_request(record, message, f"give {repeated} another name in all places but one")
    needs_authorizer = text(inputs, "authorization") in ("CUSTOM", "COGNITO_USER_POOLS")
    authorizer = text(inputs, "authorizerId")
    if needs_authorizer and (not authorizer or ids.lacks(record, "authorizer:Authorizer", authorizer)):
        message = (
            "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires "
            "a valid authorizer."
        )
        return bad_request(record, message, "set authorizer_id to the id of an Authorizer of the same API")
    validator = text(inputs, "requestValidatorId")
    if validator and ids.lacks(record, "requestValidator:RequestValidator", validator):
        message = "Invalid Request Validator identifier specified"
        return bad_request(record, message, "set request_validator_id to the id of a RequestValidator of the same API")
    return refused_model(record, ids, "requestModels")


def refused_model(record: ResourceRecord, ids: DeclaredIds, property_name: str) -> Problem | None:
    """The error of a method or method response that names a model which its API does not have."""
    for name in texts(record.inputs, property_name).values():
        if ids.lacks_model(record, name):
            message = f"Invalid model identifier specified: {name}"
            return bad_request(record, message, "declare the Model, and give its name as an output: model.name")
    return None


def _refused_response(record: ResourceRecord, ids: DeclaredIds) -> Problem | None:
    for parameter in record.inputs.get("responseParameters") or {}:
        if not _RESPONSE_PARAMETER.fullmatch(parameter):
            fix = "write method.response.header.NAME"
            return invalid_mapping(record, f"Invalid mapping expression specified: {parameter}", fix)
    return refused_model(record, ids, "responseModels")
