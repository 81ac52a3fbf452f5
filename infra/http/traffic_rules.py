"""Who may talk to whom: the VPC link to the balancer, the balancer to the task, the task to AWS's endpoints."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.http.container_task import PORT
from infra.http.network import Network

BALANCER_PORT = 80
HTTPS = 443


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficRulesArgs:
    """The network whose traffic is ruled."""

    network: Network


class TrafficRules(pulumi.ComponentResource):
    """One security group each for the link, the balancer and the task. What no rule names is not let through."""

    def __init__(self, name: str, args: TrafficRulesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("parity:infra:TrafficRules", name, None, opts)
        self._name, self._network = name, args.network
        self._child = pulumi.ResourceOptions(parent=self)
        self.link = self._group("link", "VPC link of the API")
        self.balancer = self._group("balancer", "Load balancer of the HTTP backend")
        self.task = self._group("task", "Tasks of the HTTP backend")
        self._pass("link-to-balancer", self.link.id, self.balancer.id, BALANCER_PORT)
        self._pass("balancer-to-task", self.balancer.id, self.task.id, PORT)
        if args.network.endpoint_group_id is not None:
            self._pass("task-to-endpoints", self.task.id, args.network.endpoint_group_id, HTTPS)
        else:
            self._let_out("task-to-endpoints", HTTPS, cidr_ipv4=args.network.endpoint_range)
        self._let_out("task-to-s3", HTTPS, prefix_list_id=args.network.s3_prefix_list_id)
        self.register_outputs({})

    def _group(self, role: str, description: str) -> aws.ec2.SecurityGroup:
        return aws.ec2.SecurityGroup(
            f"{self._name}-{role}-group", description=description, vpc_id=self._network.vpc_id, opts=self._child
        )

    def _pass(self, name: str, source: pulumi.Output[str], target: pulumi.Output[str], port: int) -> None:
        """Lets TCP through from one group to another, out of the first and into the second."""
        aws.vpc.SecurityGroupEgressRule(
            f"{self._name}-{name}-out",
            security_group_id=source,
            referenced_security_group_id=target,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=name.replace("-", " "),
            opts=self._child,
        )
        aws.vpc.SecurityGroupIngressRule(
            f"{self._name}-{name}-in",
            security_group_id=target,
            referenced_security_group_id=source,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=name.replace("-", " "),
            opts=self._child,
        )

    def _let_out(
        self,
        name: str,
        port: int,
        *,
        cidr_ipv4: pulumi.Input[str] | None = None,
        prefix_list_id: pulumi.Input[str] | None = None,
    ) -> None:
        """Lets TCP out of the task to what is not a group of this stack."""
        aws.vpc.SecurityGroupEgressRule(
            f"{self._name}-{name}-out",
            security_group_id=self.task.id,
            cidr_ipv4=cidr_ipv4,
            prefix_list_id=prefix_list_id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=name.replace("-", " "),
            opts=self._child,
        )
