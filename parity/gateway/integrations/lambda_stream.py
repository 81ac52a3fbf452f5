"""The form in which a Lambda function answers an AWS_PROXY integration of response transfer mode `STREAM`.

https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
JSON with status and headers, eight null bytes, and the body as it is. Locally the function's answer is complete before
its first byte is sent on.
"""

import json
from collections.abc import AsyncIterator
from typing import Any, Final

from parity.gateway.integrations.proxy import answer_headers, answer_status, malformed
from parity.gateway.model.exchange import EndpointResponse

DELIMITER: Final = b"\0" * 8
MAX_METADATA_BYTES: Final = 16 * 1024
"""Within so many bytes the delimiter has to come."""

_KEYS: Final = frozenset({"statusCode", "headers", "multiValueHeaders", "cookies"})


def read_stream(endpoint: EndpointResponse) -> tuple[int, list[tuple[str, str]], bytes]:
    """The status, headers and body of a streamed answer.

    Raises:
        GatewayResponseError: the function failed, or its answer has not the fixed form (502).
    """
    if endpoint.function_error is not None:
        failure = endpoint.body.decode("utf-8", "replace")
        raise malformed(f"Lambda execution failed with status 200 due to customer function error: {failure}")
    metadata, delimiter, body = endpoint.body.partition(DELIMITER)
    if not delimiter or len(metadata) + len(delimiter) > MAX_METADATA_BYTES:
        raise malformed(
            f"Malformed Lambda proxy response: eight null bytes must end the metadata within {MAX_METADATA_BYTES} bytes"
        )
    document = _metadata(metadata)
    headers = answer_headers(document)
    cookies = document.get("cookies") or []
    if not isinstance(cookies, list) or not all(isinstance(cookie, str) for cookie in cookies):
        raise malformed("Malformed Lambda proxy response: cookies is not a list of strings")
    headers.extend(("Set-Cookie", cookie) for cookie in cookies)
    return answer_status(document), headers, body


def _metadata(text: bytes) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise malformed("Malformed Lambda proxy response: the metadata is not JSON") from None
    if not isinstance(document, dict) or not document.keys() <= _KEYS:
        raise malformed("Malformed Lambda proxy response: the metadata has other keys than AWS knows")
    return document


async def at_once(body: bytes) -> AsyncIterator[bytes]:
    """A body that is complete, as a stream."""
    if body:
        yield body
