"""Parameter mappings: `integration.request.*` from the method request, `method.response.header.*` from the backend.

https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping.html
A mapping expression is compiled once into a function. Names are matched with their case.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from parity.gateway.lifecycle.gateway_response import INTERNAL_SERVER_ERROR, GatewayResponseError
from parity.gateway.lifecycle.mapping_expression import constant, request_parameter, walk
from parity.gateway.model.exchange import AppliedMapping, EndpointResponse, Headers, MethodRequest
from parity.jsonpath.json_text import to_json
from parity.jsonpath.path import JsonPathError, compile_json_path
from parity.velocity.budget import BudgetError
from parity.velocity.errors import LimitError

Value = str | tuple[str, ...] | None
"""What a mapping yields: one value, several of a multi-value source, or None when its source is absent."""

REQUEST_PLACES = ("header", "path", "querystring")
_JSON_BEGINS = (b"{", b"[", b'"', b"'")


class MappingExpressionError(ValueError):
    """A mapping expression that API Gateway does not know; its text names it and says what is allowed."""


@dataclass(frozen=True, slots=True)
class RequestMapping:
    """One compiled `integration.request.{place}.{name}` mapping."""

    target: str
    place: str
    name: str
    source: str
    evaluate: Callable[[MethodRequest], Value]

    def apply(self, request: MethodRequest) -> AppliedMapping:
        """Evaluates the mapping, as the trace tells it."""
        try:
            return AppliedMapping(target=self.target, source=self.source, value=self.evaluate(request))
        except LimitError as error:
            raise BudgetError(f"mapping {self.source} to {self.target}: {error.message}") from error


@dataclass(frozen=True, slots=True)
class ResponseMapping:
    """One compiled `method.response.header.{name}` mapping."""

    name: str
    source: str
    evaluate: Callable[[EndpointResponse, Mapping[str, Any]], str | None]

    def apply(self, response: EndpointResponse, context: Mapping[str, Any]) -> AppliedMapping:
        """Evaluates the mapping, as the trace tells it."""
        target = f"method.response.header.{self.name}"
        try:
            return AppliedMapping(target=target, source=self.source, value=self.evaluate(response, context))
        except LimitError as error:
            raise BudgetError(f"mapping {self.source} to {target}: {error.message}") from error


def compile_request_mappings(
    parameters: Mapping[str, str], stage_variables: Mapping[str, str]
) -> tuple[RequestMapping, ...]:
    """Compiles an integration's `request_parameters`.

    Raises:
        MappingExpressionError: a target or a source that API Gateway does not know.
    """
    mappings = []
    for target, source in parameters.items():
        place, _, name = target.removeprefix("integration.request.").partition(".")
        if not target.startswith("integration.request.") or place not in REQUEST_PLACES or not name:
            raise MappingExpressionError(
                f"{target!r} is not a mapping target: write integration.request.header.NAME, "
                "integration.request.querystring.NAME or integration.request.path.NAME"
            )
        mappings.append(RequestMapping(target, place, name, source, _request_source(source, stage_variables)))
    return tuple(mappings)


def compile_response_mappings(
    parameters: Mapping[str, str], stage_variables: Mapping[str, str]
) -> tuple[ResponseMapping, ...]:
    """Compiles an integration response's `response_parameters`.

    Raises:
        MappingExpressionError: a target or a source that API Gateway does not know.
    """
    mappings = []
    for target, source in parameters.items():
        name = target.removeprefix("method.response.header.")
        if name == target or not name:
            raise MappingExpressionError(f"{target!r} is not a mapping target: write method.response.header.NAME")
        mappings.append(ResponseMapping(name, source, _response_source(source, stage_variables)))
    return tuple(mappings)


def _request_source(source: str, stage_variables: Mapping[str, str]) -> Callable[[MethodRequest], Value]:
    text = constant(source)
    if text is not None:
        return lambda _: text
    if source.startswith("stageVariables."):
        variable = stage_variables.get(source.removeprefix("stageVariables."))
        return lambda _: variable
    if source.startswith("context."):
        path = tuple(source.removeprefix("context.").split("."))
        return lambda request: _context_text(request.context, path)
    if source == "method.request.body" or source.startswith("method.request.body."):
        return _request_body(source.removeprefix("method.request.body").removeprefix("."))
    parameter = request_parameter(source)
    if parameter is None:
        raise MappingExpressionError(
            f"{source!r} is not a mapping source: write method.request.header.NAME (or querystring, path, "
            "multivalueheader, multivaluequerystring, body), context.NAME, stageVariables.NAME or 'a constant'"
        )
    if parameter.place == "multivalueheader":
        return lambda request: _joined(request.multi_value_headers.get(parameter.name))
    if parameter.place == "multivaluequerystring":
        return lambda request: _several(request.multi_value_query.get(parameter.name))
    return parameter.value


def _several(values: tuple[str, ...] | None) -> Value:
    return values[0] if values is not None and len(values) == 1 else values


def _joined(values: tuple[str, ...] | None) -> str | None:
    return None if values is None else ",".join(values)


def _request_body(expression: str) -> Callable[[MethodRequest], Value]:
    compiled = compile_json_path("$." + expression) if expression else None

    def evaluate(request: MethodRequest) -> Value:
        try:
            document = _parse_body(request.body)
        except ValueError:
            raise GatewayResponseError("DEFAULT_4XX", "Invalid JSON in request body") from None
        return _body_value(request.body, document, compiled)

    return evaluate


def _response_source(
    source: str, stage_variables: Mapping[str, str]
) -> Callable[[EndpointResponse, Mapping[str, Any]], str | None]:
    text = constant(source)
    if text is not None:
        return lambda _, __: text
    if source.startswith("stageVariables."):
        variable = stage_variables.get(source.removeprefix("stageVariables."))
        return lambda _, __: variable
    if source.startswith("context."):
        path = tuple(source.removeprefix("context.").split("."))
        return lambda _, context: _context_text(context, path)
    if source == "integration.response.body" or source.startswith("integration.response.body."):
        return _response_body(source.removeprefix("integration.response.body").removeprefix("."))
    place, _, name = source.removeprefix("integration.response.").partition(".")
    if source.startswith("integration.response.") and name and place == "header":
        return lambda response, _: _last_header(response.headers, name)
    if source.startswith("integration.response.") and name and place == "multivalueheader":
        return lambda response, _: _joined(tuple(value for key, value in response.headers if key == name) or None)
    raise MappingExpressionError(
        f"{source!r} is not a mapping source: write integration.response.header.NAME (or multivalueheader, body), "
        "context.NAME, stageVariables.NAME or 'a constant'"
    )


def _response_body(expression: str) -> Callable[[EndpointResponse, Mapping[str, Any]], str | None]:
    compiled = compile_json_path("$." + expression) if expression else None
    reads_error = expression.startswith(("errorMessage.", "errorMessage["))

    def evaluate(response: EndpointResponse, _: Mapping[str, Any]) -> str | None:
        try:
            document = _parse_body(response.body)
        except ValueError as error:
            reason = f"Unable to parse the endpoint response body as JSON: {error}"
            raise GatewayResponseError("DEFAULT_5XX", INTERNAL_SERVER_ERROR, reason) from None
        if reads_error and response.function_error is not None:
            document = _with_parsed_error(document)
        return _body_value(response.body, document, compiled)

    return evaluate


def _with_parsed_error(document: Any) -> Any:
    """A Lambda function's error whose `errorMessage` holds JSON, with that parsed.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/handle-errors-in-lambda-integration.html
    """
    try:
        return {**document, "errorMessage": json.loads(document["errorMessage"])}
    except (KeyError, TypeError, ValueError, RecursionError):
        return document


def _parse_body(body: bytes) -> Any:
    """The parsed body. What does not begin as JSON does counts as an empty object, and is no error."""
    stripped = body.strip()
    return json.loads(stripped) if stripped.startswith(_JSON_BEGINS) else {}


def _body_value(body: bytes, document: Any, compiled: Any) -> str | None:
    if compiled is None:
        return (body.strip() or b"{}").decode("utf-8", "replace")
    try:
        value = compiled.read(document)
    except JsonPathError:
        return None
    if value is None or isinstance(value, str):
        return value
    return to_json(value)


def _context_text(context: Mapping[str, Any], path: Iterable[str]) -> str | None:
    value = walk(context, path)
    if value is None or isinstance(value, Mapping | list):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _last_header(headers: Headers, name: str) -> str | None:
    found = None
    for key, value in headers:
        if key == name:
            found = value
    return found
