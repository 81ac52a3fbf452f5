"""The form in which a Lambda function answers an AWS_PROXY integration of response transfer mode `STREAM`.

https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
JSON with status and headers, eight null bytes, and the body as it is, which is sent on as it comes. The answer of a
function that does not stream comes whole.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, Final

from parity.gateway.integrations.http_stream import StreamBrokenError
from parity.gateway.integrations.piece_queue import PieceQueue
from parity.gateway.integrations.proxy import answer_headers, answer_status, malformed
from parity.gateway.model.backends import LambdaResult, LambdaUnavailableError, ResponseSink
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


class FunctionStream:
    """The response of a function while it comes: a `ResponseSink` that is read by pieces.

    Args:
        invoke: invokes the function, whose pieces go to the sink that it is called with.
        seconds: after what time the response has to be whole.
        silence: how many seconds the function may write nothing once its response has begun.
    """

    def __init__(
        self,
        invoke: Callable[[ResponseSink], Coroutine[Any, Any, LambdaResult]],
        *,
        seconds: float,
        silence: float,
    ) -> None:
        loop = asyncio.get_running_loop()
        self._deadline = loop.time() + seconds
        self._silence = silence
        self._pieces = PieceQueue()
        self._closed = False
        self._invocation = loop.create_task(invoke(self))
        self._invocation.add_done_callback(self._on_end)

    def take(self, piece: bytes, source: asyncio.ReadTransport) -> None:
        """Takes a piece; see `ResponseSink`."""
        if not self._closed:
            self._pieces.put(piece, source)

    async def beginning(self) -> LambdaResult:
        """The response as far as it came when its metadata were whole, or it cannot have any.

        Raises:
            TimeoutError: that took too long.
            LambdaUnavailableError: the function cannot be invoked.
        """
        begun = bytearray()
        try:
            while True:
                while self._pieces and DELIMITER not in begun:
                    begun += self._pieces.get()
                if DELIMITER in begun or len(begun) > MAX_METADATA_BYTES:
                    return LambdaResult(payload=bytes(begun))
                if self._invocation.done():
                    result = self._invocation.result()
                    self._closed = True
                    return LambdaResult(
                        payload=bytes(begun) + result.payload, function_error=result.function_error, log=result.log
                    )
                await self._pieces.wait(self._deadline)
        except BaseException:
            self.close()
            raise

    async def body(self, first: bytes) -> AsyncIterator[bytes]:
        """The pieces of the body.

        Args:
            first: what came of it with the metadata.

        Raises:
            StreamBrokenError: the body is not whole.
        """
        loop = asyncio.get_running_loop()
        try:
            if first:
                yield first
            while not self._closed:
                while self._pieces:
                    yield self._pieces.get()
                if self._invocation.done():
                    self._check(self._invocation.result())
                    return
                await self._pieces.wait(min(self._deadline, loop.time() + self._silence))
        except TimeoutError:
            raise StreamBrokenError("the function was silent, or its answer took longer than the timeout") from None
        except LambdaUnavailableError as error:
            raise StreamBrokenError(str(error)) from error
        finally:
            self.close()

    def close(self) -> None:
        """Reads no more; the function runs on, as on AWS."""
        self._closed = True
        self._pieces.drop()
        self._invocation.cancel()

    @staticmethod
    def _check(result: LambdaResult) -> None:
        if result.function_error is not None:
            raise StreamBrokenError(f"the function failed: {result.payload.decode('utf-8', 'replace')}")

    def _on_end(self, invocation: "asyncio.Task[LambdaResult]") -> None:
        if not invocation.cancelled():
            invocation.exception()  # whoever reads is told; nobody may read any more
        self._pieces.notify()
