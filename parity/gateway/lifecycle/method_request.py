"""The method request: what the client sent, decoded and validated.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, unquote_plus

from parity.gateway.lifecycle.gateway_response import GatewayResponseError
from parity.gateway.lifecycle.header_rules import INVISIBLE_IN_METHOD_REQUEST
from parity.gateway.lifecycle.media_type import media_type
from parity.gateway.model.definition import NOTHING, Method, Resource
from parity.gateway.model.exchange import Headers, MethodRequest, Request

_PLACES = ("header", "path", "querystring")

BodyCheck = Callable[[str, bytes], list[str]]
"""Validates a body against the model of that name; the errors, none when it fits."""

Parameters = tuple[Mapping[str, str], Mapping[str, tuple[str, ...]]]
"""Parameters by name: the last value of each, and all values of each."""


def parse_query(query_string: str) -> Parameters:
    """Decodes a query string; `+` is a space, a name without `=` has an empty value.

    A `;` splits the data, as `&` does: "Amazon API Gateway important notes" of the developer guide.
    """
    if not query_string:
        return NOTHING, NOTHING
    single: dict[str, str] = {}
    several: dict[str, tuple[str, ...]] = {}
    encoded = "%" in query_string or "+" in query_string
    for pair in query_string.replace(";", "&").split("&"):
        if not pair:
            continue
        name, _, value = pair.partition("=")
        if encoded:
            name, value = unquote_plus(name), unquote_plus(value)
        several[name] = (*several[name], value) if name in single else (value,)
        single[name] = value
    return single, several


def visible_headers(headers: Headers, added: tuple[tuple[str, str], ...]) -> Parameters:
    """The headers that templates, mappings and proxy integrations see, with their names as the client wrote them.

    Args:
        headers: as the client sent them.
        added: what API Gateway itself adds, in place of headers of the same name.
    """
    single: dict[str, str] = {}
    several: dict[str, tuple[str, ...]] = {}
    spelling: dict[str, str] = {}
    replaced = {name.lower() for name, _ in added}
    for name, value in headers:
        lower = name.lower()
        if lower in INVISIBLE_IN_METHOD_REQUEST or lower in replaced:
            continue
        first = spelling.setdefault(lower, name)
        several[first] = (*several[first], value) if first in single else (value,)
        single[first] = value
    for name, value in added:
        single[name] = value
        several[name] = (value,)
    return single, several


class MethodRequestStage:
    """The method request of one method.

    Args:
        resource: the resource that has the method.
        method: the method.
        validate_body: checks a body against one of the API's models.
    """

    def __init__(self, resource: Resource, method: Method, validate_body: BodyCheck) -> None:
        self._resource_path = resource.path
        self._check_body = validate_body
        validator = method.request_validator
        parameters_are_validated = validator is not None and validator.validate_request_parameters
        self._required = _required_parameters(method) if parameters_are_validated else ()
        self._models = method.request_models if validator is not None and validator.validate_request_body else NOTHING

    def receive(
        self,
        request: Request,
        raw_path_parameters: Mapping[str, str],
        context: dict[str, Any],
        added_headers: tuple[tuple[str, str], ...],
    ) -> MethodRequest:
        """Decodes a request.

        Args:
            request: what the client sent.
            raw_path_parameters: the path parameters, percent-encoded.
            context: `$context`.
            added_headers: the headers that API Gateway adds.
        """
        query, several_query = parse_query(request.query_string)
        headers, several_headers = visible_headers(request.headers, added_headers)
        return MethodRequest(
            request_id=context["requestId"],
            resource_path=self._resource_path,
            http_method=request.method,
            path_parameters={
                name: unquote(value) if "%" in value else value for name, value in raw_path_parameters.items()
            },
            query=query,
            multi_value_query=several_query,
            headers=headers,
            multi_value_headers=several_headers,
            body=request.body,
            context=context,
        )

    @property
    def validates(self) -> bool:
        """Whether there is anything to validate."""
        return bool(self._required or self._models)

    def validate(self, request: MethodRequest) -> None:
        """Validates parameters and body, as the method's request validator says.

        Raises:
            GatewayResponseError: a required parameter is missing or blank, or the body does not fit its model.
        """
        if self._required:
            missing = [name for place, name in self._required if not _parameter(request, place, name)]
            if missing:
                message = f"Missing required request parameters: [{', '.join(missing)}]"
                raise GatewayResponseError("BAD_REQUEST_PARAMETERS", message, message)
        if self._models:
            self._validate_body(request)

    def _validate_body(self, request: MethodRequest) -> None:
        content_type = header_value(request.headers, "content-type") or "application/json"
        model = self._models.get(content_type) or self._models.get(media_type(content_type))
        model = model or self._models.get("$default")
        if model is None:
            return
        errors = self._check_body(model, request.body)
        if errors:
            reason = f"[{', '.join(errors)}]"
            raise GatewayResponseError("BAD_REQUEST_BODY", "Invalid request body", reason)


def header_value(headers: Mapping[str, str], lower_name: str) -> str | None:
    """The value of a header whatever the case of its name; `lower_name` is in lower case."""
    value = headers.get(lower_name.title())
    if value is not None:
        return value
    for name, value in headers.items():
        if len(name) == len(lower_name) and name.lower() == lower_name:
            return value
    return None


def _required_parameters(method: Method) -> tuple[tuple[str, str], ...]:
    """(place, name) of the required parameters, in the order in which AWS names the missing ones."""
    required = []
    for parameter, is_required in method.request_parameters.items():
        place, _, name = parameter.removeprefix("method.request.").partition(".")
        if is_required and place in _PLACES:
            required.append((_PLACES.index(place), name))
    return tuple((_PLACES[index], name) for index, name in sorted(required))


def _parameter(request: MethodRequest, place: str, name: str) -> str | None:
    if place == "header":
        return header_value(request.headers, name.lower())
    return (request.path_parameters if place == "path" else request.query).get(name)
