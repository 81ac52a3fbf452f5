"""Promises about the network: nothing is public but the API."""

from collections.abc import Iterator

from tests.infra.harness import Deployed, Resource
from tests.infra.promise import Promise, each, setter

INGRESS = "vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "vpc/securityGroupEgressRule:SecurityGroupEgressRule"
WAYS_OUT = (
    *("ec2/internetGateway:InternetGateway", "ec2/natGateway:NatGateway", "ec2/eip:Eip", "ec2/route:Route"),
    *("ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway", "lambda/functionUrl:FunctionUrl"),
)
BALANCER_PORT, TASK_PORT, HTTPS = 80, 8080, 443


def ways_out(deployed: Deployed) -> list[str]:
    """Resources that join the VPC, or a backend, to the internet."""
    return [resource.name for token in WAYS_OUT for resource in deployed.of(token)]


def add_gateway(deployed: Deployed) -> None:
    """Adds an internet gateway."""
    deployed.resources.append(Resource("aws:ec2/internetGateway:InternetGateway", "gateway", "gateway-id", {}))


def traffic(deployed: Deployed, token: str) -> set[tuple[str, str, int]]:
    """Each rule as (its group, the other side, port), groups by the role in their names."""
    roles = {group.id: group.name.split("-")[-2] for group in deployed.of("ec2/securityGroup:SecurityGroup")}
    found = set()
    for rule in deployed.of(token):
        inputs = rule.inputs
        group = inputs.get("referencedSecurityGroupId")
        other = roles[group] if group else inputs.get("prefixListId") or inputs.get("cidrIpv4") or "anywhere"
        assert inputs["fromPort"] == inputs["toPort"]
        found.add((roles[inputs["securityGroupId"]], other, int(inputs["toPort"])))
    return found


def unwanted_traffic(deployed: Deployed) -> Iterator[str]:
    """Traffic that is let through beside link, balancer, task and AWS's endpoints, or is missing there."""
    if not deployed.of("ecs/service:Service"):
        return
    wanted = {
        INGRESS: {("balancer", "link", BALANCER_PORT), ("task", "balancer", TASK_PORT), ("endpoints", "task", HTTPS)},
        EGRESS: {
            ("link", "balancer", BALANCER_PORT),
            ("balancer", "task", TASK_PORT),
            ("task", "endpoints", HTTPS),
            ("task", "pl-63a5400a", HTTPS),
        },
    }
    for token, rules in wanted.items():
        yield from (f"{rule} is let through" for rule in traffic(deployed, token) - rules)
        yield from (f"{rule} is missing" for rule in rules - traffic(deployed, token))
    for group in deployed.of("ec2/securityGroup:SecurityGroup"):
        if group.inputs.get("ingress") or group.inputs.get("egress"):
            yield f"{group.name} has rules of its own"


def open_balancer(deployed: Deployed) -> None:
    """Lets the whole world reach the balancer."""
    for rule in deployed.of(INGRESS):
        if rule.inputs["toPort"] == BALANCER_PORT:
            rule.inputs.pop("referencedSecurityGroupId")
            rule.inputs["cidrIpv4"] = "0.0.0.0/0"


def public_integrations(deployed: Deployed) -> Iterator[str]:
    """HTTP integrations that do not go through this stack's VPC link to its balancer."""
    links = [link.id for link in deployed.of("apigatewayv2/vpcLink:VpcLink")]
    for integration in deployed.of("apigateway/integration:Integration"):
        inputs = integration.inputs
        if not links or inputs["type"] != "HTTP":
            continue
        if inputs["connectionType"] != "VPC_LINK" or inputs["connectionId"] not in links:
            yield f"{integration.name} does not use the VPC link"
        if "loadbalancer" not in inputs.get("integrationTarget", ""):
            yield f"{integration.name} does not name the balancer"


def go_public(deployed: Deployed) -> None:
    """Lets the HTTP integration go through the internet."""
    for integration in deployed.of("apigateway/integration:Integration"):
        if integration.inputs["type"] == "HTTP":
            integration.inputs["connectionType"] = "INTERNET"


def zones(deployed: Deployed) -> Iterator[str]:
    """VPCs whose subnets are not in two zones."""
    subnets = deployed.of("ec2/subnet:Subnet")
    if subnets and len({subnet.inputs["availabilityZoneId"] for subnet in subnets}) < 2:
        yield "the subnets are in one zone"


def put_in_one_zone(deployed: Deployed) -> None:
    """Puts every subnet in one zone."""
    for subnet in deployed.of("ec2/subnet:Subnet"):
        subnet.inputs["availabilityZoneId"] = "use1-az1"


def missing_endpoints(deployed: Deployed) -> Iterator[str]:
    """AWS services that a task needs and the VPC has no endpoint for."""
    if deployed.of("ec2/vpc:Vpc"):
        found = {endpoint.inputs["serviceName"] for endpoint in deployed.of("ec2/vpcEndpoint:VpcEndpoint")}
        for service in ("ecr.api", "ecr.dkr", "logs", "s3"):
            if f"com.amazonaws.us-east-1.{service}" not in found:
                yield service


PROMISES = (
    Promise("nothing joins the VPC to the internet", ways_out, add_gateway),
    Promise(
        "the load balancer is internal",
        each("lb/loadBalancer:LoadBalancer", lambda inputs: inputs.get("internal") is not True),
        setter("lb/loadBalancer:LoadBalancer", internal=False),
    ),
    Promise(
        "tasks have no public address",
        each("ecs/service:Service", lambda inputs: inputs["networkConfiguration"]["assignPublicIp"] is not False),
        setter("ecs/service:Service", networkConfiguration={"assignPublicIp": True}),
    ),
    Promise(
        "subnets give no public addresses",
        each("ec2/subnet:Subnet", lambda inputs: inputs.get("mapPublicIpOnLaunch") is not False),
        setter("ec2/subnet:Subnet", mapPublicIpOnLaunch=True),
    ),
    Promise("traffic goes from link to balancer to task to AWS, and nowhere else", unwanted_traffic, open_balancer),
    Promise(
        "the VPC's default security group lets nothing pass",
        each(
            "ec2/defaultSecurityGroup:DefaultSecurityGroup",
            lambda inputs: bool(inputs.get("ingress") or inputs.get("egress")),
        ),
        setter("ec2/defaultSecurityGroup:DefaultSecurityGroup", egress=[{"protocol": "-1"}]),
    ),
    Promise("the HTTP backend is reached through the VPC link", public_integrations, go_public),
    Promise("the subnets are in two zones", zones, put_in_one_zone),
    Promise(
        "a task reaches ECR, S3 and CloudWatch Logs through endpoints",
        missing_endpoints,
        setter("ec2/vpcEndpoint:VpcEndpoint", serviceName="com.amazonaws.us-east-1.sqs"),
    ),
)
