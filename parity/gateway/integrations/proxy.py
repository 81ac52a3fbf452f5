"""The proxy integrations: AWS_PROXY, whose event and answer have one fixed form, and HTTP_PROXY, which passes all on.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
"""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from parity.gateway.lifecycle.content_handling import BinaryMediaTypes
from parity.gateway.lifecycle.gateway_response import (
    CONFIGURATION_ERROR,
    INTERNAL_SERVER_ERROR,
    GatewayResponseError,
    configuration_error,
)
from parity.gateway.lifecycle.header_rules import (
    NOT_PASSED_BY_HTTP_PROXY,
    dropped_from_integration,
    refused_by_integration,
)
from parity.gateway.lifecycle.integration_request import default_headers
from parity.gateway.lifecycle.method_request import header_value
from parity.gateway.lifecycle.parameter_mapping import compile_request_mappings
from parity.gateway.lifecycle.uri_template import UriTemplate
from parity.gateway.model.definition import Integration, Resource, RestApi, Stage
from parity.gateway.model.exchange import AppliedMapping, EndpointResponse, Headers, IntegrationRequest, MethodRequest

_REQUEST_CONTEXT = (
    "resourceId",
    "authorizer",
    "resourcePath",
    "operationName",
    "httpMethod",
    "extendedRequestId",
    "requestTime",
    "path",
    "accountId",
    "protocol",
    "stage",
    "domainPrefix",
    "requestTimeEpoch",
    "requestId",
    "identity",
    "domainName",
    "deploymentId",
    "apiId",
)
_ANSWER_KEYS = frozenset({"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"})

ProxyAnswer = tuple[int, list[tuple[str, str]], bytes]
"""What a proxy integration answers: status, headers and body."""


class LambdaProxy:
    """AWS_PROXY: builds the event and reads the answer. Parameter mappings have no effect, but are checked.

    Args:
        api, stage, resource: where the method stands.
        integration: the method's integration.
    """

    def __init__(self, api: RestApi, stage: Stage, resource: Resource, integration: Integration) -> None:
        self._resource_path = resource.path
        self._stage_variables = dict(stage.variables) or None
        self._integration = integration
        self._binary = BinaryMediaTypes(api.binary_media_types)
        self._refused = next(
            (
                mapping.name
                for mapping in compile_request_mappings(integration.request_parameters, stage.variables)
                if mapping.place == "header" and mapping.name.lower() in refused_by_integration("AWS_PROXY")
            ),
            None,
        )

    def build(self, request: MethodRequest, path: str, raw_path_parameters: Mapping[str, str]) -> IntegrationRequest:
        """The integration request, whose body is the proxy event.

        Args:
            request: the method request.
            path: the request's path without the stage, percent-encoded.
            raw_path_parameters: the path parameters, percent-encoded, as this event has them.

        Raises:
            GatewayResponseError: a parameter mapping sets a header that may not be set.
        """
        if self._refused is not None:
            raise configuration_error(f"The header {self._refused} may not be mapped.")
        is_binary = self._binary.matches(header_value(request.headers, "content-type"))
        text = base64.b64encode(request.body).decode() if is_binary else request.body.decode("utf-8", "replace")
        event = {
            "resource": self._resource_path,
            "path": "/" + path.lstrip("/"),
            "httpMethod": request.http_method,
            "headers": dict(request.headers) or None,
            "multiValueHeaders": {name: list(values) for name, values in request.multi_value_headers.items()} or None,
            "queryStringParameters": dict(request.query) or None,
            "multiValueQueryStringParameters": {
                name: list(values) for name, values in request.multi_value_query.items()
            }
            or None,
            "pathParameters": dict(raw_path_parameters) or None,
            "stageVariables": self._stage_variables,
            "requestContext": {name: request.context[name] for name in _REQUEST_CONTEXT if name in request.context},
            "body": text or None,
            "isBase64Encoded": is_binary and bool(text),
        }
        return IntegrationRequest(
            type="AWS_PROXY",
            method=request.http_method if self._integration.http_method == "ANY" else self._integration.http_method,
            uri=self._integration.uri,
            body=json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"),
            passthrough=True,
            timeout_ms=self._integration.timeout_ms,
        )

    def answer(self, request: MethodRequest, endpoint: EndpointResponse) -> ProxyAnswer:
        """Reads the function's answer.

        Raises:
            GatewayResponseError: the function failed or its answer has not the fixed form (502).
        """
        if endpoint.function_error is not None:
            failure = endpoint.body.decode("utf-8", "replace")
            raise malformed(f"Lambda execution failed with status 200 due to customer function error: {failure}")
        try:
            document = json.loads(endpoint.body)
        except (ValueError, RecursionError):
            raise malformed("Malformed Lambda proxy response") from None
        if not isinstance(document, dict) or not document.keys() <= _ANSWER_KEYS:
            raise malformed("Malformed Lambda proxy response")
        body = document.get("body")
        if body is not None and not isinstance(body, str):
            raise malformed("Malformed Lambda proxy response: the body is no string")
        return answer_status(document), answer_headers(document), self._answer_body(document, body or "", request)

    def _answer_body(self, document: Mapping[str, Any], body: str, request: MethodRequest) -> bytes:
        if document.get("isBase64Encoded") is True and self._binary.matches(header_value(request.headers, "accept")):
            try:
                return base64.b64decode(body, validate=True)
            except (binascii.Error, ValueError):
                raise configuration_error("Unable to base64 decode the body.") from None
        return body.encode("utf-8", "replace")


