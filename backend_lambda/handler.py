"""The Lambda backend: answers with the event that it received, or fails on request.

The event is what the API's mapping template makes of the method request. `/lambda/status/404` raises an error that
begins with `[404]`, which the integration's selection patterns turn into the client's status.
"""

import json
import re
from http import HTTPStatus
from typing import Any

CREDENTIALS = frozenset(
    ("authorization", "cookie", "proxy-authorization", "x-amz-security-token", "x-amz-signature", "x-api-key")
)
"""Headers and query strings, in lower case, whose values belong in no log."""


class StatusError(Exception):
    """A failure that asks for an HTTP status; its text begins with the status in brackets."""


def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Prints the event, without the credentials in it, and returns it whole as the body of a 200.

    Args:
        event: `{"method", "authcontext", "body-json", "params": {"path", "querystring", "header"}}`.
        _context: Lambda's own, unused.

    Raises:
        StatusError: the path is `status/{code}`, with a code from 400 to 599.
    """
    print(_without_credentials(event))
    status = _requested_status(event)
    if status is not None:
        raise StatusError(f"[{status}] {_phrase(status)}")
    return {"statusCode": 200, "body": json.dumps(event)}


def _without_credentials(event: Any) -> Any:
    """A copy of the event for the log, with `REDACTED` for each value that would let its reader in as the caller."""
    if not isinstance(event, dict) or not isinstance(event.get("params"), dict):
        return event
    params = {
        kind: {name: "REDACTED" if name.lower() in CREDENTIALS else value for name, value in values.items()}
        if isinstance(values, dict)
        else values
        for kind, values in event["params"].items()
    }
    return {**event, "params": params}


def _requested_status(event: object) -> int | None:
    """The code in the path `status/{code}`, if the event has one. Without the template an event can be any JSON."""
    try:
        path = event["params"]["path"]["proxy"]  # type: ignore[index]
        match = re.fullmatch(r"status/([45][0-9]{2})", path)
    except (KeyError, IndexError, TypeError):
        return None
    return int(match[1]) if match else None


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"
