"""The integration request of a custom integration: mapped parameters, a rendered template, and overrides.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-integration-settings-integration-request.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from parity.gateway.lifecycle.aws_service_uri import service_of
from parity.gateway.lifecycle.content_handling import BinaryMediaTypes, convert_request
from parity.gateway.lifecycle.gateway_response import GatewayResponseError, configuration_error
from parity.gateway.lifecycle.header_rules import dropped_from_integration, refused_by_integration
from parity.gateway.lifecycle.media_type import media_type
from parity.gateway.lifecycle.method_request import header_value
from parity.gateway.lifecycle.parameter_mapping import compile_request_mappings
from parity.gateway.lifecycle.request_work import used_up_error
from parity.gateway.lifecycle.uri_template import UriTemplate
from parity.gateway.model.definition import Integration, RestApi, Stage
from parity.gateway.model.exchange import AppliedMapping, Headers, IntegrationRequest, MethodRequest, RenderedTemplate
from parity.gateway.templates.mapping_template import (
    BrokenMappingTemplate,
    MappingTemplate,
    TemplateError,
    TemplateInput,
    mapping_template,
)
from parity.velocity import java_string
from parity.velocity.budget import active_budget

_METHODS_WITHOUT_CONTENT_TYPE = frozenset({"GET", "HEAD", "OPTIONS"})
_PLACES = ("header", "path", "querystring")

Rendering = MappingTemplate | BrokenMappingTemplate
"""What renders a body; a template that does not compile fails when it is needed."""


def default_headers(api_id: str) -> tuple[tuple[str, str], ...]:
    """The headers that API Gateway sends to an HTTP endpoint by default, unless they are mapped."""
    return (
        ("Accept", "application/json"),
        ("User-Agent", f"AmazonAPIGateway_{api_id}"),
        ("X-Amzn-Apigateway-Api-Id", api_id),
    )


class IntegrationRequestStage:
    """The integration request of one method with a custom integration.

    Args:
        api: the API.
        stage: the stage, for its variables.
        integration: the method's integration.

    Raises:
        MappingExpressionError: a parameter mapping that API Gateway does not know.
    """

    def __init__(self, api: RestApi, stage: Stage, integration: Integration) -> None:
        self._integration = integration
        self._stage_variables = stage.variables
        self._mappings = compile_request_mappings(integration.request_parameters, stage.variables)
        self._templates = {
            content_type: (content_type, mapping_template(source, name=f"{integration.declared_by} {content_type}"))
            for content_type, source in integration.request_templates.items()
            if source
        }
        self.changes_context = any(template.changes_values for _, template in self._templates.values())
        self._binary = BinaryMediaTypes(api.binary_media_types)
        self._uri = UriTemplate(integration.uri, stage.variables)
        self._refused = refused_by_integration(integration.type)
        self._dropped = dropped_from_integration(integration.type)
        self._default_headers = default_headers(api.id)
        service = service_of(integration, stage.variables)
        self._renders_uri = integration.type == "HTTP" or service is not None
        self._service_content_type = service.content_type if service else None

    def build(self, request: MethodRequest, trace: str) -> IntegrationRequest:
        """Turns a method request into an integration request.

        Args:
            request: the method request; its `context` takes what the template sets.
            trace: the value of `X-Amzn-Trace-Id`.

        Raises:
            GatewayResponseError: no template fits the content type, the template fails, or a mapped header is one
                that may not be set.
        """
        content_type = header_value(request.headers, "content-type")
        template = self._choose_template(content_type or "application/json")
        mappings = [mapping.apply(request) for mapping in self._mappings]
        body = convert_request(request.body, self._binary.matches(content_type), self._integration.content_handling)
        rendered = None
        if template is not None:
            rendered = self._render(template, request, body)
            body = rendered.output
        values = self._merge(mappings, request.context["requestOverride"])
        headers = self._headers(values["header"], request, trace, content_type)
        query = [(name, item) for name, value in values["querystring"].items() for item in _each(value)]
        path = {name: value if isinstance(value, str) else ",".join(value) for name, value in values["path"].items()}
        return IntegrationRequest(
            type=self._integration.type,
            method=self._method(request),
            uri=self._uri.render(path, query) if self._renders_uri else self._integration.uri,
            headers=headers,
            body=body.encode() if isinstance(body, str) else body,
            mappings=tuple(mappings),
            template=rendered,
            passthrough=rendered is None and bool(request.body),
            timeout_ms=self._integration.timeout_ms,
        )

    def _method(self, request: MethodRequest) -> str:
        declared = self._integration.http_method
        return request.http_method if declared in ("", "ANY") else declared

    def _choose_template(self, content_type: str) -> tuple[str, Rendering] | None:
        templates = self._templates
        chosen = templates.get(content_type) or templates.get(media_type(content_type)) or templates.get("$default")
        if chosen is not None:
            return chosen
        behavior = self._integration.passthrough_behavior
        if behavior == "NEVER" or (behavior == "WHEN_NO_TEMPLATES" and self._integration.request_templates):
            reason = f"No request template for {content_type}, and passthrough behavior is {behavior}"
            raise GatewayResponseError("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type", reason)
        return None

    def _render(self, chosen: tuple[str, Rendering], request: MethodRequest, body: bytes | str) -> RenderedTemplate:
        content_type, template = chosen
        if isinstance(body, bytes):
            raise configuration_error("A mapping template cannot transform a binary body.")
        output = render(template, request, body, self._stage_variables)
        return RenderedTemplate(
            content_type=content_type,
            source=template.source,
            output=output,
            stage_variables=self._stage_variables,
        )

    def _merge(self, mappings: list[AppliedMapping], overrides: Any) -> dict[str, dict[str, str | tuple[str, ...]]]:
        """The mapped values by place and name, with those that the template overrides."""
        values: dict[str, dict[str, str | tuple[str, ...]]] = {place: {} for place in _PLACES}
        for mapping, applied in zip(self._mappings, mappings, strict=True):
            if applied.value is not None:
                values[mapping.place][mapping.name] = applied.value
        if self.changes_context and isinstance(overrides, dict):
            self._override(values, mappings, overrides)
        return values

    def _override(
        self,
        values: dict[str, dict[str, str | tuple[str, ...]]],
        mappings: list[AppliedMapping],
        overrides: Mapping[str, Any],
    ) -> None:
        for place in _PLACES:
            override = overrides.get(place)
            for name, value in override.items() if isinstance(override, dict) else ():
                if place == "header":
                    _discard(values[place], name.lower())
                values[place][name] = tuple(map(java_string, value)) if isinstance(value, list) else java_string(value)
                self._note_override(mappings, place, name)

    def _note_override(self, mappings: list[AppliedMapping], place: str, name: str) -> None:
        target = f"integration.request.{place}.{name}"
        for index, applied in enumerate(mappings):
            if applied.target == target:
                mappings[index] = AppliedMapping(
                    target=target, source=applied.source, value=applied.value, note="overridden by the template"
                )

    def _headers(
        self,
        values: Mapping[str, str | tuple[str, ...]],
        request: MethodRequest,
        trace: str,
        content_type: str | None,
    ) -> Headers:
        headers: list[tuple[str, str]] = []
        present = set()
        for name, value in values.items():
            lower = name.lower()
            if lower in self._refused:
                raise configuration_error(f"The header {name} may not be mapped.")
            if lower in self._dropped:
                continue
            present.add(lower)
            headers.append((name, value if isinstance(value, str) else ",".join(value)))
        headers.extend(
            [field for field in self._default_headers if field[0].lower() not in present]
            if present
            else self._default_headers
        )
        headers.append(("X-Amzn-Trace-Id", trace))
        if "content-type" in present:
            return tuple(headers)
        if self._service_content_type is not None:
            headers.append(("Content-Type", self._service_content_type))
        elif content_type is not None and request.http_method not in _METHODS_WITHOUT_CONTENT_TYPE:
            headers.append(("Content-Type", content_type))
        return tuple(headers)


def render(template: Rendering, request: MethodRequest, body: str, stage_variables: Mapping[str, str]) -> str:
    """Renders a mapping template with the parameters of a request.

    Args:
        template: the template.
        request: the method request; its `context` takes what the template sets.
        body: the body of the request, or of the endpoint response.
        stage_variables: `$stageVariables`.

    Raises:
        GatewayResponseError: the template fails.
    """
    context = request.context
    assert isinstance(context, dict)  # noqa: S101 - a template may change it
    try:
        return template.render(
            TemplateInput(
                body=body,
                path=request.path_parameters,
                querystring=request.query,
                header=request.headers,
                context=context,
                stage_variables=stage_variables,
            )
        )
    except TemplateError as error:
        budget = active_budget()
        if budget is not None and budget.is_used_up:
            raise used_up_error(f"Unable to transform the body: {error}") from error
        raise configuration_error(f"Unable to transform the body: {error}") from error


def _each(value: str | Sequence[str]) -> Sequence[str]:
    return (value,) if isinstance(value, str) else value


def _discard(values: dict[str, str | tuple[str, ...]], lower_name: str) -> None:
    for name in [name for name in values if name.lower() == lower_name]:
        del values[name]
