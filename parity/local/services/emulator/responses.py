"""Answers of AWS services, as werkzeug's responses."""

import json
import uuid
from typing import Any

from werkzeug.wrappers import Response

UNKNOWN_OPERATION = "<UnknownOperationException/>\n"


def json_response(body: Any, *, status: int = 200, content_type: str = "application/json") -> Response:
    """An answer in JSON, with a request id as AWS gives one."""
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False, default=str)
    return Response(text, status, {"x-amzn-RequestId": str(uuid.uuid4())}, content_type=content_type)


def json_error(code: str, message: str | None, *, status: int = 400) -> Response:
    """An error of a service with a JSON protocol: `{"__type", "message"}`."""
    body = {"__type": code} if message is None else {"__type": code, "message": message}
    return json_response(body, status=status, content_type="application/x-amz-json-1.1")


def unknown_operation() -> Response:
    """The answer to a request that names no action in a way that the service knows."""
    return Response(UNKNOWN_OPERATION, 404, {"x-amzn-RequestId": str(uuid.uuid4())}, content_type="application/xml")
