"""What is wrong with an integration and its responses."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from parity.gateway.checks.problem import Problem
from parity.gateway.checks.streaming import check_streaming
from parity.gateway.integrations.lambda_function import function_arn
from parity.gateway.lifecycle.aws_service_uri import CALLER_CREDENTIALS, parse_aws_service_uri
from parity.gateway.lifecycle.header_rules import refused_by_integration
from parity.gateway.lifecycle.mapping_expression import request_parameter
from parity.gateway.lifecycle.parameter_mapping import (
    MappingExpressionError,
    compile_request_mappings,
    compile_response_mappings,
)
from parity.gateway.lifecycle.selection_pattern import JavaPattern, JavaPatternError
from parity.gateway.lifecycle.uri_template import UriTemplate, with_stage_variables
from parity.gateway.model.definition import Integration, IntegrationResponse, Method, Resource, Stage
from parity.gateway.model.quotas import DEFAULT_TIMEOUT_MS, MAX_RAISED_TIMEOUT_MS, MAX_TEMPLATE_BYTES, MIN_TIMEOUT_MS
from parity.gateway.templates.mapping_template import MappingTemplate, TemplateError

_PROXIES: Final = ("AWS_PROXY", "HTTP_PROXY")
_HTTP_URI: Final = re.compile(r"https?://[^/\s]+.*", re.DOTALL)
_FIX_TEMPLATE: Final = "fix the template at that place"


def check_integration(
    stage: Stage, resource: Resource, method: Method, integration: Integration, method_declared_by: str
) -> Iterator[Problem]:
    """The problems of a method's integration.

    Args:
        stage: the stage, for its variables.
        resource, method: the method that has the integration.
        integration: the integration.
        method_declared_by: who is named where an integration has no name of its own.
    """
    by = integration.declared_by or method_declared_by
    if not integration.http_method and integration.type != "MOCK":
        message = (
            f"BadRequestException: Unable to put integration on '{method.http_method}' for resource at path "
            f"'{resource.path}': Enumeration value for HttpMethod must be non-empty"
        )
        yield Problem("error", by, message, 'write httpMethod: "POST" for a Lambda function')
    yield from _check_uri(stage, method, integration, by)
    yield from check_streaming(integration, by)
    if integration.response_transfer_mode != "STREAM":
        yield from _check_timeout(integration, by)
    yield from _check_templates(integration.request_templates, by)
    yield from _check_request_mappings(stage, method, integration, by)
    if integration.type not in _PROXIES:
        yield from _check_responses(stage, method, integration, by)
    if integration.type == "MOCK" and not integration.request_templates:
        message = f"the MOCK integration of {method.http_method} {resource.path} has no request template"
        yield Problem("warning", by, message, 'give it one that yields {"statusCode": 200}', "request")


def _check_uri(stage: Stage, method: Method, integration: Integration, by: str) -> Iterator[Problem]:
    if integration.type in ("HTTP", "HTTP_PROXY"):
        uri = with_stage_variables(integration.uri, stage.variables)
        if not _HTTP_URI.fullmatch(uri.strip()):
            message = f"the URI {uri!r} is not an HTTP endpoint"
            if uri == integration.uri:
                yield Problem("error", by, message, "write http:// or https:// and a host")
            else:
                fix = f"set the variables of {integration.uri!r} on the stage {stage.name}"
                yield Problem("warning", by, message, fix, "request")
        mapped = {name.removeprefix("integration.request.path.") for name in integration.request_parameters}
        for name in UriTemplate(integration.uri, stage.variables).names:
            if name not in mapped and integration.type == "HTTP":
                message = f"the URI has the parameter {name}, to which nothing is mapped"
                fix = f"map integration.request.path.{name}, unless a template sets it"
                yield Problem("warning", by, message, fix, "request")
    elif integration.type in ("AWS", "AWS_PROXY"):
        if not integration.uri.startswith("arn:"):
            yield Problem("error", by, f"the URI {integration.uri!r} is no ARN", "use the function's invoke_arn")
        elif function_arn(integration.uri, stage.variables) is None:
            yield from _check_service(stage, method, integration, by)
        elif integration.http_method not in ("POST", ""):
            message = f"a Lambda function is invoked with POST, not {integration.http_method}"
            yield Problem("warning", by, message, 'set integration_http_method to "POST"', "request")


def _check_service(stage: Stage, method: Method, integration: Integration, by: str) -> Iterator[Problem]:
    """The problems of an integration with an AWS service other than Lambda; the first two in AWS's own words."""
    service = parse_aws_service_uri(with_stage_variables(integration.uri, stage.variables))
    if service is None:
        fix = "use a function's invoke_arn, or arn:aws:apigateway:REGION:SERVICE:action/ACTION (or :path/PATH)"
        yield Problem("error", by, f"{integration.uri!r}: AWS ARN for integration must contain path or action", fix)
        return
    if integration.type == "AWS_PROXY":
        message = "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream"
        yield Problem("error", by, f"{message} invocations.", 'set type to "AWS"')
    if not integration.credentials:
        message = "Role ARN must be specified for AWS integrations"
        yield Problem("error", by, message, "set credentials to the ARN of a role that API Gateway may assume")
    elif integration.credentials == CALLER_CREDENTIALS and method.authorization != "AWS_IAM":
        message = (
            "the credentials are the caller's, and the method does not ask for a signature: requests fail with 500"
        )
        yield Problem("warning", by, message, 'set the method\'s authorization to "AWS_IAM"', "request")


