"""What is wrong with a definition, told before the first request.

Each problem says when AWS would have told it: on creating the resource, on deploying the API, or never, in which case
requests fail. What AWS can do and the local gateway cannot is reported too.
"""

import re
from collections.abc import Iterator
from typing import Final

from parity.gateway.access.throttling import method_key
from parity.gateway.checks.access import check_access
from parity.gateway.checks.caching import check_cache_key, check_stage_cache
from parity.gateway.checks.integration import check_integration
from parity.gateway.checks.problem import Phase, Problem, Severity
from parity.gateway.lifecycle.gateway_response import NOT_CUSTOMIZABLE, RESPONSE_TYPES
from parity.gateway.lifecycle.models import EMPTY_MODEL, BodyValidator
from parity.gateway.model.definition import Method, Resource, RestApi, Stage
from parity.gateway.model.quotas import MAX_STAGE_VARIABLE_NAME, MAX_STAGE_VARIABLE_VALUE, MAX_STAGE_VARIABLES

__all__ = ["Phase", "Problem", "Severity", "check"]

_STAGE_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")
_VARIABLE_NAME: Final = re.compile(r"[A-Za-z0-9_]+")
_VARIABLE_VALUE: Final = re.compile(r"[A-Za-z0-9\-._~:/?#&=, ]*")
_PATH_PART: Final = re.compile(r"[a-zA-Z0-9._:,$-]+|\{[a-zA-Z0-9._-]+\+?\}")
_REQUEST_PARAMETER: Final = re.compile(r"method\.request\.(header|querystring|path)\.\S+")
_RESPONSE_PARAMETER: Final = re.compile(r"method\.response\.header\.\S+")
_STATUS: Final = re.compile(r"[1-5][0-9][0-9]")


def check(api: RestApi, stage: Stage) -> list[Problem]:
    """The problems of an API on a stage.

    Args:
        api: the API, as it would be deployed.
        stage: the stage that would serve it.

    Returns:
        Errors and warnings, in the order of the definition; each names the resource that declares what is wrong.
    """
    validator = BodyValidator(api.models, api.id)
    problems = [*_check_api(api, validator), *_check_stage(api, stage), *check_access(api)]
    problems += _check_siblings(api)
    for resource in api.resources:
        problems += _check_resource(resource)
        for method in resource.methods.values():
            problems += _check_method(api, stage, resource, method, validator)
    return problems


def _check_api(api: RestApi, validator: BodyValidator) -> Iterator[Problem]:
    if not any(resource.methods for resource in api.resources):
        yield Problem("error", api.declared_by, "the API has no methods", "declare a method", "deploy")
    for message, fix in api.import_warnings:
        yield Problem("warning", api.declared_by, message, fix, "request")
    if api.disable_execute_api_endpoint:
        message = "the execute-api endpoint is disabled: AWS answers 403 at the invoke URL, and so does Parity"
        fix = "call it by its custom domain name, or leave disable_execute_api_endpoint out"
        yield Problem("warning", api.declared_by, message, fix, "request")
    for model in api.models.values():
        problem = validator.problem(model.name)
        if problem:
            message = f"the model {model.name} cannot be used: {problem}"
            yield Problem("error", model.declared_by, message, "write a JSON Schema of draft 4", "create")
    for response_type, response in api.gateway_responses.items():
        if response_type in NOT_CUSTOMIZABLE:
            message = f"API Gateway does not use a customized gateway response {response_type}"
            yield Problem("warning", response.declared_by, message, "leave it out", "request")
        if response_type not in RESPONSE_TYPES:
            message = f"there is no gateway response type {response_type!r}"
            yield Problem("error", response.declared_by, message, f"use one of {', '.join(sorted(RESPONSE_TYPES))}")


def _check_stage(api: RestApi, stage: Stage) -> Iterator[Problem]:
    by = stage.declared_by
    if not _STAGE_NAME.fullmatch(stage.name):
        message = f"the stage name {stage.name!r} is not allowed"
        yield Problem("error", by, message, "use letters, digits, - and _ alone, 128 at most")
    yield from _check_stage_variables(stage)
    yield from check_stage_cache(stage)
    if stage.canary is not None and not 0.0 <= stage.canary.percent_traffic <= 100.0:
        message = f"the canary's percent_traffic is {stage.canary.percent_traffic:g}"
        yield Problem("error", by, message, "write a number from 0.0 to 100.0")
    methods = {method_key(resource.path, name) for resource in api.resources for name in resource.methods}
    for key in stage.method_settings:
        if key != "*/*" and key.lstrip("/") not in methods:
            message = f"the method settings for {key!r} are those of no method"
            yield Problem("warning", by, message, "write {path}/{METHOD}, or */* for all", "request")


