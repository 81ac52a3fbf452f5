"""Why an answer is not the expected one, as far as the answer and the local gateway's trace tell."""

from typing import TYPE_CHECKING

from parity.compare.client import Answer
from parity.compare.diagnosis.broken_template import BrokenTemplate, broken_template
from parity.compare.diagnosis.template_files import TemplateFiles
from parity.compare.settings import COMPARE, OptionNames

if TYPE_CHECKING:
    from parity.gateway.model.exchange import Exchange

LONGEST = 500
"""Characters of a body that are shown."""
SHOWN_VALUE = 80


def clue(
    answer: Answer,
    exchange: "Exchange | None",
    *,
    expected_status: int,
    is_echo: bool,
    files: TemplateFiles | None = None,
    options: OptionNames = COMPARE,
) -> str:
    """What is known, or nothing when all went as expected; a template that broke is named beside an echo, too.

    Args:
        answer: what the client got.
        exchange: what the local gateway did; None for a deployed API.
        expected_status: the status that the case calls for.
        is_echo: whether the answer told what the backend received.
        files: the project's files, in which a template is looked for.
        options: what the options that chose the API are called.
    """
    if answer.error:
        return answer.error
    broken = broken_template(exchange) if exchange is not None else None
    explained = _broken_text(broken, files) if broken is not None else _nothing_rendered(exchange)
    if exchange is not None and exchange.gateway_response is not None:
        ended = exchange.gateway_response
        reason = f"{ended.response_type}: {ended.reason or ended.message or ''}"
        return f"{explained}\n{reason}" if explained else reason
    if is_echo:
        return _broken_text(broken, files) if broken is not None else ""
    if expected_status != 200 and answer.status == expected_status:
        return ""
    if exchange is None and answer.header("x-amzn-ErrorType") == "MissingAuthenticationTokenException":
        return (
            "there is no such resource (403). Is the URL that of a stage, and is this integration deployed? "
            f"Say {options.config} backend=lambda or backend=http if only one is. An API with authorization iam "
            "answers so too: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        )
    if explained:
        return explained
    endpoint = exchange.endpoint_response if exchange is not None else None
    if endpoint is not None and answer.status != expected_status:
        return f"the backend answered {endpoint.status}: {_text(endpoint.body)}"
    return f"answered {answer.status}: {answer.text[:LONGEST]}" if answer.status != expected_status else ""


def _broken_text(broken: BrokenTemplate, files: TemplateFiles | None) -> str:
    """Which template broke, at which reference of which file, and the line of its output at which it did."""
    template, reference = broken.template, broken.reference
    lines = template.output.split("\n")
    shown = lines[min(broken.line, len(lines)) - 1].strip()[:LONGEST]
    text = (
        f"the {broken.stage} template for {template.content_type} does not give {broken.language}: "
        f"{broken.fault.message} in line {broken.line}, column {broken.column} of its output: {shown}"
    )
    place = files.place(template.source, reference.line if reference else 1) if files is not None else None
    if reference is None:
        return f"{text}\n{place}: the template" if place else text
    rendered = template.output[reference.start : reference.end][:SHOWN_VALUE]
    where = place or f"line {reference.line} of the template"
    return f"{text}\n{where}: {reference.literal} rendered {rendered or 'nothing'}"


def _nothing_rendered(exchange: "Exchange | None") -> str:
    """A request template that renders nothing gives a function no event, though nothing in it is broken."""
    request = exchange.integration_request if exchange is not None else None
    if request is None or request.template is None or request.template.output.strip() or request.type == "MOCK":
        return ""
    return f"the request template for {request.template.content_type} renders nothing, which is not JSON"


def _text(body: bytes) -> str:
    return body[:LONGEST].decode("utf-8", "replace")
