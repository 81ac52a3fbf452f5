"""What AWS says of a deployed REST API, through boto3: its stage, logs, VPC link and targets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from parity.errors import UserError

ClientFactory = Callable[[str], Any]
"""Makes the boto3 client of a service, such as `apigatewayv2`."""


def boto3_clients(region: str) -> ClientFactory:
    """Clients with the credentials of the environment.

    Args:
        region: the API's region.

    Raises:
        UserError: boto3 is not installed.
    """
    try:
        import boto3
    except ImportError as error:
        raise UserError("boto3 is not installed: pip install 'parity[aws]'") from error
    session = boto3.session.Session(region_name=region)
    return lambda service: session.client(service)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateIntegration:
    """An integration through a VPC link: the link's id and the load balancer's ARN, empty for a link V1."""

    link_id: str
    balancer_arn: str


class DeployedApi:
    """The look-ups of one API and stage.

    Args:
        api_id: the REST API's id.
        stage: the stage's name.
        clients: makes the client of a service.
    """

    def __init__(self, api_id: str, stage: str, clients: ClientFactory) -> None:
        self.api_id = api_id
        self.stage = stage
        self._clients = clients

    def log_role(self) -> str:
        """The ARN of the account's role for API Gateway's logs, empty if it has none."""
        return str(self._clients("apigateway").get_account().get("cloudwatchRoleArn") or "")

    def access_log_group(self) -> str:
        """The name of the log group of the stage's access log, empty if it has none."""
        stage = self._clients("apigateway").get_stage(restApiId=self.api_id, stageName=self.stage)
        arn = str((stage.get("accessLogSettings") or {}).get("destinationArn") or "")
        return arn.partition(":log-group:")[2].removesuffix(":*")

    def newest_event_ms(self, group: str) -> int:
        """When the newest event of a log group was written, in milliseconds since 1970; 0 if there is none."""
        logs = self._clients("logs")
        streams = logs.describe_log_streams(logGroupName=group, orderBy="LastEventTime", descending=True, limit=1)
        newest = [
            max(each.get("lastEventTimestamp", 0), each.get("lastIngestionTime", 0)) for each in streams["logStreams"]
        ]
        return max(newest, default=0)

    def private_integration(self) -> PrivateIntegration | None:
        """The first integration through a VPC link, None if there is none."""
        pages = self._clients("apigateway").get_paginator("get_resources")
        for page in pages.paginate(restApiId=self.api_id, embed=["methods"]):
            for resource in page["items"]:
                for method in (resource.get("resourceMethods") or {}).values():
                    integration = method.get("methodIntegration") or {}
                    if integration.get("connectionType") == "VPC_LINK":
                        return PrivateIntegration(
                            link_id=str(integration.get("connectionId", "")),
                            balancer_arn=str(integration.get("integrationTarget", "")),
                        )
        return None

    def link_state(self, link_id: str) -> tuple[str, str]:
        """The state of a VPC link V2, such as `AVAILABLE`, and what API Gateway says of it."""
        link = self._clients("apigatewayv2").get_vpc_link(VpcLinkId=link_id)
        return str(link.get("VpcLinkStatus", "")), str(link.get("VpcLinkStatusMessage", ""))

    def target_states(self, balancer_arn: str) -> Sequence[tuple[str, str]]:
        """The state of each target behind a load balancer, such as `healthy`, with the reason."""
        balancing = self._clients("elbv2")
        groups = balancing.describe_target_groups(LoadBalancerArn=balancer_arn)["TargetGroups"]
        states = []
        for group in groups:
            health = balancing.describe_target_health(TargetGroupArn=group["TargetGroupArn"])
            for target in health["TargetHealthDescriptions"]:
                found = target["TargetHealth"]
                states.append((str(found.get("State", "")), str(found.get("Description") or found.get("Reason", ""))))
        return states
