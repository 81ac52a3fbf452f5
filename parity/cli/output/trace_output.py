"""Prints the trace of a request: what each stage of API Gateway's lifecycle made of it, in 80 columns."""

import textwrap
from collections.abc import Iterable, Mapping
from typing import TextIO

from rich.console import Console
from rich.text import Text

from parity.compare.client import Answer
from parity.compare.diagnosis.broken_template import broken_template
from parity.compare.diagnosis.clue import clue
from parity.compare.diagnosis.template_files import TemplateFiles
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
from parity.jsonpath.json_fault import describe_json_fault
from parity.terminal import printable, visible

WIDTH = 80
_INDENT = "  "
_LABEL = 12
_MAX_LINES = 60


def is_failure(exchange: Exchange) -> bool:
    """Whether a request failed: it was answered with an error, a backend behind the answer failed, or a template's
    output is not what its content type says, whatever the status.
    """
    status = exchange.response.status if exchange.response is not None else 0
    return not 0 < status < 400 or _backend_failed(exchange) or broken_template(exchange) is not None


def print_exchange(exchange: Exchange, out: TextIO, files: TemplateFiles, *, trace: bool = True) -> None:
    """Prints a finished exchange, in colour on a terminal: first the answer and why it is one, then the trace.

    Args:
        exchange: the request and what each stage made of it.
        out: where to.
        files: the project's files, in which templates are looked up.
        trace: whether to print what each stage made of it.
    """
    console = Console(file=out, width=WIDTH, highlight=False, soft_wrap=False)
    for line in _verdict(exchange, files):
        console.print(line, soft_wrap=True)
    for line in _exchange(exchange) if trace else ():
        console.print(line, overflow="fold")


def _verdict(exchange: Exchange, files: TemplateFiles) -> Iterable[Text]:
    """The request, the status, the reason when it failed, the body of the answer."""
    request, response = exchange.request, exchange.response
    target = request.path + (f"?{request.query_string}" if request.query_string else "")
    status = response.status if response is not None else 0
    only_backend_failed = 0 < status < 400 and broken_template(exchange) is None
    mark, colour = ("!", "yellow") if only_backend_failed else ("✗", "red")
    if not is_failure(exchange):
        mark, colour = "✓", "green"
    total = sum(exchange.timings_ms.values())
    title = (visible(f"{request.method} {target} "), "bold")
    yield Text.assemble((f"{mark} ", colour), title, (str(status), colour), (f" {total:.1f} ms", "dim"))
    reason = _reason(exchange, status, files)
    for line in printable(reason).split("\n") if reason else ():
        yield Text(_INDENT + line, style=colour)
    body = response.body if response is not None else b""
    for line in _broken_output(exchange):
        yield Text(_INDENT + line)
    yield from _answer_body(body)
    yield Text()


def _backend_failed(exchange: Exchange) -> bool:
    endpoint = exchange.endpoint_response
    return endpoint is not None and (endpoint.status >= 400 or endpoint.function_error is not None)


def _reason(exchange: Exchange, status: int, files: TemplateFiles) -> str:
    """Why it failed; also of an answer of 200 behind which a backend failed."""
    if not is_failure(exchange):
        return ""
    answer = Answer(status=status, body=exchange.response.body if exchange.response else b"")
    found = clue(answer, exchange, expected_status=200, is_echo=False, files=files)
    endpoint = exchange.endpoint_response
    if endpoint is None or not _backend_failed(exchange) or exchange.gateway_response is not None:
        return found
    if endpoint.function_error is not None:
        text = endpoint.body[:500].decode("utf-8", "replace")
        return found if found and status >= 400 else f"the function failed ({endpoint.function_error}): {text}"
    if status < 400:
        became = f"the integration answered {endpoint.status}, which the integration response made {status}"
        return f"{found}\n{became}" if broken_template(exchange) is not None else became
    return found


def _broken_output(exchange: Exchange) -> Iterable[str]:
    """Where a template's output is not the JSON that it should be, as `parity render` shows it."""
    broken = broken_template(exchange)
    if broken is not None and broken.language == "JSON":
        found = describe_json_fault(broken.template.output)
        yield from printable(found or "").split("\n")[1:]


def _answer_body(body: bytes) -> Iterable[Text]:
    if not body:
        return
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = f"{len(body)} bytes that are not text"
    for line in printable(text).splitlines()[:_MAX_LINES]:
        yield Text(_INDENT + line)


def _exchange(exchange: Exchange) -> Iterable[Text]:
    response = exchange.response
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
    if response.matched and response.selection_pattern:
        yield from _field("matches", response.matched)
    elif response.matched:
        yield from _field("no pattern", f"matches {response.matched}")
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
    return Text.assemble((stage, "bold cyan"), f"  {visible(detail)}", (took, "dim"))


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
    """A labelled value; what does not fit goes on under it, broken between words where there are any."""
    pieces = _wrapped(text, WIDTH - len(_INDENT) - _LABEL) or [""]
    yield Text.assemble((f"{_INDENT}{label:<{_LABEL}}" if text else _INDENT + label, "dim"), pieces[0])
    for piece in pieces[1:]:
        yield Text(_INDENT + " " * _LABEL + piece)


def _block(text: str) -> Iterable[Text]:
    lines = [piece for line in text.splitlines() if line.strip() for piece in _wrapped(line, WIDTH - 2 * len(_INDENT))]
    for line in lines[:_MAX_LINES]:
        yield Text(_INDENT * 2 + line)
    if len(lines) > _MAX_LINES:
        yield Text(f"{_INDENT * 2}{len(lines) - _MAX_LINES} more lines", style="dim")


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(visible(text), width, drop_whitespace=False, replace_whitespace=False, break_on_hyphens=False)
