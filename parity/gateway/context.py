"""`$context`: what API Gateway knows of a request, for templates, mappings, access logs and proxy events.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#context-variable-reference
"""

import base64
import random
import time
from collections.abc import Mapping
from typing import Any

from parity.gateway.model.definition import Method, Resource, RestApi, Stage
from parity.gateway.model.exchange import Request
from parity.gateway.templates.context_map import ContextMap, OverrideMap

_identifiers = random.Random()  # noqa: S311 - identifiers, no secrets
_ABSENT_IDENTITY: Mapping[str, Any] = {
    "accessKey": None,
    "accountId": None,
    "caller": None,
    "cognitoAuthenticationProvider": None,
    "cognitoAuthenticationType": None,
    "cognitoIdentityId": None,
    "cognitoIdentityPoolId": None,
    "principalOrgId": None,
    "sourceIp": None,
    "user": None,
    "userAgent": None,
    "userArn": None,
}


def new_request_id() -> str:
    """A request id: a random UUID, `x-amzn-RequestId`."""
    digits = f"{_identifiers.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def new_extended_request_id() -> str:
    """An extended request id, `x-amz-apigw-id`: sixteen characters that end in `=`."""
    return base64.urlsafe_b64encode(_identifiers.getrandbits(88).to_bytes(11, "big")).decode()


def trace_ids(incoming: str | None, seconds: float) -> tuple[str, str]:
    """The X-Ray trace header of a request.

    Args:
        incoming: the client's `X-Amzn-Trace-Id`, or None.
        seconds: the time of the request, in seconds since the epoch.

    Returns:
        The header as the method request shows it, and as it is sent to the backend and the client, with a parent and
        a sampling decision. A root and a parent that the client sent are kept.
    """
    fields = dict(part.strip().partition("=")[::2] for part in incoming.split(";")) if incoming else {}
    root = fields.get("Root") or f"1-{int(seconds):08x}-{_identifiers.getrandbits(96):024x}"
    parent = fields.get("Parent")
    sampled = fields.get("Sampled") or ("1" if parent else "0")
    full = f"Root={root};Parent={parent or f'{_identifiers.getrandbits(64):016x}'};Sampled={sampled}"
    return incoming or f"Root={root}", full


class ContextFactory:
    """Builds `$context` for the requests of one stage.

    Args:
        api: the API that is served.
        stage: its stage.
    """

    def __init__(self, api: RestApi, stage: Stage) -> None:
        self._fixed: dict[str, Any] = {
            "accountId": api.account_id,
            "apiId": api.id,
            "deploymentId": stage.deployment_id,
            "stage": stage.name,
        }
        if stage.canary is not None or stage.serves_canary:
            self._fixed["isCanaryRequest"] = stage.serves_canary
        self._path_prefix = f"/{stage.name}"
        self._formatted: tuple[int, str] = (0, "")

    def build(
        self, request: Request, request_id: str, extended_request_id: str, host: str, user_agent: str | None
    ) -> dict[str, Any]:
        """`$context` of a request that is not routed yet.

        Args:
            request: what the client sent.
            request_id, extended_request_id: its ids.
            host: its Host header, or the empty string.
            user_agent: its User-Agent header, or None.
        """
        # Objects of `$context` print in their own way; made so at once, templates need not copy them.
        context = {
            **self._fixed,
            "domainName": host,
            "domainPrefix": host.partition(".")[0],
            "extendedRequestId": extended_request_id,
            "httpMethod": request.method,
            "identity": ContextMap(_ABSENT_IDENTITY, sourceIp=request.source_ip, userAgent=user_agent),
            "path": self._path_prefix + request.path,
            "protocol": request.protocol,
            "requestId": request_id,
            "requestTime": self._request_time(int(request.time)),
            "requestTimeEpoch": int(request.time * 1000),
            "requestOverride": OverrideMap(header=OverrideMap(), path=OverrideMap(), querystring=OverrideMap()),
            "responseOverride": OverrideMap(header=OverrideMap()),
        }
        if request.base_path is not None:
            context["path"] = request.invoked_path
            context["customDomain"] = ContextMap(basePathMatched=request.base_path.lstrip("/"))
        return context

    def _request_time(self, seconds: int) -> str:
        """The time in CLF, `22/Nov/2026:16:00:13 +0000`; formatted once a second."""
        if self._formatted[0] != seconds:
            self._formatted = (seconds, time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(seconds)))
        return self._formatted[1]


def add_method(context: dict[str, Any], resource: Resource, method: Method) -> None:
    """Adds to `$context` what only a routed request has."""
    context["resourceId"] = resource.id
    context["resourcePath"] = resource.path
    if method.operation_name:
        context["operationName"] = method.operation_name


def sample_context(given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A `$context` as a POST to `/` has it, to render a template without a request.

    Args:
        given: members that are laid over it, object by object.
    """
    api = RestApi(id="a1b2c3d4e5", name="sample")
    request = Request(method="POST", path="/", time=time.time())
    host = f"{api.id}.execute-api.{api.region}.amazonaws.com"
    factory = ContextFactory(api, Stage(name="dev", deployment_id="sample"))
    context = factory.build(request, new_request_id(), new_extended_request_id(), host, "parity")
    context.update(resourceId="a1b2c3", resourcePath="/")
    _lay_over(context, given or {})
    return context


def _lay_over(below: dict[str, Any], above: Mapping[str, Any]) -> None:
    for name, value in above.items():
        if isinstance(value, Mapping) and isinstance(below.get(name), dict):
            _lay_over(below[name], value)
        else:
            below[name] = value
