"""The deployment of an API and the stage that serves it, with its logs and its throttling."""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.configuration.account import Account
from infra.configuration.settings import Settings
from infra.observability.log_group import LogSettings, log_group
from infra.policy_document import trust
from infra.rest_api.api_shape import ApiShape

ACCESS_LOG_FORMAT = json.dumps(
    {
        "requestId": "$context.requestId",
        "extendedRequestId": "$context.extendedRequestId",
        "requestTime": "$context.requestTime",
        "ip": "$context.identity.sourceIp",
        "caller": "$context.identity.caller",
        "httpMethod": "$context.httpMethod",
        "resourcePath": "$context.resourcePath",
        "path": "$context.path",
        "protocol": "$context.protocol",
        "status": "$context.status",
        "integrationStatus": "$context.integration.status",
        "integrationLatency": "$context.integration.latency",
        "responseLatency": "$context.responseLatency",
        "responseLength": "$context.responseLength",
        "errorType": "$context.error.responseType",
        "integrationError": "$context.integration.error",
        "tlsVersion": "$context.tlsVersion",
    }
)
"""One line of JSON a request. Latencies are in milliseconds; every value is a string, since `-` stands for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageArgs:
    """The API, what shapes it, and the settings of the stage."""

    api: aws.apigateway.RestApi
    shape: ApiShape
    settings: Settings
    account: Account
    logs: LogSettings


class Stage(pulumi.ComponentResource):
    """A stage whose deployment is made anew, before the old one is deleted, by any change of the API's shape."""

    stage: aws.apigateway.Stage

    def __init__(self, name: str, args: StageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("parity:infra:Stage", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        settings = args.settings
        deployment = aws.apigateway.Deployment(
            f"{name}-deployment",
            rest_api=args.api.id,
            triggers={"shape": args.shape.digest()},
            opts=pulumi.ResourceOptions(parent=self, depends_on=args.shape.resources),
        )
        access_logs = log_group(f"{name}-access", args.logs, self)
        # API Gateway makes this group itself if it is missing: unencrypted, and kept forever.
        execution_logs = log_group(
            f"{name}-execution",
            args.logs,
            self,
            physical_name=pulumi.Output.concat("API-Gateway-Execution-Logs_", args.api.id, "/", settings.stage_name),
        )
        if settings.account_logging == "manage":
            logging = _account_logging(name, args.account, self)
            log_destination = access_logs.arn
        else:
            logging = aws.apigateway.Account.get(f"{name}-account", "api-gateway-account", opts=child)
            role = logging.cloudwatch_role_arn.apply(_required_role)
            log_destination = pulumi.Output.all(access_logs.arn, role).apply(lambda known: str(known[0]))
        self.stage = aws.apigateway.Stage(
            f"{name}-stage",
            rest_api=args.api.id,
            deployment=deployment.id,
            stage_name=settings.stage_name,
            access_log_settings={"destination_arn": log_destination, "format": ACCESS_LOG_FORMAT},
            xray_tracing_enabled=settings.tracing,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[logging, execution_logs]),
        )
        aws.apigateway.MethodSettings(
            f"{name}-settings",
            rest_api=args.api.id,
            stage_name=self.stage.stage_name,
            method_path="*/*",
            settings={
                "throttling_rate_limit": settings.throttling_rate,
                "throttling_burst_limit": settings.throttling_burst,
                "metrics_enabled": True,
                "logging_level": settings.execution_logs,
                # Bodies and credentials of callers belong in no log.
                "data_trace_enabled": False,
            },
            opts=child,
        )
        self.register_outputs({"url": self.stage.invoke_url})


def _required_role(role: str) -> str:
    """The account's role for logs, without which AWS would refuse the stage after all else has been made."""
    if not role:
        raise pulumi.RunError(
            "parity:accountLogging is existing, and this account has no role with which API Gateway writes logs in "
            "this region; set parity:accountLogging to manage, or set the role once for all APIs: "
            "aws apigateway update-account --patch-operations op=replace,path=/cloudwatchRoleArn,value=ROLE_ARN"
        )
    return role


def _account_logging(name: str, account: Account, parent: pulumi.Resource) -> aws.apigateway.Account:
    """The role with which API Gateway writes logs, which an account has once for all its APIs of a region."""
    child = pulumi.ResourceOptions(parent=parent)
    role = aws.iam.Role(
        f"{name}-logging-role",
        assume_role_policy=trust("apigateway"),
        description="Writes the logs of every API of this account and region",
        opts=child,
    )
    attachment = aws.iam.RolePolicyAttachment(
        f"{name}-logging",
        role=role.name,
        policy_arn=f"arn:{account.partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
        opts=child,
    )
    return aws.apigateway.Account(
        f"{name}-account",
        cloudwatch_role_arn=role.arn,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[attachment]),
    )
