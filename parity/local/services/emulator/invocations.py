"""Lambda's Invoke: calls of the SDK, and of state machines, that reach the program's functions.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

import json

from werkzeug.wrappers import Response

from parity.local.services.emulator.channel import Channel


class Invocations:
    """Answers invocations.

    Args:
        channel: the connection with the process that runs the functions.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def answer(self, function: str, event: bytes, asynchronous: bool) -> Response:
        """Invokes a function by its name or ARN."""
        result = self._channel.invoke(function, event or b"{}", asynchronous=asynchronous)
        if result.error:
            body = json.dumps({"Type": "User", "Message": f"Function not found: {function}: {result.error}"})
            headers = {"x-amzn-ErrorType": "ResourceNotFoundException"}
            return Response(body, 404, headers, content_type="application/json")
        headers = {"X-Amz-Executed-Version": "$LATEST"}
        if result.function_error is not None:
            headers["X-Amz-Function-Error"] = result.function_error
        status = 202 if asynchronous else 200
        return Response(result.payload, status, headers, content_type="application/json")