def malformed(reason: str) -> GatewayResponseError:
    """The 502 for an answer that has not the fixed form; `reason` goes to the execution log."""
    return GatewayResponseError("DEFAULT_5XX", INTERNAL_SERVER_ERROR, f"{CONFIGURATION_ERROR}{reason}", status=502)


def answer_status(document: Mapping[str, Any]) -> int:
    """The status in a function's answer, 200 if it names none.

    Raises:
        GatewayResponseError: it is not an HTTP status (502).
    """
    status = document.get("statusCode", 200)
    if isinstance(status, str) and status.isascii() and status.isdigit():
        status = int(status)
    if not isinstance(status, int) or isinstance(status, bool) or not 100 <= status <= 599:
        raise malformed("Malformed Lambda proxy response: statusCode is not an HTTP status")
    return status


def answer_headers(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The headers, of `multiValueHeaders` first; a name that stands in both has all values, in the first spelling.

    Several values make one field, `value1, value2`, as was observed on AWS. Cookies cannot be joined, and stay apart.
    """
    single, several = document.get("headers") or {}, document.get("multiValueHeaders") or {}
    if not isinstance(single, dict) or not isinstance(several, dict):
        raise malformed("Malformed Lambda proxy response: headers is no object")
    fields: dict[str, tuple[str, list[str]]] = {}
    for name, values in several.items():
        if not isinstance(values, list):
            raise malformed(f"Malformed Lambda proxy response: multiValueHeaders.{name} is no list")
        fields.setdefault(name.lower(), (name, []))[1].extend(_header_text(name, value) for value in values)
    for name, value in single.items():
        if value is not None:
            fields.setdefault(name.lower(), (name, []))[1].append(_header_text(name, value))
    headers: list[tuple[str, str]] = []
    for lower, (name, texts) in fields.items():
        if lower == "set-cookie":
            headers.extend((name, text) for text in texts)
        elif texts:
            headers.append((name, ", ".join(texts)))
    return headers


def _header_text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        raise malformed(f"Malformed Lambda proxy response: the header {name} is no string")
    return "" if value is None else str(value)


class HttpProxy:
    """HTTP_PROXY: passes the request on, with mapped parameters over it, and the answer back.

    Args:
        api, stage: where the method stands.
        integration: the method's integration.
    """

    def __init__(self, api: RestApi, stage: Stage, integration: Integration) -> None:
        self._integration = integration
        self._mappings = compile_request_mappings(integration.request_parameters, stage.variables)
        self._uri = UriTemplate(integration.uri, stage.variables)
        self._binary = BinaryMediaTypes(api.binary_media_types)
        self._refused = refused_by_integration("HTTP_PROXY")
        self._dropped = dropped_from_integration("HTTP_PROXY")
        self._default_headers = default_headers(api.id)

    def build(self, request: MethodRequest, trace: str) -> IntegrationRequest:
        """The integration request.

        Args:
            request: the method request.
            trace: the value of `X-Amzn-Trace-Id`.

        Raises:
            GatewayResponseError: a parameter mapping sets a header that may not be set.
        """
        applied = [mapping.apply(request) for mapping in self._mappings]
        query = [(name, value) for name, values in request.multi_value_query.items() for value in values]
        path: dict[str, str] = {}
        for mapping, result in zip(self._mappings, applied, strict=True):
            values = (result.value,) if isinstance(result.value, str) else result.value or ()
            if mapping.place == "querystring":
                query.extend((mapping.name, value) for value in values)
            elif mapping.place == "path" and values:
                path[mapping.name] = ",".join(values)
        declared = self._integration.http_method
        is_binary = self._binary.matches(header_value(request.headers, "content-type"))
        return IntegrationRequest(
            type="HTTP_PROXY",
            method=request.http_method if declared in ("", "ANY") else declared,
            uri=self._uri.render(path, query),
            headers=self._headers(request, applied, trace),
            body=request.body if is_binary else request.body.decode("utf-8", "replace").encode(),
            mappings=tuple(applied),
            passthrough=True,
            timeout_ms=self._integration.timeout_ms,
        )

    def _headers(self, request: MethodRequest, applied: list[AppliedMapping], trace: str) -> Headers:
        mapped: list[tuple[str, str]] = []
        for mapping, result in zip(self._mappings, applied, strict=True):
            if mapping.place != "header" or result.value is None:
                continue
            if mapping.name.lower() in self._refused:
                raise configuration_error(f"The header {mapping.name} may not be mapped.")
            mapped.append((mapping.name, result.value if isinstance(result.value, str) else ",".join(result.value)))
        replaced = {name.lower() for name, _ in mapped} | NOT_PASSED_BY_HTTP_PROXY | {"x-amzn-trace-id"}
        headers = [(n, ",".join(v)) for n, v in request.multi_value_headers.items() if n.lower() not in replaced]
        headers = [field for field in [*headers, *mapped] if field[0].lower() not in self._dropped]
        present = {name.lower() for name, _ in headers}
        headers.extend(field for field in self._default_headers if field[0].lower() not in present)
        headers.append(("X-Amzn-Trace-Id", trace))
        return tuple(headers)

    def answer(self, request: MethodRequest, endpoint: EndpointResponse) -> ProxyAnswer:
        """The endpoint's answer as it is. Without binary media types a body is text, and what is not UTF-8 is lost."""
        headers = {name.lower(): value for name, value in endpoint.headers}
        is_bytes = (
            "content-encoding" in headers
            or self._binary.matches(headers.get("content-type"))
            or self._binary.matches(header_value(request.headers, "accept"))
        )
        body = endpoint.body if is_bytes else endpoint.body.decode("utf-8", "replace").encode()
        return endpoint.status, list(endpoint.headers), body
