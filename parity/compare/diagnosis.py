"""Why an answer is not the expected one, as far as the answer and the local gateway's trace tell."""

import json
from typing import TYPE_CHECKING

from parity.compare.client import Answer

if TYPE_CHECKING:
    from parity.gateway.model.exchange import Exchange

LONGEST = 500
"""Characters of a body that are shown."""


def clue(answer: Answer, exchange: "Exchange | None", *, expected_status: int, is_echo: bool) -> str:
    """What is known, or nothing when all went as expected.

    Args:
        answer: what the client got.
        exchange: what the local gateway did; None for a deployed API.
        expected_status: the status that the case calls for.
        is_echo: whether the answer told what the backend received.
    """
    if answer.error:
        return answer.error
    if exchange is not None and exchange.gateway_response is not None:
        ended = exchange.gateway_response
        return f"{ended.response_type}: {ended.reason or ended.message or ''}"
    if is_echo or (expected_status != 200 and answer.status == expected_status):
        return ""
    if exchange is None and answer.header("x-amzn-ErrorType") == "MissingAuthenticationTokenException":
        return (
            "there is no such resource (403). Is the URL that of a stage, and is this integration deployed? "
            "Say --config backend=lambda or backend=http if only one is. An API with authorization iam answers so too: "
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        )
    if exchange is not None:
        broken = _broken_template(exchange)
        if broken:
            return broken
        endpoint = exchange.endpoint_response
        if endpoint is not None and answer.status != expected_status:
            return f"the backend answered {endpoint.status}: {_text(endpoint.body)}"
    return f"answered {answer.status}: {answer.text[:LONGEST]}" if answer.status != expected_status else ""


def _broken_template(exchange: "Exchange") -> str:
    """Where the request template's output is not the JSON that its content type says."""
    request = exchange.integration_request
    if request is None or request.template is None or "json" not in request.template.content_type:
        return ""
    output = request.template.output
    try:
        json.loads(output)
    except json.JSONDecodeError as error:
        lines = output.splitlines() or [""]
        line = lines[min(error.lineno, len(lines)) - 1].strip()
        return (
            f"the request template for {request.template.content_type} does not give JSON: {error.msg} in line "
            f"{error.lineno}, column {error.colno} of its output: {line[:LONGEST]}"
        )
    return ""


def _text(body: bytes) -> str:
    return body[:LONGEST].decode("utf-8", "replace")