def _check_stage_variables(stage: Stage) -> Iterator[Problem]:
    by = stage.declared_by
    overrides = stage.canary.stage_variable_overrides if stage.canary is not None else {}
    if len(stage.variables) > MAX_STAGE_VARIABLES:
        yield Problem(
            "error", by, f"it has {len(stage.variables)} stage variables", f"use {MAX_STAGE_VARIABLES} at most"
        )
    for name, value in (*stage.variables.items(), *overrides.items()):
        if not _VARIABLE_NAME.fullmatch(name) or not _VARIABLE_VALUE.fullmatch(value):
            message = f"the stage variable {name}={value!r} is not allowed"
            yield Problem("error", by, message, "use letters and digits, and in the value -._~:/?#&=, alone")
        elif len(name) > MAX_STAGE_VARIABLE_NAME or len(value) > MAX_STAGE_VARIABLE_VALUE:
            message = f"the stage variable {name[:MAX_STAGE_VARIABLE_NAME]} is too long"
            hint = f"use {MAX_STAGE_VARIABLE_NAME} characters at most, and {MAX_STAGE_VARIABLE_VALUE} for the value"
            yield Problem("error", by, message, hint)


def _check_siblings(api: RestApi) -> Iterator[Problem]:
    """Paths of which two have different parameters in the same place, in AWS's words for an import."""
    known: dict[str, str] = {}
    for resource in api.resources:
        parent, _, part = resource.path.rpartition("/")
        first = known.setdefault(parent, part) if part.startswith("{") else part
        if first != part:
            message = (
                f"BadRequestException: Unable to create resource at path '{resource.path}': A sibling ({first}) of "
                "this resource already has a variable path part -- only one is allowed"
            )
            yield Problem("error", resource.declared_by, message, f"use {first} for both")


def _check_resource(resource: Resource) -> Iterator[Problem]:
    parts = [part for part in resource.path.split("/") if part]
    for number, part in enumerate(parts, 1):
        if not _PATH_PART.fullmatch(part):
            fix = "use letters, digits and ._-:, or a parameter in braces"
            yield Problem("error", resource.declared_by, f"the path part {part!r} is not allowed", fix)
        elif part.endswith("+}") and number < len(parts):
            message = f"the greedy {part} is not the last part of {resource.path}"
            yield Problem("error", resource.declared_by, message, "let it be the last")
    names = [part.strip("{+}") for part in parts if part.startswith("{")]
    for name in sorted({name for name in names if names.count(name) > 1}):
        message = f"{resource.path} has the parameter {name} more than once"
        yield Problem("error", resource.declared_by, message, "name them differently")


def _check_method(
    api: RestApi, stage: Stage, resource: Resource, method: Method, validator: BodyValidator
) -> Iterator[Problem]:
    by = method.declared_by or f"{method.http_method} {resource.path}"
    yield from _check_method_request(api, resource, method, validator, by)
    for response in method.responses:
        where = response.declared_by or by
        if not _STATUS.fullmatch(response.status_code):
            yield Problem("error", where, f"{response.status_code!r} is not a status", "write a status such as 200")
        for parameter in response.response_parameters:
            if not _RESPONSE_PARAMETER.fullmatch(parameter):
                message = f"{parameter!r} is not a method response parameter"
                yield Problem("error", where, message, "write method.response.header.NAME")
        for name in response.response_models.values():
            if name not in api.models and name not in (EMPTY_MODEL, "Error"):
                yield Problem("error", where, f"there is no model {name!r}", "declare the model")
    if method.integration is None:
        message = f"{method.http_method} {resource.path} has no integration"
        yield Problem("error", by, message, "declare an integration for the method", "deploy")
    else:
        yield from check_integration(stage, resource, method, method.integration, by)
        yield from check_cache_key(method, method.integration, method.integration.declared_by or by)


def _check_method_request(
    api: RestApi, resource: Resource, method: Method, validator: BodyValidator, by: str
) -> Iterator[Problem]:
    for parameter, required in method.request_parameters.items():
        if not _REQUEST_PARAMETER.fullmatch(parameter):
            message = f"{parameter!r} is not a method request parameter"
            yield Problem("error", by, message, "write method.request.header.NAME (or querystring, path)")
        name = parameter.removeprefix("method.request.path.")
        if required and name != parameter and f"{{{name}}}" not in resource.path.replace("+}", "}"):
            message = f"{resource.path} has no path parameter {name}, so that it is always missing"
            yield Problem("warning", by, message, "name a parameter of the path", "request")
    names = [parameter.split(".", 3)[-1] for parameter in method.request_parameters]
    if len(names) != len(set(names)):
        repeated = next(name for name in names if names.count(name) > 1)
        message = "BadRequestException: Parameter names must be unique across querystring, header and path"
        yield Problem("error", by, message, f"give {repeated} another name in all places but one")
    for content_type, name in method.request_models.items():
        if name not in api.models and validator.problem(name):
            message = f"there is no model {name!r}, which validates bodies of type {content_type}"
            yield Problem("error", by, message, "declare the model")
    if method.authorization == "AWS_IAM":
        message = "signatures are not verified locally; any well-formed signature is accepted"
        yield Problem("warning", by, message, "", "here")
    if method.authorization in ("CUSTOM", "COGNITO_USER_POOLS"):
        authorizer = api.authorizers.get(method.authorizer_id or "")
        if authorizer is None:
            message = f"authorization {method.authorization} names no authorizer of the API: {method.authorizer_id!r}"
            yield Problem("error", by, message, "set authorizer_id to an authorizer's id")
        elif (authorizer.type == "COGNITO_USER_POOLS") != (method.authorization == "COGNITO_USER_POOLS"):
            message = f"authorization is {method.authorization}, and the authorizer is of type {authorizer.type}"
            yield Problem("error", by, message, "use the same type for both")
