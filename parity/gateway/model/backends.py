"""What the data plane needs from its emulated_account: functions to invoke and private endpoints to reach."""

import asyncio
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class LambdaResult:
    """What `lambda:Invoke` answers. `function_error` is `Unhandled` or None; `log` is the tail of its log."""

    payload: bytes
    function_error: str | None = None
    log: str = ""


class LambdaUnavailableError(Exception):
    """The function does not exist, may not be invoked, or could not be started; its text says which and why.

    Attributes:
        status: the HTTP status with which Lambda itself refuses the invocation, such as 429; None when it would not.
    """

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class ResponseSink(Protocol):
    """Takes the response of a function that streams it."""

    def take(self, piece: bytes, source: asyncio.ReadTransport) -> None:
        """Takes a piece as it comes.

        Args:
            piece: some bytes of the response.
            source: where it comes from; it may be paused while too many pieces wait.
        """
        ...


class Backends(Protocol):
    """The backends that integrations name."""

    async def invoke(
        self, function_arn: str, payload: bytes, *, asynchronous: bool = False, sink: ResponseSink | None = None
    ) -> LambdaResult:
        """Invokes a Lambda function and returns its result.

        Args:
            function_arn: the ARN as it stands in the integration's URI, with a version or alias if it has one.
            payload: the event, as JSON in UTF-8.
            asynchronous: InvocationType `Event`: return as soon as the event is accepted, with an empty payload.
            sink: takes what a function streams, as InvokeWithResponseStream does; the payload is then what it did not
                stream.

        Raises:
            LambdaUnavailableError: the function cannot be invoked.
        """
        ...

    def private_origin(self, connection_id: str, integration_target: str | None, uri: str) -> str | None:
        """The origin (`http://127.0.0.1:8000`) at which a VPC link's target answers, or None when it is unknown."""
        ...

    def service_endpoint(self, service: str, region: str) -> str | None:
        """The origin (`http://127.0.0.1:4566`) at which an AWS service answers, or None when nothing does.

        Args:
            service: the service's name in integration URIs, such as `dynamodb` or `states`.
            region: the region of the integration's URI.
        """
        ...

    def missing_service(self, service: str) -> str:
        """Why `service_endpoint` is None, and what to do about it."""
        ...