def _check_timeout(integration: Integration, by: str) -> Iterator[Problem]:
    timeout = integration.timeout_ms
    if not MIN_TIMEOUT_MS <= timeout <= MAX_RAISED_TIMEOUT_MS:
        message = f"the timeout of {timeout} ms is out of range"
        yield Problem("error", by, message, f"use {MIN_TIMEOUT_MS} to {DEFAULT_TIMEOUT_MS} milliseconds")
    elif timeout > DEFAULT_TIMEOUT_MS:
        message = f"a timeout of {timeout} ms needs a quota above {DEFAULT_TIMEOUT_MS} ms in the account"
        yield Problem("warning", by, message, "request the quota, or use a shorter timeout")


def _check_templates(templates: Mapping[str, str], by: str) -> Iterator[Problem]:
    for content_type, source in templates.items():
        size = len(source.encode())
        if size > MAX_TEMPLATE_BYTES:
            message = f"the template for {content_type} has {size} bytes"
            yield Problem("error", by, message, f"keep it to {MAX_TEMPLATE_BYTES} bytes")
        try:
            MappingTemplate(source, name=content_type)
        except TemplateError as error:
            place = f"line {error.line}, column {error.column}"
            message = f"the template for {content_type} does not compile: {place}: {error.message}"
            yield Problem("error", by, message, _FIX_TEMPLATE, "request")


def _check_request_mappings(stage: Stage, method: Method, integration: Integration, by: str) -> Iterator[Problem]:
    refused = refused_by_integration(integration.type)
    for target, source in integration.request_parameters.items():
        try:
            compile_request_mappings({target: source}, stage.variables)
        except MappingExpressionError as error:
            yield Problem(
                "error", by, str(error), "write it as in integration.request.header.NAME: method.request.header.NAME"
            )
            continue
        except ValueError as error:
            yield Problem(
                "error",
                by,
                f"{source!r} cannot be compiled: {error}",
                "write it as in integration.request.header.NAME: method.request.header.NAME",
            )
            continue
        parameter = request_parameter(source)
        declared = parameter.declaration if parameter else None
        if declared is not None and declared.lower() not in {name.lower() for name in method.request_parameters}:
            message = f"{target} is mapped from {source}, which the method request does not declare"
            yield Problem("error", by, message, f"add {declared} to the method's request_parameters")
        header = target.removeprefix("integration.request.header.")
        if header != target and header.lower() in refused:
            message = f"the header {header} may not be mapped: every request that maps it ends with 500"
            yield Problem("warning", by, message, "leave the mapping out", "request")


def _check_responses(stage: Stage, method: Method, integration: Integration, by: str) -> Iterator[Problem]:
    if not integration.responses:
        yield Problem(
            "warning",
            by,
            "no integration response is declared, so that every answer is a 500",
            "declare one",
            "request",
        )
    by_status = {response.status_code: response for response in integration.responses}
    for response in integration.responses:
        if response is not by_status[response.status_code]:
            message = (
                f"there is another integration response for status {response.status_code}, which replaces this one"
            )
            fix = "join their patterns with |, or give them different statuses"
            yield Problem("warning", response.declared_by or by, message, fix, "request")
    defaults = [response for response in by_status.values() if not response.selection_pattern]
    if len(defaults) > 1:
        statuses = ", ".join(response.status_code for response in defaults)
        message = f"{len(defaults)} integration responses have no selection pattern: {statuses}"
        yield Problem("warning", defaults[1].declared_by or by, message, "give all but one a pattern", "request")
    for response in integration.responses:
        yield from _check_response(stage, method, response, response.declared_by or by)


def _check_response(stage: Stage, method: Method, response: IntegrationResponse, by: str) -> Iterator[Problem]:
    declared = next((item for item in method.responses if item.status_code == response.status_code), None)
    if declared is None:
        message = f"the method has no response {response.status_code}, which this integration response is for"
        yield Problem("error", by, message, f"declare a method response for {response.status_code}", "request")
    try:
        JavaPattern(response.selection_pattern or "")
    except JavaPatternError as error:
        message = f"the selection pattern {response.selection_pattern!r} is no regular expression: {error}"
        yield Problem("error", by, message, "write a pattern that Java's regular expressions accept", "request")
    yield from _check_templates(response.response_templates, by)
    names = {name.lower() for name in (declared.response_parameters if declared else ())}
    for target, source in response.response_parameters.items():
        try:
            compile_response_mappings({target: source}, stage.variables)
        except ValueError as error:
            yield Problem(
                "error", by, str(error), "write it as in method.response.header.NAME: integration.response.header.NAME"
            )
            continue
        if declared is not None and target.lower() not in names:
            message = f"{target} is mapped, and the method response {response.status_code} does not declare it"
            yield Problem("error", by, message, f"add {target} to its response_parameters")
