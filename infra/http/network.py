"""The private network of the HTTP backend: a VPC of its own without a way to the internet, or an existing one."""

import ipaddress
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.configuration.account import Account
from infra.configuration.prerequisites import available_zones
from infra.configuration.settings import Settings
from infra.naming import stack_prefix
from infra.observability.log_group import LogSettings, log_group
from infra.policy_document import allow, policy_document, trust


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Where the link, the balancer and the tasks are.

    `endpoint_group_id` is the security group of the endpoints that this stack made; `endpoint_range` is, in an existing
    VPC, the range in which its owner has put them. `ready` must exist before a task can start.
    """

    vpc_id: pulumi.Input[str]
    subnet_ids: pulumi.Input[list[pulumi.Input[str]]]
    s3_prefix_list_id: pulumi.Input[str]
    endpoint_group_id: pulumi.Output[str] | None = None
    endpoint_range: pulumi.Output[str] | None = None
    ready: tuple[pulumi.Resource, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateNetworkArgs:
    """`cidr` is the VPC's IPv4 range; each zone gets half of it."""

    cidr: str
    account: Account
    logs: LogSettings


class PrivateNetwork(pulumi.ComponentResource):
    """A VPC with private subnets in two zones and the endpoints that a Fargate task needs.

    Without an internet or NAT gateway nothing in it reaches the internet or is reached from it. The endpoints are those
    of https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html, and CloudWatch Logs.
    """

    network: Network

    def __init__(self, name: str, args: PrivateNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("parity:infra:PrivateNetwork", name, None, opts)
        self._name, self._account = name, args.account
        self._child = pulumi.ResourceOptions(parent=self)
        self._vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=args.cidr,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags={"Name": stack_prefix()},
            opts=self._child,
        )
        # The group that a resource without one would get: it lets nothing pass.
        aws.ec2.DefaultSecurityGroup(f"{name}-default-group", vpc_id=self._vpc.id, opts=self._child)
        self._log_flows(args.logs)
        table = aws.ec2.RouteTable(f"{name}-routes", vpc_id=self._vpc.id, opts=self._child)
        subnets = self._subnets(args.cidr)
        routes = [self._route(subnet, table, index + 1) for index, subnet in enumerate(subnets)]
        endpoint_group = aws.ec2.SecurityGroup(
            f"{name}-endpoints-group",
            description="Endpoints of the AWS services that the HTTP backend needs",
            vpc_id=self._vpc.id,
            opts=self._child,
        )
        s3 = self._s3_endpoint(table)
        interfaces = [
            self._interface_endpoint(service, actions, subnets, endpoint_group)
            for service, actions in _INTERFACE_ENDPOINTS.items()
        ]
        self.network = Network(
            vpc_id=self._vpc.id,
            subnet_ids=[subnet.id for subnet in subnets],
            s3_prefix_list_id=s3.prefix_list_id,
            endpoint_group_id=endpoint_group.id,
            ready=(s3, *routes, *interfaces),
        )
        self.register_outputs({"vpc_id": self._vpc.id})

    def _subnets(self, cidr: str) -> list[aws.ec2.Subnet]:
        # By their ids: in another account the same name is another zone.
        zones = available_zones(self._account)
        blocks = ipaddress.IPv4Network(cidr).subnets(prefixlen_diff=1)
        subnets = []
        for index, (zone, block) in enumerate(zip(zones, blocks, strict=False)):
            subnet = aws.ec2.Subnet(
                f"{self._name}-subnet-{index + 1}",
                vpc_id=self._vpc.id,
                cidr_block=str(block),
                availability_zone_id=zone,
                map_public_ip_on_launch=False,
                opts=self._child,
            )
            subnets.append(subnet)
        return subnets

    def _route(self, subnet: aws.ec2.Subnet, table: aws.ec2.RouteTable, number: int) -> aws.ec2.RouteTableAssociation:
        return aws.ec2.RouteTableAssociation(
            f"{self._name}-subnet-{number}-routes", subnet_id=subnet.id, route_table_id=table.id, opts=self._child
        )

    def _s3_endpoint(self, table: aws.ec2.RouteTable) -> aws.ec2.VpcEndpoint:
        """The gateway to S3, through which ECR's layers come: to ECR's bucket of the region and no other."""
        layers = f"arn:{self._account.partition}:s3:::prod-{self._account.region}-starport-layer-bucket/*"
        return aws.ec2.VpcEndpoint(
            f"{self._name}-s3-endpoint",
            vpc_id=self._vpc.id,
            service_name=f"com.amazonaws.{self._account.region}.s3",
            vpc_endpoint_type="Gateway",
            route_table_ids=[table.id],
            policy=policy_document([allow(["s3:GetObject"], layers, Principal="*")]),
            opts=self._child,
        )

    def _interface_endpoint(
        self, service: str, actions: tuple[str, ...], subnets: list[aws.ec2.Subnet], group: aws.ec2.SecurityGroup
    ) -> aws.ec2.VpcEndpoint:
        own_account = {"StringEquals": {"aws:PrincipalAccount": self._account.id}}
        return aws.ec2.VpcEndpoint(
            f"{self._name}-{service.replace('.', '-')}-endpoint",
            vpc_id=self._vpc.id,
            service_name=f"com.amazonaws.{self._account.region}.{service}",
            vpc_endpoint_type="Interface",
            private_dns_enabled=True,
            subnet_ids=[subnet.id for subnet in subnets],
            security_group_ids=[group.id],
            policy=policy_document([allow(actions, "*", Principal="*", Condition=own_account)]),
            opts=self._child,
        )

    def _log_flows(self, settings: LogSettings) -> None:
        """Records who talked to whom in the VPC."""
        logs = log_group(f"{self._name}-flows", settings, self)
        role = aws.iam.Role(
            f"{self._name}-flows-role",
            assume_role_policy=trust("vpc-flow-logs", {"StringEquals": {"aws:SourceAccount": self._account.id}}),
            description="Writes the flow logs of the VPC",
            opts=self._child,
        )
        aws.iam.RolePolicy(
            f"{self._name}-write-flows",
            role=role.name,
            policy=policy_document(
                [
                    allow(
                        [*_INTERFACE_ENDPOINTS["logs"], "logs:DescribeLogGroups", "logs:DescribeLogStreams"],
                        [logs.arn, pulumi.Output.concat(logs.arn, ":*")],
                    )
                ]
            ),
            opts=self._child,
        )
        aws.ec2.FlowLog(
            f"{self._name}-flows",
            vpc_id=self._vpc.id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=logs.arn,
            iam_role_arn=role.arn,
            opts=self._child,
        )


_PULL = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetAuthorizationToken",
    "ecr:GetDownloadUrlForLayer",
)
_INTERFACE_ENDPOINTS = {
    "ecr.api": _PULL,
    "ecr.dkr": _PULL,
    "logs": ("logs:CreateLogStream", "logs:PutLogEvents"),
}
"""The services of the interface endpoints, and what may be asked of each."""


def existing_network(settings: Settings, account: Account) -> Network:
    """The VPC that the configuration names. Its owner provides endpoints for ECR, S3 and CloudWatch Logs."""
    s3 = aws.ec2.get_prefix_list_output(name=f"com.amazonaws.{account.region}.s3")
    return Network(
        vpc_id=settings.vpc_id,
        subnet_ids=list(settings.subnet_ids),
        s3_prefix_list_id=s3.id,
        endpoint_range=aws.ec2.get_vpc_output(id=settings.vpc_id).cidr_block,
    )
