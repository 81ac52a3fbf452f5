"""The WSGI application in front of moto: what AWS does with a request that moto does not.

It finds the service by the signature's scope, speaks the query protocol with JSON answers, refuses what a service
refuses before an action begins, runs Step Functions' synchronous executions, and hands invocations of the program's
functions to the process that runs them.
"""

import io
import re
import uuid
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote, urlencode
from xml.etree import ElementTree

from werkzeug.wrappers import Request, Response

from parity.local.services.emulator import json_protocol, query_protocol
from parity.local.services.emulator.models import protocols, service_model
from parity.local.services.emulator.responses import json_error, json_response, unknown_operation
from parity.local.services.emulator.step_functions import with_name

Environ = dict[str, Any]
Application = Callable[..., Iterable[bytes]]
Invoke = Callable[[str, bytes, bool], Response]
"""Invokes a function: its ARN or name, the event, and whether the answer is not waited for."""

_SCOPE = re.compile(r"Credential=[^/]+/\d+/(?P<region>[^/]*)/(?P<service>[^/]+)/aws4_request")
_INVOCATION = re.compile(r"/2015-03-31/functions/(?P<function>[^/]+)/invocations")
_BUCKET_HOST = re.compile(r"(?P<bucket>.+)\.s3[.-][a-z0-9.-]*amazonaws\.com(\.cn)?")
_FORM = "application/x-www-form-urlencoded"
_OWN_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]", "host.docker.internal"})
_AWS_HOSTS = (".amazonaws.com", ".amazonaws.com.cn")
_FOREIGN = "The emulator of AWS services answers programs on this computer, not web pages.\n"
_KNOWN_BY_JSON_ALONE = frozenset({"ssm"})
"""Services whose query protocol AWS still answers to, and moto does not."""
_POST_TO_OBJECT = ("uploads", "uploadId", "select", "restore", "delete")
"""The query parameters with which S3 takes a POST that is not a form."""
_NOT_ALLOWED = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>MethodNotAllowed</Code><Message>The specified method is not '
    "allowed against this resource.</Message><Method>POST</Method><ResourceType>OBJECT</ResourceType></Error>"
)


