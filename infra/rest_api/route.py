"""A path of the API, `/{part}/{proxy+}`, with every method of it going to one backend."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from infra.rest_api.authorization import MethodAuthorization
from infra.rest_api.error_responses import STATUSES

JSON = "application/json"
TIMEOUT_MS = 29_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """A custom (non-proxy) integration.

    `query_strings` and `headers` are the method request's parameters that `request_parameters` maps.
    `request_template` is a Velocity source; `error_patterns` and `error_templates` are by the status they select.
    """

    type: str
    http_method: str
    uri: pulumi.Input[str]
    request_template: str
    error_patterns: Mapping[int, str]
    error_templates: Mapping[int, str]
    request_parameters: Mapping[str, str] = field(default_factory=dict)
    query_strings: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    connection_id: pulumi.Input[str] | None = None
    integration_target: pulumi.Input[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteArgs:
    """`path_part` is the first part of the path."""

    api: aws.apigateway.RestApi
    path_part: str
    integration: Integration
    authorization: MethodAuthorization
    validator_id: pulumi.Input[str]


class Route(pulumi.ComponentResource):
    """The resources, the ANY method, its integration, and what each answer of the backend becomes."""

    path: str
    method: aws.apigateway.Method

    def __init__(self, name: str, args: RouteArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("parity:infra:Route", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self._name, self._api = name, args.api
        self.path = f"/{args.path_part}/{{proxy+}}"
        parent = aws.apigateway.Resource(
            f"{name}-resource",
            rest_api=args.api.id,
            parent_id=args.api.root_resource_id,
            path_part=args.path_part,
            opts=child,
        )
        self._resource = aws.apigateway.Resource(
            f"{name}-proxy-resource", rest_api=args.api.id, parent_id=parent.id, path_part="{proxy+}", opts=child
        )
        self.method = self._declare_method(args)
        integration = self._declare_integration(args.integration)
        self._declare_response(integration, 200)
        for status in STATUSES:
            pattern, template = args.integration.error_patterns[status], args.integration.error_templates[status]
            self._declare_response(integration, status, pattern, template)
        self.register_outputs({"path": self.path})

    def _declare_method(self, args: RouteArgs) -> aws.apigateway.Method:
        parameters = {
            "method.request.path.proxy": True,
            **{f"method.request.querystring.{name}": False for name in args.integration.query_strings},
            **{f"method.request.header.{name}": False for name in args.integration.headers},
        }
        return aws.apigateway.Method(
            f"{self._name}-method",
            rest_api=self._api.id,
            resource_id=self._resource.id,
            http_method="ANY",
            authorization=args.authorization.type,
            authorizer_id=args.authorization.authorizer_id,
            api_key_required=args.authorization.api_key_required,
            request_parameters=parameters,
            request_validator_id=args.validator_id,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _declare_integration(self, integration: Integration) -> aws.apigateway.Integration:
        return aws.apigateway.Integration(
            f"{self._name}-integration",
            rest_api=self._api.id,
            resource_id=self._resource.id,
            http_method=self.method.http_method,
            type=integration.type,
            integration_http_method=integration.http_method,
            uri=integration.uri,
            connection_type="VPC_LINK" if integration.connection_id else "INTERNET",
            connection_id=integration.connection_id,
            integration_target=integration.integration_target,
            request_parameters=dict(integration.request_parameters),
            request_templates={JSON: integration.request_template},
            passthrough_behavior="WHEN_NO_TEMPLATES",
            timeout_milliseconds=TIMEOUT_MS,
            opts=pulumi.ResourceOptions(
                parent=self,
                # No patch takes the link's id and the load balancer away from an integration that leaves the VPC link.
                replace_on_changes=["connectionType"],
                # A method has one integration: making the new one overwrites the old, whose deletion deletes both.
                delete_before_replace=True,
            ),
        )

    def _declare_response(
        self,
        integration: aws.apigateway.Integration,
        status: int,
        pattern: str | None = None,
        template: str | None = None,
    ) -> None:
        """Declares what the client gets for `status`; without a pattern, for all that no pattern matches."""
        method_response = aws.apigateway.MethodResponse(
            f"{self._name}-{status}",
            rest_api=self._api.id,
            resource_id=self._resource.id,
            http_method=self.method.http_method,
            status_code=str(status),
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.apigateway.IntegrationResponse(
            f"{self._name}-{status}",
            rest_api=self._api.id,
            resource_id=self._resource.id,
            # The integration's, so that this is made again with it: its responses go with an integration.
            http_method=integration.http_method,
            status_code=method_response.status_code,
            selection_pattern=pattern,
            response_templates=None if template is None else {JSON: template},
            opts=pulumi.ResourceOptions(parent=self),
        )
