"""What each backend was sent, read from the trace of the local gateway: no backend needs to echo anything.

What is read depends on the integration. A proxy integration, an HTTP integration and the event of AWS's article have a
shape that says which value is which. Whatever else a mapping template makes has a shape of its own; in that the values
of the request are looked for, one by one, so that what is said of it is whether a value was passed on, not where.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from parity.compare.case import Case
from parity.compare.pair.pair import Endpoint
from parity.compare.pair.route import parameters_of
from parity.compare.received import ABSENT, Received, body_of, parse_json
from parity.gateway.lifecycle.mapping_expression import request_parameter

if TYPE_CHECKING:
    from parity.gateway.model.exchange import Exchange, IntegrationRequest

DEEPEST = 8
"""How many texts within texts are read as JSON, or as a form."""


def sent_by_client(case: Case, endpoint: Endpoint) -> Received:
    """The data of a request: path parameters, query strings, the case's own headers and the body."""
    headers: dict[str, list[str]] = {}
    for name, value in case.headers:
        headers.setdefault(name.lower(), []).append(value)
    return Received(
        method=case.method,
        path=case.decoded_path,
        parameters=dict(zip(parameters_of(endpoint.path), map(unquote, case.parameters or ()), strict=False)),
        query=case.query,
        headers={name: tuple(values) for name, values in headers.items()},
        header_names={name.lower(): name for name, _ in case.headers},
        body=body_of(case.body_text),
        body_text=case.body_text,
    )


def sent_to_backend(exchange: "Exchange", sent: Received, endpoint: Endpoint) -> Received | None:
    """What a backend was sent of a request's data; None where it was not reached, or there is none (MOCK).

    Args:
        exchange: what the gateway did with the request.
        sent: the request's data.
        endpoint: where it was sent.
    """
    request = exchange.integration_request
    if request is None or request.type == "MOCK" or exchange.endpoint_response is None:
        return None
    names = parameters_of(endpoint.path)
    if request.type == "AWS_PROXY":
        return _renamed(_of_proxy_event(request), names, sent)
    if request.type in ("HTTP", "HTTP_PROXY"):
        return _of_http(request, sent, names)
    return _renamed(_of_passthrough_event(request), names, sent) or _by_value(request, sent)


def _renamed(received: Received | None, names: list[str], sent: Received) -> Received | None:
    """Path parameters by the names of the left route: those of the two may differ, their order does not."""
    if received is None:
        return None
    own = received.parameters
    parameters = {name: own[here] for name, here in zip(sent.parameters, names, strict=False) if here in own}
    return _with(received, parameters=parameters)


def _with(received: Received, **values: Any) -> Received:
    from dataclasses import replace

    return replace(received, **values)


def _of_proxy_event(request: "IntegrationRequest") -> Received:
    """The event of a Lambda proxy integration; its path parameters are percent-encoded."""
    event: dict[str, Any] = json.loads(request.body)
    text = event.get("body") or ""
    if event.get("isBase64Encoded"):
        text = _decoded(text)
    headers = event.get("multiValueHeaders") or {}
    return Received(
        method=str(event.get("httpMethod")),
        path=str(event.get("path")).removeprefix("/"),
        parameters={name: unquote(value) for name, value in (event.get("pathParameters") or {}).items()},
        query={name: tuple(values) for name, values in (event.get("multiValueQueryStringParameters") or {}).items()},
        headers={name.lower(): tuple(values) for name, values in headers.items()},
        header_names={name.lower(): name for name in headers},
        body=body_of(text),
        body_text=text,
    )


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return text


