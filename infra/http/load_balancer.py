"""The internal load balancer in front of the HTTP backend's tasks, and the link by which the API reaches it."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.http.container_task import PORT
from infra.http.network import Network
from infra.http.traffic_rules import BALANCER_PORT, TrafficRules

DRAIN_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancerArgs:
    """Where the balancer stands and what it may talk to."""

    network: Network
    rules: TrafficRules


class LoadBalancer(pulumi.ComponentResource):
    """An internal Application Load Balancer with one target group, and a VPC link V2.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html
    """

    def __init__(self, name: str, args: LoadBalancerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("parity:infra:LoadBalancer", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        network, rules = args.network, args.rules
        self.balancer = aws.lb.LoadBalancer(
            f"{name}-balancer",
            internal=True,
            load_balancer_type="application",
            subnets=network.subnet_ids,
            security_groups=[rules.balancer.id],
            drop_invalid_header_fields=True,
            desync_mitigation_mode="defensive",
            # A balancer cannot be moved to another VPC.
            opts=pulumi.ResourceOptions(parent=self, replace_on_changes=["subnets"]),
        )
        self.target_group = aws.lb.TargetGroup(
            f"{name}-targets",
            vpc_id=network.vpc_id,
            target_type="ip",
            protocol="HTTP",
            port=PORT,
            # A request that a task has begun, and API Gateway still waits for, is finished.
            deregistration_delay=DRAIN_SECONDS,
            health_check={
                "path": "/healthz",
                "protocol": "HTTP",
                "matcher": "200",
                "interval": 10,
                "timeout": 3,
                "healthy_threshold": 2,
                "unhealthy_threshold": 3,
            },
            opts=child,
        )
        self.listener = aws.lb.Listener(
            f"{name}-listener",
            load_balancer_arn=self.balancer.arn,
            port=BALANCER_PORT,
            protocol="HTTP",
            default_actions=[{"type": "forward", "target_group_arn": self.target_group.arn}],
            opts=child,
        )
        self.link = aws.apigatewayv2.VpcLink(
            f"{name}-link", subnet_ids=network.subnet_ids, security_group_ids=[rules.link.id], opts=child
        )
        self.register_outputs({"arn": self.balancer.arn})
