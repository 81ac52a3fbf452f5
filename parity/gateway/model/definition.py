"""A REST API as it was declared: the immutable input of the data plane.

Argument names follow the API Gateway control plane (https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html).
Every entity that can be wrong carries `declared_by`, the name under which its author knows it, for error messages.
Paths, patterns and templates stand as they were written; what a request need not do is precomputed elsewhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from parity.gateway.model.quotas import DEFAULT_TIMEOUT_MS

IntegrationType = Literal["AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"]
PassthroughBehavior = Literal["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"]
CacheControlStrategy = Literal["FAIL_WITH_403", "SUCCEED_WITH_RESPONSE_HEADER", "SUCCEED_WITHOUT_RESPONSE_HEADER"]
ContentHandling = Literal["CONVERT_TO_BINARY", "CONVERT_TO_TEXT"]


class _Nothing(Mapping[Any, Any]):
    """The empty mapping, hashable, so that it can be the default of a dataclass's field."""

    def __getitem__(self, key: Any) -> Any:
        raise KeyError(key)

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "NOTHING"


NOTHING: Mapping[Any, Any] = _Nothing()

"""The longest, and default, time that an integration may take, in milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationResponse:
    """One way in which an integration's answer becomes the client's.

    `response_parameters` maps `method.response.header.{name}` to a mapping expression or a quoted constant.
    """

    status_code: str
    selection_pattern: str | None = None
    response_parameters: Mapping[str, str] = NOTHING
    response_templates: Mapping[str, str] = NOTHING
    content_handling: ContentHandling | None = None
    declared_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """The backend of a method. `timeout_ms` is in milliseconds, 50 to 29,000 unless the account's quota was raised.

    `request_parameters` maps `integration.request.{header,querystring,path}.{name}` to a mapping expression or a
    quoted constant. `connection_id` and `integration_target` name a VPC link and, for VPC link V2, the load balancer.
    `insecure_skip_verification` accepts an HTTPS backend's certificate whoever signed it.
    """

    type: IntegrationType
    uri: str = ""
    http_method: str = "POST"
    connection_type: Literal["INTERNET", "VPC_LINK"] = "INTERNET"
    connection_id: str | None = None
    integration_target: str | None = None
    insecure_skip_verification: bool = False
    credentials: str | None = None
    request_parameters: Mapping[str, str] = NOTHING
    request_templates: Mapping[str, str] = NOTHING
    passthrough_behavior: PassthroughBehavior = "WHEN_NO_MATCH"
    content_handling: ContentHandling | None = None
    timeout_ms: int = DEFAULT_TIMEOUT_MS
    response_transfer_mode: Literal["BUFFERED", "STREAM"] = "BUFFERED"
    cache_key_parameters: tuple[str, ...] = ()
    cache_namespace: str | None = None
    responses: tuple[IntegrationResponse, ...] = ()
    declared_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodResponse:
    """A status that a method may answer with, and the headers it may carry."""

    status_code: str
    response_parameters: Mapping[str, bool] = NOTHING
    response_models: Mapping[str, str] = NOTHING
    declared_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestValidator:
    """Which parts of a method request are validated before the integration is called."""

    id: str
    name: str = ""
    validate_request_body: bool = False
    validate_request_parameters: bool = False
    declared_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """An HTTP method of a resource; `http_method` may be `ANY`.

    `request_parameters` maps `method.request.{header,querystring,path}.{name}` to whether it is required;
    `request_models` maps a content type to a model's name.
    """

    http_method: str
    authorization: Literal["NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS"] = "NONE"
    authorizer_id: str | None = None
    authorization_scopes: tuple[str, ...] = ()
    api_key_required: bool = False
    request_parameters: Mapping[str, bool] = NOTHING
    request_models: Mapping[str, str] = NOTHING
    request_validator: RequestValidator | None = None
    operation_name: str | None = None
    integration: Integration | None = None
    responses: tuple[MethodResponse, ...] = ()
    declared_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A path of the API, such as `/pets/{petId}` or `/{proxy+}`, with its methods by HTTP method."""

    id: str
    path: str
    methods: Mapping[str, Method] = NOTHING
    declared_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A JSON schema (draft-04) by name. `schema` is JSON text."""

    name: str
    schema: str
    content_type: str = "application/json"
    declared_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorizer:
    """An authorizer; `result_ttl_seconds` 0 turns its cache off. `identity_source` is comma-separated.

    `provider_arns` are the user pools of a COGNITO_USER_POOLS authorizer.
    """

    id: str
    name: str
    type: Literal["TOKEN", "REQUEST", "COGNITO_USER_POOLS"] = "TOKEN"
    uri: str = ""
    identity_source: str = "method.request.header.Authorization"
    identity_validation_expression: str | None = None
    result_ttl_seconds: int = 300
    provider_arns: tuple[str, ...] = ()
    declared_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPool:
    """A Cognito user pool: `issuer` is `iss` of its tokens, `client_ids` its app clients, empty where unknown."""

    id: str
    arn: str
    issuer: str
    client_ids: tuple[str, ...] = ()
    declared_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayResponse:
    """A customised answer for what fails on the way; `response_type` such as `UNAUTHORIZED` or `DEFAULT_4XX`.

    `response_parameters` maps `gatewayresponse.header.{name}` to a mapping expression or a quoted constant.
    """

    response_type: str
    status_code: str | None = None
    response_parameters: Mapping[str, str] = NOTHING
    response_templates: Mapping[str, str] = NOTHING
    declared_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodSettings:
    """A stage's settings for `*/*` or `{path without its first slash}/{METHOD}`. None leaves the account's default.

    `throttling_rate_limit` is requests a second, `throttling_burst_limit` requests. The settings of the cache take
    effect on a stage that has one; 0 `cache_ttl_seconds` turns it off.
    """

    throttling_rate_limit: float | None = None
    throttling_burst_limit: int | None = None
    logging_level: Literal["OFF", "ERROR", "INFO"] = "OFF"
    data_trace: bool = False
    caching_enabled: bool | None = None
    cache_ttl_seconds: int | None = None
    require_authorization_for_cache_control: bool | None = None
    unauthorized_cache_control_header_strategy: CacheControlStrategy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """A canary release on a stage. `percent_traffic`, 0.0 to 100.0, is its share of the stage's requests.

    `stage_variable_overrides` come before the stage's variables, or are added to them.
    """

    deployment_id: str = ""
    percent_traffic: float = 0.0
    stage_variable_overrides: Mapping[str, str] = NOTHING
    use_stage_cache: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage of a REST API. `access_log_format` is the stage's own `$context` format, None without access logs.

    `serves_canary` marks the stage as the canary's requests see it.
    """

    name: str
    deployment_id: str = ""
    variables: Mapping[str, str] = NOTHING
    method_settings: Mapping[str, MethodSettings] = NOTHING
    access_log_format: str | None = None
    access_log_destination: str | None = None
    cache_cluster_enabled: bool = False
    canary: Canary | None = None
    serves_canary: bool = False
    declared_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """An API key; `value` is what the client sends."""

    id: str
    value: str
    name: str = ""
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class UsagePlan:
    """Who may call which stages how often. `quota_period` is DAY, WEEK or MONTH; `api_stages` holds (api id, stage).

    `method_throttles` maps (api id, stage, `{path}/{METHOD}`) to (rate limit, burst limit).
    """

    id: str
    name: str = ""
    api_stages: tuple[tuple[str, str], ...] = ()
    key_ids: tuple[str, ...] = ()
    throttle_rate_limit: float | None = None
    throttle_burst_limit: int | None = None
    quota_limit: int | None = None
    quota_offset: int = 0
    quota_period: Literal["DAY", "WEEK", "MONTH"] = "MONTH"
    method_throttles: Mapping[tuple[str, str, str], tuple[float, int]] = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class RestApi:
    """A REST API, whole: what a deployment freezes and a stage serves.

    `minimum_compression_size` is in bytes, None for no compression. `gateway_responses` is by response type, `models`
    and `authorizers` by name and id, `user_pools` by ARN. `policy` is the resource policy as JSON text.
    `import_warnings` holds what of its OpenAPI document API Gateway does not use, each with a fix.
    """

    id: str
    name: str
    resources: tuple[Resource, ...] = ()
    models: Mapping[str, Model] = NOTHING
    authorizers: Mapping[str, Authorizer] = NOTHING
    user_pools: Mapping[str, UserPool] = NOTHING
    gateway_responses: Mapping[str, GatewayResponse] = NOTHING
    api_keys: tuple[ApiKey, ...] = ()
    usage_plans: tuple[UsagePlan, ...] = ()
    binary_media_types: tuple[str, ...] = ()
    minimum_compression_size: int | None = None
    api_key_source: Literal["HEADER", "AUTHORIZER"] = "HEADER"
    policy: str | None = None
    region: str = "us-east-1"
    account_id: str = "123456789012"
    disable_execute_api_endpoint: bool = False
    edge_optimized: bool = False
    import_warnings: tuple[tuple[str, str], ...] = ()
    declared_by: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
