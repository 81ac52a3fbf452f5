"""What is wrong with an integration whose answer is streamed.

https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html
"""

from collections.abc import Iterator

from parity.gateway.checks.problem import Problem
from parity.gateway.integrations.lambda_function import function_arn, invokes_streaming
from parity.gateway.model.definition import Integration
from parity.gateway.model.quotas import MAX_STREAM_TIMEOUT_MS, MIN_TIMEOUT_MS


def check_streaming(integration: Integration, by: str) -> Iterator[Problem]:
    """The problems of an integration's response transfer mode."""
    streams = integration.response_transfer_mode == "STREAM"
    if streams and integration.type not in ("HTTP_PROXY", "AWS_PROXY"):
        message = f"the response transfer mode STREAM is not for an integration of type {integration.type}"
        yield Problem("error", by, message, "use HTTP_PROXY or AWS_PROXY, or leave response_transfer_mode out")
    if streams and not MIN_TIMEOUT_MS <= integration.timeout_ms <= MAX_STREAM_TIMEOUT_MS:
        message = f"the timeout of {integration.timeout_ms} ms is out of range"
        yield Problem("error", by, message, f"use {MIN_TIMEOUT_MS} to {MAX_STREAM_TIMEOUT_MS} milliseconds")
    if integration.type == "AWS_PROXY" and function_arn(integration.uri, {}) is not None:
        if streams and not invokes_streaming(integration.uri):
            message = "the answer is to be streamed, and the URI is not that of the function's response streaming"
            yield Problem("warning", by, message, "use the function's response_streaming_invoke_arn", "request")
        if not streams and invokes_streaming(integration.uri):
            message = "the URI is that of the function's response streaming, and the answer is not to be streamed"
            yield Problem("warning", by, message, 'set response_transfer_mode to "STREAM"', "request")
