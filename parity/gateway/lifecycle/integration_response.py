"""The integration response of a custom integration: which one is selected, and what it makes of the answer.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-integration-settings-integration-response.html
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from parity.gateway.lifecycle.aws_service_uri import service_of
from parity.gateway.lifecycle.content_handling import BinaryMediaTypes, convert_response
from parity.gateway.lifecycle.gateway_response import configuration_error
from parity.gateway.lifecycle.integration_request import Rendering, render
from parity.gateway.lifecycle.media_type import template_for_accept
from parity.gateway.lifecycle.method_request import header_value
from parity.gateway.lifecycle.parameter_mapping import ResponseMapping, compile_response_mappings
from parity.gateway.lifecycle.selection_pattern import JavaPattern, JavaPatternError
from parity.gateway.model.definition import Integration, RestApi, Stage
from parity.gateway.model.definition import IntegrationResponse as DeclaredResponse
from parity.gateway.model.exchange import EndpointResponse, IntegrationResponse, MethodRequest, RenderedTemplate
from parity.gateway.templates.mapping_template import mapping_template
from parity.velocity import java_string


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A declared integration response, ready for use.

    `pattern` is None for the default, an error if Java refuses it. A template is None where it is empty: then the body
    passes through.
    """

    declared: DeclaredResponse
    pattern: JavaPattern | JavaPatternError | None
    mappings: tuple[ResponseMapping, ...]
    templates: Mapping[str, Rendering | None]


class IntegrationResponseStage:
    """The integration responses of one method with a custom integration.

    Args:
        api: the API.
        stage: the stage, for its variables.
        integration: the method's integration.
        statuses: the statuses for which the method has a method response.

    Raises:
        MappingExpressionError: a parameter mapping that API Gateway does not know.
    """

    def __init__(self, api: RestApi, stage: Stage, integration: Integration, statuses: Collection[str]) -> None:
        self._statuses = statuses
        self._is_lambda = integration.type == "AWS" and service_of(integration, stage.variables) is None
        self._stage_variables = stage.variables
        self._binary = BinaryMediaTypes(api.binary_media_types)
        # AWS keeps one of a status. Several patterns may match, and the order of declaration counts for nothing then.
        by_status = {response.status_code: response for response in integration.responses}
        self._responses = tuple(_compile(by_status[status], stage.variables) for status in sorted(by_status))
        templates = [template for response in self._responses for template in response.templates.values() if template]
        self.changes_context = any(template.changes_values for template in templates)
        self.is_bounded = not templates and not any(
            response.selection_pattern or any("body" in source for source in response.response_parameters.values())
            for response in integration.responses
        )
        """Whether applying it takes no more time than its body is long: it runs no template, JSONPath or pattern."""

    def respond(
        self, request: MethodRequest, endpoint: EndpointResponse
    ) -> tuple[IntegrationResponse, int, list[tuple[str, str]]]:
        """Selects an integration response and applies it.

        Args:
            request: the method request; its `context` takes what the template sets.
            endpoint: the backend's answer.

        Returns:
            The integration response, and the status and headers that it leads to, overrides included.

        Raises:
            GatewayResponseError: nothing matches and there is no default, the method has no response for the status,
                or the template fails.
        """
        matched = self._text_to_match(endpoint)
        chosen = self._select(matched)
        if chosen.declared.status_code not in self._statuses:
            status_code = chosen.declared.status_code
            raise configuration_error(f"Output mapping refers to an invalid method response: {status_code}")
        context = request.context
        mappings = tuple([mapping.apply(endpoint, context) for mapping in chosen.mappings])
        body, rendered = self._transform(chosen, request, endpoint)
        headers = [
            (mapping.name, applied.value)
            for mapping, applied in zip(chosen.mappings, mappings, strict=True)
            if isinstance(applied.value, str)
        ]
        status = int(chosen.declared.status_code)
        status, headers = _override(status, headers, context.get("responseOverride"))
        response = IntegrationResponse(
            status_code=chosen.declared.status_code,
            selection_pattern=chosen.declared.selection_pattern or None,
            matched=matched,
            mappings=mappings,
            template=rendered,
            body=body,
        )
        return response, status, headers

    def _text_to_match(self, endpoint: EndpointResponse) -> str:
        """The status of an HTTP backend or AWS service, or a Lambda function's error message, empty if it has none.

        AWS tries the patterns on the empty string too: one that matches it takes every success.
        https://docs.aws.amazon.com/apigateway/latest/developerguide/handle-errors-in-lambda-integration.html
        """
        if not self._is_lambda:
            return str(endpoint.status)
        if endpoint.function_error is None:
            return ""
        try:
            message = json.loads(endpoint.body).get("errorMessage")
        except (ValueError, AttributeError, RecursionError):
            return ""
        return message if isinstance(message, str) else ""

    def _select(self, matched: str) -> _Compiled:
        default = None
        for response in self._responses:
            if response.pattern is None:
                default = default or response
            elif _matches(response.pattern, matched):
                return response
        if default is None:
            raise configuration_error(
                "No match for output mapping and no default output mapping"
                f" configured. Endpoint Response Status Code: {matched}"
            )
        return default

    def _transform(
        self, chosen: _Compiled, request: MethodRequest, endpoint: EndpointResponse
    ) -> tuple[bytes, RenderedTemplate | None]:
        accept = header_value(request.headers, "accept")
        is_binary = accepts_binary = False
        if self._binary.declared:
            content_type = next((v for name, v in endpoint.headers if name.lower() == "content-type"), None)
            is_binary, accepts_binary = self._binary.matches(content_type), self._binary.matches(accept)
        handling = chosen.declared.content_handling
        body = convert_response(endpoint.body, is_binary, accepts_binary, handling)
        content_type = template_for_accept(chosen.templates, accept)
        template = chosen.templates.get(content_type)
        if template is None:
            return body.encode() if isinstance(body, str) else body, None
        if isinstance(body, bytes):
            raise configuration_error("A mapping template cannot transform a binary body.")
        output = render(template, request, body, self._stage_variables)
        rendered = RenderedTemplate(
            content_type=content_type,
            source=template.source,
            output=output,
            stage_variables=self._stage_variables,
        )
        return output.encode(), rendered