class Front:
    """The application.

    Args:
        moto: moto's own application.
        port: the port at which it is served internally.
        invoke: invokes a function of the program.
        start_sync_execution: answers Step Functions' `StartSyncExecution`; gets the payload and the region.
        log: gets a line for each failure of the emulator itself.
    """

    def __init__(
        self,
        moto: Application,
        port: int,
        *,
        invoke: Invoke,
        start_sync_execution: Callable[[bytes, str], Response],
        log: Callable[[str], None],
    ) -> None:
        self._log = log
        self._moto = moto
        self._host = f"localhost:{port}"
        self._invoke = invoke
        self._start_sync_execution = start_sync_execution

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answers a request; see PEP 3333."""
        request = Request(environ)
        if _is_foreign(request):
            return Response(_FOREIGN, 403, content_type="text/plain")(environ, start_response)
        invocation = _INVOCATION.fullmatch(request.path)
        if invocation is not None:
            asynchronous = request.headers.get("X-Amz-Invocation-Type") == "Event"
            response = self._invoke(unquote(invocation["function"]), request.get_data(), asynchronous)
            return response(environ, start_response)
        scope = _SCOPE.search(request.headers.get("Authorization", ""))
        if scope is None:
            return self._moto(environ, start_response)
        try:
            response = self._answer(request, scope["service"], scope["region"])
        except Exception as error:
            action = request.headers.get("X-Amz-Target") or f"{request.method} {request.path}"
            failure = f"{type(error).__name__}: {error}"
            self._log(f"the emulator failed at {scope['service']} {action}: {failure}")
            response = json_error("InternalFailure", f"the local emulator failed: {failure}", status=500)
        return response(environ, start_response)

    def _answer(self, request: Request, service: str, region: str) -> Response:
        if service == "s3":
            return self._s3(request)
        target = request.headers.get("X-Amz-Target")
        if target:
            body = request.get_data()
            refused = json_protocol.refusal(_service_of_target(service, target), target, body)
            if refused is not None:
                return refused
            if target == "AWSStepFunctions.StartSyncExecution":
                return self._start_sync_execution(body, region)
            if target == "AWSStepFunctions.StartExecution":
                body = with_name(body)
            return self._forward(request, body)
        if "Smithy-Protocol" in request.headers:
            return self._forward(request, request.get_data())
        spoken = protocols(service)
        if "query" in spoken:
            return self._query(request, service)
        if "json" in spoken:
            return unknown_operation()
        return self._forward(request, request.get_data())

    def _s3(self, request: Request) -> Response:
        """S3 by path, whatever the host: a bucket in front of the host moves into the path."""
        match = _BUCKET_HOST.fullmatch(request.host)
        if match is not None:
            for name in ("PATH_INFO", "RAW_URI", "REQUEST_URI"):
                if name in request.environ:
                    request.environ[name] = f"/{match['bucket']}{request.environ[name]}"
        request.environ["HTTP_HOST"] = self._host
        is_form = request.headers.get("Content-Type", "").startswith("multipart/form-data")
        if request.method == "POST" and not is_form and not any(name in request.args for name in _POST_TO_OBJECT):
            return Response(_NOT_ALLOWED, 405, content_type="application/xml")
        return self._forward(request, request.get_data())

    def _query(self, request: Request, service: str) -> Response:
        content_type = request.headers.get("Content-Type", "")
        named = query_protocol.parameters(request.query_string.decode(), content_type, request.get_data())
        action = named.get("Action")
        if action is None:
            return unknown_operation()
        as_json = "application/json" in request.headers.get("Accept", "")
        if service in _KNOWN_BY_JSON_ALONE:
            return self._json_for_query(request, service, action, named)
        request.environ["QUERY_STRING"] = ""
        request.environ["CONTENT_TYPE"] = _FORM
        request.environ["REQUEST_METHOD"] = "POST"
        response = self._forward(request, urlencode(named).encode())
        if not as_json:
            return response
        try:
            request_id = str(uuid.uuid4())
            answer = query_protocol.json_from_xml(service, action, response.get_data(), request_id)
            return json_response(answer, status=response.status_code)
        except ElementTree.ParseError:
            return response

    def _json_for_query(self, request: Request, service: str, action: str, named: dict[str, str]) -> Response:
        """A query-protocol request to a service that the emulator knows by its JSON protocol alone."""
        metadata = service_model(service).metadata
        target = f"{metadata['targetPrefix']}.{action}"
        body = json_response({name: value for name, value in named.items() if name != "Action"}).get_data()
        request.environ["HTTP_X_AMZ_TARGET"] = target
        request.environ["QUERY_STRING"] = ""
        request.environ["REQUEST_METHOD"] = "POST"
        request.environ["CONTENT_TYPE"] = f"application/x-amz-json-{metadata['jsonVersion']}"
        response = json_protocol.refusal(service, target, body) or self._forward(request, body)
        answer = query_protocol.json_from_json(service, action, response.get_data(), str(uuid.uuid4()))
        return json_response(answer, status=response.status_code)

    def _forward(self, request: Request, body: bytes) -> Response:
        """moto's answer to a request with this body."""
        environ = request.environ
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("wsgi.input_terminated", None)
        environ.pop("werkzeug.request", None)
        return Response.from_app(self._moto, environ)


def _is_foreign(request: Request) -> bool:
    """Whether a request comes from a web page: by another host's name, or from a browser and not signed."""
    host = request.host.rpartition(":")[0] or request.host
    if host not in _OWN_HOSTS and not host.endswith(_AWS_HOSTS):
        return True
    is_signed = _SCOPE.search(request.headers.get("Authorization", "")) or "X-Amz-Signature" in request.args
    by_page = "Origin" in request.headers or request.headers.get("Sec-Fetch-Site", "none") != "none"
    return by_page and not is_signed


def _service_of_target(service: str, target: str) -> str:
    """DynamoDB's streams are signed as DynamoDB, and are a service of their own in the models."""
    return "dynamodbstreams" if service == "dynamodb" and target.startswith("DynamoDBStreams") else service
