"""The REST API: who may call it, its routes, and the stage that serves it."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.configuration.account import Account
from infra.configuration.settings import Settings
from infra.http.http_backend import HttpEndpoint
from infra.naming import stack_prefix
from infra.observability.backend_metrics import BackendMetrics
from infra.observability.log_group import LogSettings
from infra.rest_api.api_shape import ApiShape
from infra.rest_api.authorization import (
    METHOD_AUTHORIZATIONS,
    MethodAuthorization,
    TokenAuthorizer,
    TokenAuthorizerArgs,
)
from infra.rest_api.integrations import http_integration, lambda_integration
from infra.rest_api.ip_allow_list import allow_only
from infra.rest_api.route import Integration, Route, RouteArgs
from infra.rest_api.stage import Stage, StageArgs

# TLS 1.2 or 1.3: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html
SECURITY_POLICY = "SecurityPolicy_TLS13_1_2_2021_06"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiArgs:
    """A backend that is None has no route."""

    settings: Settings
    account: Account
    logs: LogSettings
    function: aws.lambda_.Function | None
    endpoint: HttpEndpoint | None


class Api(pulumi.ComponentResource):
    """One Regional REST API with a route for each backend. `api_key` or `token` is what a caller needs, if anything."""

    rest_api: aws.apigateway.RestApi
    stage: aws.apigateway.Stage
    routes: dict[str, Route]
    metrics: dict[str, BackendMetrics]
    api_key: pulumi.Output[str] | None = None
    token: pulumi.Output[str] | None = None

    def __init__(self, name: str, args: ApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        shape = ApiShape()
        recorded = pulumi.ResourceOptions(transformations=[shape.record])
        super().__init__("parity:infra:Api", name, None, pulumi.ResourceOptions.merge(opts, recorded))
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        self.rest_api = aws.apigateway.RestApi(
            stack_prefix(),
            description="Passes one request to a Lambda function and to an HTTP service",
            endpoint_configuration={"types": "REGIONAL"},
            security_policy=SECURITY_POLICY,
            endpoint_access_mode="STRICT",
            opts=self._child,
        )
        self._validator = aws.apigateway.RequestValidator(
            f"{name}-validator", rest_api=self.rest_api.id, validate_request_parameters=True, opts=self._child
        )
        if args.settings.allowed_ips:
            allow_only(args.settings.allowed_ips, self.rest_api, name, self)
        authorization = self._authorize()
        self.routes = {}
        if args.function is not None:
            self._permit(args.function)
            self._add_route("lambda", lambda_integration(args.function), authorization)
        if args.endpoint is not None:
            self._add_route("http", http_integration(args.endpoint, args.settings), authorization)
        stage_args = StageArgs(
            api=self.rest_api, shape=shape, settings=args.settings, account=args.account, logs=args.logs
        )
        self.stage = Stage(name, stage_args, self._child).stage
        self.metrics = {
            part: BackendMetrics(api_name=self.rest_api.name, stage_name=self.stage.stage_name, path=route.path)
            for part, route in self.routes.items()
        }
        if args.settings.authorization == "api-key":
            self.api_key = self._sell_key()
        self.register_outputs({"url": self.stage.invoke_url})

    def _authorize(self) -> MethodAuthorization:
        settings = self._args.settings
        if settings.authorization != "lambda":
            return METHOD_AUTHORIZATIONS[settings.authorization]
        authorizer_args = TokenAuthorizerArgs(
            api=self.rest_api, account=self._args.account, logs=self._args.logs, token=settings.authorizer_token
        )
        authorizer = TokenAuthorizer("authorizer", authorizer_args, self._child)
        self.token = authorizer.token
        return authorizer.authorization

    def _add_route(self, path_part: str, integration: Integration, authorization: MethodAuthorization) -> None:
        self.routes[path_part] = Route(
            f"{path_part}-route",
            RouteArgs(
                api=self.rest_api,
                path_part=path_part,
                integration=integration,
                authorization=authorization,
                validator_id=self._validator.id,
            ),
            self._child,
        )

    def _permit(self, function: aws.lambda_.Function) -> None:
        """Lets this API's Lambda route, and nothing else, invoke the function."""
        aws.lambda_.Permission(
            f"{self._name}-permission",
            action="lambda:InvokeFunction",
            function=function.name,
            principal="apigateway.amazonaws.com",
            source_arn=pulumi.Output.concat(self.rest_api.execution_arn, "/*/*/lambda/*"),
            opts=self._child,
        )

    def _sell_key(self) -> pulumi.Output[str]:
        """An API key, and the usage plan without which it opens nothing."""
        key = aws.apigateway.ApiKey(f"{self._name}-key", opts=self._child)
        plan = aws.apigateway.UsagePlan(
            f"{self._name}-plan",
            api_stages=[{"api_id": self.rest_api.id, "stage": self.stage.stage_name}],
            throttle_settings={
                "rate_limit": self._args.settings.throttling_rate,
                "burst_limit": self._args.settings.throttling_burst,
            },
            opts=self._child,
        )
        aws.apigateway.UsagePlanKey(
            f"{self._name}-plan-key", key_id=key.id, key_type="API_KEY", usage_plan_id=plan.id, opts=self._child
        )
        return pulumi.Output.secret(key.value)