def _of_passthrough_event(request: "IntegrationRequest") -> Received | None:
    """The event of AWS's method request passthrough template, None for any other."""
    try:
        event = parse_json(request.body.decode("utf-8", "replace"))
        params = event["params"]
        path, query, headers = ({k: str(v) for k, v in params[p].items()} for p in ("path", "querystring", "header"))
        body = event["body-json"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return Received(
        method=str(event.get("method", request.method)),
        path="",
        parameters=path,
        query={name: (value,) for name, value in query.items()},
        headers={name.lower(): (value,) for name, value in headers.items()},
        header_names={name.lower(): name for name in headers},
        body=body,
    )


def _of_http(request: "IntegrationRequest", sent: Received, names: list[str]) -> Received:
    """A request over HTTP. What a mapping gave another name, or another place, counts as passed on."""
    parts = urlsplit(request.uri)
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        query.setdefault(name, []).append(value)
    headers: dict[str, list[str]] = {}
    for name, value in request.headers:
        headers.setdefault(name.lower(), []).append(value)
    mapped: dict[tuple[str, str], tuple[str, ...]] = {}
    for mapping in request.mappings:
        source = request_parameter(mapping.source)
        if source is not None and mapping.value is not None and not mapping.note:
            values = (mapping.value,) if isinstance(mapping.value, str) else mapping.value
            place = source.place.removeprefix("multivalue")
            mapped[place, source.name.lower() if place == "header" else source.name] = values
    segments = [unquote(segment) for segment in parts.path.split("/")]
    parameters = {}
    for name, own in zip(sent.parameters, names, strict=False):
        value = sent.parameters[name]
        if mapped.get(("path", own)) == (value,) or value in segments or value.strip("/") in unquote(parts.path):
            parameters[name] = value
    text = request.body.decode("utf-8", "replace")
    body = body_of(text)
    if request.template is not None and not _same_shape(body, sent.body):
        body = _found_in(sent.body, _Values(body))
    return Received(
        method=request.method,
        path=unquote(parts.path).removeprefix("/"),
        parameters=parameters,
        query={name: tuple(v) for name, v in query.items()} | _elsewhere(mapped, "querystring", query),
        headers={name: tuple(v) for name, v in headers.items()} | _elsewhere(mapped, "header", headers),
        header_names={name.lower(): name for name, _ in request.headers},
        body=body,
        body_text=text,
    )


def _elsewhere(
    mapped: Mapping[tuple[str, str], tuple[str, ...]], place: str, there: Mapping[str, Any]
) -> dict[str, tuple[str, ...]]:
    """The values that a mapping sent on under another name."""
    return {name: values for (of, name), values in mapped.items() if of == place and name not in there}


def _same_shape(left: Any, right: Any) -> bool:
    """Whether two bodies have the same keys, so that they are compared place by place."""
    if isinstance(left, dict) and isinstance(right, dict):
        return bool(left.keys() & right.keys()) or not left or not right
    return type(left) is type(right)


class _Values:
    """The values within what a template rendered: those of JSON, of a form, and of texts that are either."""

    def __init__(self, body: Any) -> None:
        self.texts: set[str] = set()
        self._add(body, 0)

    def _add(self, value: Any, depth: int) -> None:
        if isinstance(value, dict):
            for key, each in value.items():
                self.texts.add(key)
                self._add(each, depth)
        elif isinstance(value, list):
            for each in value:
                self._add(each, depth)
        elif isinstance(value, str):
            self.texts.add(value)
            if depth < DEEPEST:
                for inner in _within(value):
                    self._add(inner, depth + 1)
        elif value is not ABSENT:
            self.texts.add(_text(value))

    def holds(self, value: Any) -> bool:
        """Whether a value, or its text, is there."""
        return _text(value) in self.texts


def _within(text: str) -> Iterator[Any]:
    if text[:1] in ("{", "[", '"'):
        try:
            yield parse_json(text)
        except ValueError:
            return
    elif "=" in text:
        yield from (value for _, value in parse_qsl(text))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _found_in(value: Any, values: _Values) -> Any:
    """A body with the parts left out that are not there; ABSENT where nothing of it is."""
    if isinstance(value, dict) and value:
        parts = {key: _found_in(each, values) for key, each in value.items()}
        kept = {key: each for key, each in parts.items() if each is not ABSENT}
        return kept or ABSENT
    if isinstance(value, list) and value:
        found = [_found_in(each, values) for each in value]
        return value if all(each is not ABSENT for each in found) else ABSENT
    if value is ABSENT or value in ({}, [], "", None):
        return value
    return value if values.holds(value) else ABSENT


def _by_value(request: "IntegrationRequest", sent: Received) -> Received:
    """What of a request's values is anywhere in an event, or in a request to a service."""
    values = _Values([body_of(request.body.decode("utf-8", "replace")), request.uri, dict(request.headers)])
    query = {name: tuple(value for value in several if values.holds(value)) for name, several in sent.query.items()}
    headers = {name: tuple(value for value in several if values.holds(value)) for name, several in sent.headers.items()}
    return Received(
        method=sent.method,
        path=sent.path,
        parameters={name: value for name, value in sent.parameters.items() if values.holds(value)},
        query={name: several for name, several in query.items() if several},
        headers={name: several for name, several in headers.items() if several},
        header_names=sent.header_names,
        body=_found_in(sent.body, values),
    )
