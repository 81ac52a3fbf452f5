"""Prints the trace of a request: what each stage of API Gateway's lifecycle made of it, in 80 columns."""

from collections.abc import Iterable, Mapping
from typing import TextIO

from rich.console import Console
from rich.text import Text

from parity.gateway.model.exchange import (
    AppliedMapping,
    Exchange,
    Headers,
    IntegrationRequest,
    IntegrationResponse,
    MethodRequest,
    MethodResponse,
    RenderedTemplate,
)

WIDTH = 80
_INDENT = "  "
_LABEL = 12
_MAX_LINES = 60


def print_exchange(exchange: Exchange, out: TextIO) -> None:
    """Prints a finished exchange, in colour on a terminal.

    Args:
        exchange: the request and what each stage made of it.
        out: where to.
    """
    console = Console(file=out, width=WIDTH, highlight=False, soft_wrap=False)
    for line in _exchange(exchange):
        console.print(line, overflow="fold")


def _exchange(exchange: Exchange) -> Iterable[Text]:
    request, response = exchange.request, exchange.response
    target = request.path + (f"?{request.query_string}" if request.query_string else "")
    total = sum(exchange.timings_ms.values())
    colour = "green" if response is not None and response.status < 400 else "red"
    status = response.status if response is not None else "?"
    title = (_printable(f"{request.method} {target} "), "bold")
    yield Text.assemble(title, (str(status), colour), (f" {total:.1f} ms", "dim"))
    yield from _method_request(exchange, exchange.method_request)
    if exchange.integration_request is not None:
        yield from _integration_request(exchange, exchange.integration_request)
    yield from _endpoint_response(exchange)
    if exchange.integration_response is not None:
        yield from _integration_response(exchange, exchange.integration_response)
    if exchange.gateway_response is not None:
        failure = exchange.gateway_response
        yield _title("gateway response", None, failure.response_type)
        yield from _field("reason", failure.reason)
    if response is not None:
        yield from _method_response(exchange, response)
    yield Text()


def _method_request(exchange: Exchange, request: MethodRequest | None) -> Iterable[Text]:
    if request is None:
        return
    milliseconds = exchange.timings_ms.get("method_request")
    yield _title("method request", milliseconds, f"{request.http_method} {request.resource_path}")
    yield from _pairs("path", request.path_parameters)
    yield from _pairs(
        "query", [(name, value) for name, values in request.multi_value_query.items() for value in values]
    )
    yield from _pairs("header", request.headers)
    yield from _pairs("authorizer", {name: str(value) for name, value in request.authorizer.items()})
    yield from _body(request.body)


def _integration_request(exchange: Exchange, request: IntegrationRequest) -> Iterable[Text]:
    milliseconds = exchange.timings_ms.get("integration_request")
    service = f" {request.service} {request.action or 'path'}" if request.service else ""
    yield _title("integration request", milliseconds, request.type + service)
    yield from _mappings(request.mappings)
    if request.template is not None:
        yield from _template(request.template)
    elif request.passthrough:
        yield from _field("template", "none: the body is passed through")
    if request.type != "MOCK":
        yield from _field("sends", f"{request.method} {request.uri}")
        yield from _pairs("header", request.headers)
    if request.template is None:
        yield from _body(request.body)


def _endpoint_response(exchange: Exchange) -> Iterable[Text]:
    response = exchange.endpoint_response
    milliseconds = exchange.timings_ms.get("integration")
    if response is None:
        if milliseconds is not None:
            yield _title("integration", milliseconds, "no answer")
        return
    error = f", {response.function_error}" if response.function_error else ""
    yield _title("integration", milliseconds, f"status {response.status}{error}")
    yield from _pairs("header", response.headers)
    yield from _body(response.body)


def _integration_response(exchange: Exchange, response: IntegrationResponse) -> Iterable[Text]:
    milliseconds = exchange.timings_ms.get("integration_response")
    chosen = f"pattern {response.selection_pattern}" if response.selection_pattern else "the default"
    yield _title("integration response", milliseconds, f"{response.status_code}, {chosen}")
    if response.matched:
        yield from _field("matched", response.matched)
    yield from _mappings(response.mappings)
    if response.template is not None:
        yield from _template(response.template)


def _method_response(exchange: Exchange, response: MethodResponse) -> Iterable[Text]:
    yield _title("method response", exchange.timings_ms.get("method_response"), f"status {response.status}")
    yield from _pairs("header", response.headers)
    for name, new_name in response.remapped:
        yield from _field("renamed", f"{name} -> {new_name}")
    yield from _body(response.body)


def _title(stage: str, milliseconds: float | None, detail: str) -> Text:
    took = "" if milliseconds is None else f"  {milliseconds:.2f} ms"
    return Text.assemble((stage, "bold cyan"), f"  {_printable(detail)}", (took, "dim"))


def _mappings(mappings: Iterable[AppliedMapping]) -> Iterable[Text]:
    for mapping in mappings:
        value = mapping.value if isinstance(mapping.value, str) else ", ".join(mapping.value or ())
        shown = "absent, nothing is sent" if mapping.value is None else value
        note = f" ({mapping.note})" if mapping.note else ""
        yield from _field("mapping", f"{mapping.target} <- {mapping.source} = {shown}{note}")


def _template(template: RenderedTemplate) -> Iterable[Text]:
    yield from _field("template", f"{template.content_type}, rendered:")
    yield from _block(template.output)


def _pairs(label: str, pairs: Mapping[str, str] | Headers | list[tuple[str, str]]) -> Iterable[Text]:
    for name, value in pairs.items() if isinstance(pairs, Mapping) else pairs:
        yield from _field(label, f"{name}: {value}")


def _body(body: bytes) -> Iterable[Text]:
    if not body:
        return
    try:
        text = body.decode()
    except UnicodeDecodeError:
        yield from _field("body", f"{len(body)} bytes that are no text")
        return
    yield from _field("body", "")
    yield from _block(text)


def _field(label: str, text: str) -> Iterable[Text]:
    """A labelled value; what does not fit goes on under it."""
    room = WIDTH - len(_INDENT) - _LABEL
    pieces = [text[start : start + room] for start in range(0, len(text), room)] or [""]
    yield Text.assemble((f"{_INDENT}{label:<{_LABEL}}" if text else _INDENT + label, "dim"), _printable(pieces[0]))
    for piece in pieces[1:]:
        yield Text(_INDENT + " " * _LABEL + _printable(piece))


def _block(text: str) -> Iterable[Text]:
    room = WIDTH - 2 * len(_INDENT)
    lines = [line[start : start + room] for line in text.splitlines() if line.strip() for start in _starts(line, room)]
    for line in lines[:_MAX_LINES]:
        yield Text(_INDENT * 2 + _printable(line))
    if len(lines) > _MAX_LINES:
        yield Text(f"{_INDENT * 2}{len(lines) - _MAX_LINES} more lines", style="dim")


def _starts(line: str, room: int) -> range:
    return range(0, len(line), room)


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
