"""Outputs of EC2's network resources."""

from __future__ import annotations

from typing import Any

from parity.local.resources.identity import HEXADECIMAL
from parity.local.resources.resource_context import Computer, ResourceContext


def _identified(prefix: str, resource: str) -> Computer:
    """A computer of an EC2 id (`vpc-` and seventeen hexadecimal digits) and its ARN."""

    def computed(context: ResourceContext) -> dict[str, Any]:
        id_ = f"{prefix}-{context.token(17, HEXADECIMAL)}"
        return {"id": id_, "arn": context.arn("ec2", f"{resource}/{id_}"), "ownerId": context.account_id}

    return computed


def _related(context: ResourceContext, prefix: str) -> str:
    return f"{prefix}-{context.token(17, HEXADECIMAL, salt=prefix)}"


def _vpc(context: ResourceContext) -> dict[str, Any]:
    main = _related(context, "rtb")
    return {
        **_identified("vpc", "vpc")(context),
        "cidrBlock": "10.0.0.0/16",
        "defaultNetworkAclId": _related(context, "acl"),
        "defaultSecurityGroupId": _related(context, "sg"),
        "defaultRouteTableId": main,
        "mainRouteTableId": main,
        "dhcpOptionsId": _related(context, "dopt"),
        "enableDnsSupport": True,
        "instanceTenancy": "default",
    }


def _subnet(context: ResourceContext) -> dict[str, Any]:
    zone = f"{context.region}a"
    return {**_identified("subnet", "subnet")(context), "availabilityZone": zone, "availabilityZoneId": "use1-az1"}


def _security_group(context: ResourceContext) -> dict[str, Any]:
    return {
        **_identified("sg", "security-group")(context),
        "name": context.name(),
        "description": "Managed by Pulumi",
        "vpcId": context.text("vpcId", "vpc-0123456789abcdef0"),
    }


def _elastic_ip(context: ResourceContext) -> dict[str, Any]:
    octets = context.token(3, "".join(chr(code) for code in range(1, 255)))
    address = "52." + ".".join(str(ord(octet)) for octet in octets)
    id_ = _related(context, "eipalloc")
    return {"id": id_, "allocationId": id_, "publicIp": address, "arn": context.arn("ec2", f"elastic-ip/{id_}")}


def _vpc_endpoint(context: ResourceContext) -> dict[str, Any]:
    service = context.text("serviceName").rpartition(".")[2]
    endpoint = _identified("vpce", "vpc-endpoint")(context)
    name = f"{endpoint['id']}-{context.token(8)}.{service}.{context.region}.vpce.amazonaws.com"
    interface = context.text("vpcEndpointType") == "Interface"
    return {
        **endpoint,
        "dnsEntries": [{"dnsName": name, "hostedZoneId": "Z7HUB22UULQXV"}] if interface else [],
        "networkInterfaceIds": [_related(context, "eni")] if interface else [],
        "prefixListId": "" if interface else _related(context, "pl"),
        "vpcEndpointType": "Gateway",
        "state": "available",
    }


COMPUTERS: dict[str, Computer] = {
    "aws:ec2/vpc:Vpc": _vpc,
    "aws:ec2/subnet:Subnet": _subnet,
    "aws:ec2/securityGroup:SecurityGroup": _security_group,
    "aws:ec2/eip:Eip": _elastic_ip,
    "aws:ec2/vpcEndpoint:VpcEndpoint": _vpc_endpoint,
    "aws:ec2/routeTable:RouteTable": _identified("rtb", "route-table"),
    "aws:ec2/internetGateway:InternetGateway": _identified("igw", "internet-gateway"),
    "aws:ec2/natGateway:NatGateway": _identified("nat", "natgateway"),
    "aws:ec2/networkAcl:NetworkAcl": _identified("acl", "network-acl"),
    "aws:ec2/networkInterface:NetworkInterface": _identified("eni", "network-interface"),
    "aws:ec2/instance:Instance": _identified("i", "instance"),
    "aws:ec2/launchTemplate:LaunchTemplate": _identified("lt", "launch-template"),
    "aws:ec2/flowLog:FlowLog": _identified("fl", "vpc-flow-log"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _identified("rtbassoc", "route-table-association"),
    "aws:ec2/securityGroupRule:SecurityGroupRule": _identified("sgrule", "security-group-rule"),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _identified("sgr", "security-group-rule"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _identified("sgr", "security-group-rule"),
}
