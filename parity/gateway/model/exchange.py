"""The values that pass between the stages of a request's lifecycle; a trace of a request is the list of them.

The stages and their names are AWS's: method request, integration request, integration (its endpoint response),
integration response, method response; what fails on the way becomes a gateway response.
https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-integration-settings.html
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from msgspec import Struct, field

from parity.gateway.model.definition import NOTHING

Headers = tuple[tuple[str, str], ...]
"""Header fields in the order and the case in which they came."""


class Request(Struct, frozen=True, kw_only=True):
    """What the client sent, after the stage name was taken off the path.

    `path` is percent-encoded and begins with `/`; `query_string` is raw, without `?`. `time` is in seconds
    since the epoch, `source_ip` the address of the client. `base_path` is what comes before
    `path` at a custom domain name, such as `/orders`; None at the invoke URL.
    """

    method: str
    path: str
    query_string: str = ""
    headers: Headers = ()
    body: bytes = b""
    source_ip: str = "127.0.0.1"
    protocol: str = "HTTP/1.1"
    time: float = 0.0
    base_path: str | None = None

    @property
    def invoked_path(self) -> str:
        """The path without the stage, with the base path of a custom domain name."""
        return self.path if self.base_path is None else self.base_path + self.path


class MethodRequest(Struct, frozen=True, kw_only=True):
    """The request as API Gateway sees it once it is routed: decoded, with the headers that templates may see.

    The `multi_value_` maps hold every value, the plain ones the last. `authorizer` is the context that an authorizer
    returned, with `principalId`. `context` is `$context` as a plain mapping.
    """

    request_id: str
    resource_path: str
    http_method: str
    path_parameters: Mapping[str, str] = NOTHING
    query: Mapping[str, str] = NOTHING
    multi_value_query: Mapping[str, tuple[str, ...]] = NOTHING
    headers: Mapping[str, str] = NOTHING
    multi_value_headers: Mapping[str, tuple[str, ...]] = NOTHING
    body: bytes = b""
    authorizer: Mapping[str, Any] = NOTHING
    context: Mapping[str, Any] = NOTHING


class AppliedMapping(Struct, frozen=True, kw_only=True):
    """One parameter mapping: `target` was given `value` because of `source`. A value of None: the source was absent,
    so that nothing was sent; `note` says what else became of it (dropped, overridden by the template)."""

    target: str
    source: str
    value: str | tuple[str, ...] | None
    note: str = ""


class RenderedTemplate(Struct, frozen=True, kw_only=True):
    """A mapping template that was rendered: its content type as declared, its source, its output, `$stageVariables`."""

    content_type: str
    source: str
    output: str
    stage_variables: Mapping[str, str] = NOTHING


class IntegrationRequest(Struct, frozen=True, kw_only=True):
    """What goes to the backend. `uri` is complete, query string included; for Lambda it is the function's ARN.

    `template` is None where the body was passed through; then `passthrough` is True if there was a body to pass.
    `service`, `region` and `action` are those of an AWS integration with a service other than Lambda, else empty.
    """

    type: str
    method: str
    uri: str
    headers: Headers = ()
    body: bytes = b""
    mappings: tuple[AppliedMapping, ...] = ()
    template: RenderedTemplate | None = None
    passthrough: bool = False
    timeout_ms: int = 29_000
    service: str = ""
    region: str = ""
    action: str = ""


class EndpointResponse(Struct, frozen=True, kw_only=True):
    """What the backend answered. `latency_ms` is in milliseconds. `function_error` is Lambda's `Unhandled`, or None."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    latency_ms: float = 0.0
    function_error: str | None = None
    log: str = ""


class IntegrationResponse(Struct, frozen=True, kw_only=True):
    """The declared integration response that was selected, and what it made of the endpoint response.

    `matched` is the text that the selection pattern was matched against, `selection_pattern` None for the default.
    """

    status_code: str
    selection_pattern: str | None
    matched: str
    mappings: tuple[AppliedMapping, ...] = ()
    template: RenderedTemplate | None = None
    body: bytes = b""


class MethodResponse(Struct, frozen=True, kw_only=True):
    """What the client gets. `remapped` lists (name, new name) of the headers that API Gateway renames."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    remapped: tuple[tuple[str, str], ...] = ()


class GatewayResponse(Struct, frozen=True, kw_only=True):
    """What ended the lifecycle early: its type, such as `UNAUTHORIZED`, `$context.error.message`, and the reason why,
    which only the execution log tells."""

    response_type: str
    message: str | None
    reason: str = ""


class Exchange(Struct, kw_only=True):
    """One request through the gateway, whole. The stages that were not reached are None.

    `stream` is the body of `response` where it is sent on as it comes; then `response` itself has none.
    `timings_ms` maps a stage's name to the milliseconds spent in it; `log` is the execution log, a line an entry.
    """

    request: Request
    request_id: str
    response: MethodResponse | None = None
    method_request: MethodRequest | None = None
    integration_request: IntegrationRequest | None = None
    endpoint_response: EndpointResponse | None = None
    integration_response: IntegrationResponse | None = None
    gateway_response: GatewayResponse | None = None
    stream: AsyncIterator[bytes] | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