def _matches(pattern: JavaPattern | JavaPatternError, text: str) -> bool:
    try:
        if isinstance(pattern, JavaPatternError):
            raise pattern
        return pattern.fullmatch(text)
    except JavaPatternError as error:
        raise configuration_error(f"A selection pattern cannot be matched: {error}") from error


def _pattern(source: str | None) -> JavaPattern | JavaPatternError | None:
    try:
        return JavaPattern(source) if source else None
    except JavaPatternError as error:
        return error


def _compile(declared: DeclaredResponse, stage_variables: Mapping[str, str]) -> _Compiled:
    return _Compiled(
        declared,
        _pattern(declared.selection_pattern),
        compile_response_mappings(declared.response_parameters, stage_variables),
        {
            content_type: mapping_template(source, name=f"{declared.declared_by} {content_type}") if source else None
            for content_type, source in declared.response_templates.items()
        },
    )


def _override(status: int, headers: list[tuple[str, str]], override: Any) -> tuple[int, list[tuple[str, str]]]:
    """The status and headers with what a template set in `$context.responseOverride`."""
    if not isinstance(override, dict):
        return status, headers
    wanted = override.get("status")
    if isinstance(wanted, int) and not isinstance(wanted, bool) and 100 <= wanted <= 599:
        status = wanted
    fields = override.get("header")
    for name, value in fields.items() if isinstance(fields, dict) else ():
        headers = [field for field in headers if field[0].lower() != name.lower()]
        headers.extend((name, java_string(item)) for item in (value if isinstance(value, list) else [value]))
    return status, headers
