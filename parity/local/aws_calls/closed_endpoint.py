"""The endpoint of the AWS SDKs where none was given: it answers each call with an error that says so.

Without it an SDK would call AWS itself. The error has the shape of the service's protocol, so that the SDK raises it as
its usual client error: https://smithy.io/2.0/aws/protocols/index.html
"""

import asyncio
import contextlib
import json
import re
import socket
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

ERROR_CODE = "NoAwsEndpoint"
HINT = (
    "start parity with --aws-endpoint URL (or SERVICE=URL) to send such calls to an emulator, "
    "or install one: python -m pip install 'parity[aws]'"
)

_LONGEST_HEAD_BYTES = 65_536
_READ_BODY_BYTES = 65_536
_PATIENCE_SECONDS = 10.0
_CREDENTIAL = re.compile(r"Credential=[^/,\s]+/\d+/[^/,\s]*/([^/,\s]+)/aws4_request")
_S3_SERVICES = ("s3", "s3express", "s3-object-lambda")
_XML_SERVICES = ("cloudfront", "route53", "s3-control")


class ClosedEndpoint:
    """A server on a loopback port, which is bound at once and answers from `start` on.

    Args:
        log: gets a line for each call that is stopped.
    """

    def __init__(self, log: Callable[[str], None]) -> None:
        self._log = log
        self._socket: socket.socket | None = socket.create_server(("127.0.0.1", 0))
        self._server: asyncio.Server | None = None
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    async def start(self) -> None:
        """Begins to answer; once is enough."""
        listener, self._socket = self._socket, None
        if listener is not None:
            self._server = await asyncio.start_server(self._serve, sock=listener, limit=_LONGEST_HEAD_BYTES)

    def close(self) -> None:
        """Stops listening."""
        if self._socket is not None:
            self._socket.close()
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                call = await _read_call(reader)
                self._log(f"a call to AWS was stopped: {call.service} {call.operation}; {HINT}")
                writer.write(_answer(call))
                await writer.drain()
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # not a request, or a client that has gone
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsCall:
    """A call to AWS, as far as its head tells. `operation` is its method and path where the protocol names none."""

    method: str
    service: str
    operation: str
    protocol: str


async def _read_call(reader: asyncio.StreamReader) -> AwsCall:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    request_line, *lines = head.split("\r\n")
    method, target, _ = request_line.split(" ", 2)
    fields = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in fields if name}
    length = int(headers.get("content-length") or 0)
    form = headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    body = await reader.readexactly(min(length, _READ_BODY_BYTES)) if form else b""
    return _understood(method, target, headers, body.decode("latin-1"))


def _understood(method: str, target: str, headers: Mapping[str, str], form: str) -> AwsCall:
    """The call's service, by its signature's scope, and operation, by what its protocol has for it."""
    scope = _CREDENTIAL.search(headers.get("authorization", ""))
    service = scope[1] if scope else "unsigned"
    path = urlsplit(target).path
    operation = f"{method} {path}"
    if "smithy-protocol" in headers:
        protocol, operation = headers["smithy-protocol"], path.rpartition("/")[2]
    elif "x-amz-target" in headers:
        protocol, operation = "aws-json", headers["x-amz-target"].rpartition(".")[2]
    elif form:
        protocol, operation = "ec2" if service == "ec2" else "query", parse_qs(form).get("Action", [operation])[0]
    elif service in _S3_SERVICES:
        protocol = "s3"
    else:
        protocol = "query" if service in _XML_SERVICES else "rest-json"
    return AwsCall(method=method, service=service, operation=_printable(operation), protocol=protocol)


def _answer(call: AwsCall) -> bytes:
    message = f"there is no AWS endpoint for {call.service}, and nothing was sent to AWS; {HINT}"
    request_id = str(uuid.uuid4())
    content_type, body = _error_body(call.protocol, message, request_id)
    head = (
        "HTTP/1.1 400 Bad Request\r\n"
        f"Content-Type: {content_type}\r\n"
        f"Content-Length: {len(body)}\r\n"
        f"x-amzn-RequestId: {request_id}\r\n"
        f"x-amzn-ErrorType: {ERROR_CODE}\r\n"
        f"{'smithy-protocol: rpc-v2-cbor' + chr(13) + chr(10) if call.protocol == 'rpc-v2-cbor' else ''}"
        "Connection: close\r\n\r\n"
    )
    return head.encode("latin-1") + (b"" if call.method == "HEAD" else body)


def _error_body(protocol: str, message: str, request_id: str) -> tuple[str, bytes]:
    error = f"<Code>{ERROR_CODE}</Code><Message>{escape(message)}</Message>"
    match protocol:
        case "rpc-v2-cbor":
            return "application/cbor", _cbor_map({"__type": ERROR_CODE, "message": message})
        case "s3":
            return "application/xml", f"<Error>{error}<RequestId>{request_id}</RequestId></Error>".encode()
        case "ec2":
            body = f"<Response><Errors><Error>{error}</Error></Errors><RequestID>{request_id}</RequestID></Response>"
            return "text/xml", body.encode()
        case "query":
            inner = f"<Error><Type>Sender</Type>{error}</Error><RequestId>{request_id}</RequestId>"
            return "text/xml", f"<ErrorResponse>{inner}</ErrorResponse>".encode()
        case _:
            body = json.dumps({"__type": ERROR_CODE, "message": message})
            return "application/x-amz-json-1.1" if protocol == "aws-json" else "application/json", body.encode()


def _cbor_map(entries: Mapping[str, str]) -> bytes:
    """A map of at most 23 texts in CBOR (RFC 8949): a head byte, and each text with its length in two bytes."""
    texts = [text.encode() for entry in entries.items() for text in entry]
    return bytes([0xA0 | len(entries)]) + b"".join(b"\x79" + len(text).to_bytes(2, "big") + text for text in texts)


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text[:200])
