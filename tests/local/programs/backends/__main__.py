"""A function, and a container behind a load balancer and a VPC link."""

import json

import pulumi
import pulumi_aws as aws
import pulumi_docker_build as docker_build

function = aws.lambda_.Function(
    "function",
    code=pulumi.FileArchive("./function"),
    handler="handler.handler",
    runtime="python3.12",
    role="arn:aws:iam::123456789012:role/function",
    environment={"variables": {"GREETING": "hello"}},
)

image = docker_build.Image(
    "service", context={"location": "./service"}, tags=["registry.test/service:latest"], push=False
)
balancer = aws.lb.LoadBalancer("service", internal=True, subnets=["subnet-1", "subnet-2"])
group = aws.lb.TargetGroup(
    "service", port=8080, protocol="HTTP", target_type="ip", vpc_id="vpc-1", health_check={"path": "/healthz"}
)
listener = aws.lb.Listener(
    "service",
    load_balancer_arn=balancer.arn,
    port=80,
    default_actions=[{"type": "forward", "target_group_arn": group.arn}],
)
task = aws.ecs.TaskDefinition(
    "service",
    family="service",
    container_definitions=image.ref.apply(
        lambda reference: json.dumps(
            [
                {
                    "name": "service",
                    "image": reference,
                    "portMappings": [{"containerPort": 8080}],
                    "environment": [{"name": "GREETING", "value": "hello"}],
                }
            ]
        )
    ),
)
aws.ecs.Service(
    "service",
    task_definition=task.arn,
    load_balancers=[{"target_group_arn": group.arn, "container_name": "service", "container_port": 8080}],
    opts=pulumi.ResourceOptions(depends_on=[listener]),
)
link = aws.apigatewayv2.VpcLink("link", name="link", security_group_ids=[], subnet_ids=["subnet-1"])

api = aws.apigateway.RestApi("api")
declared: list[pulumi.Resource] = []


def proxy(name: str, integration: dict[str, pulumi.Input[str]]) -> None:
    """Declares `ANY /{name}` with its integration and one response."""
    path = aws.apigateway.Resource(name, rest_api=api.id, parent_id=api.root_resource_id, path_part=name)
    method = aws.apigateway.Method(name, rest_api=api.id, resource_id=path.id, http_method="ANY", authorization="NONE")
    common = {"rest_api": api.id, "resource_id": path.id, "http_method": method.http_method}
    to_backend = aws.apigateway.Integration(name, **common, **integration)
    response = aws.apigateway.MethodResponse(name, **common, status_code="200")
    declared.append(
        aws.apigateway.IntegrationResponse(
            name, **common, status_code=response.status_code, opts=pulumi.ResourceOptions(depends_on=[to_backend])
        )
    )


proxy("function", {"type": "AWS", "integration_http_method": "POST", "uri": function.invoke_arn})
proxy(
    "service",
    {
        "type": "HTTP",
        "integration_http_method": "GET",
        "uri": balancer.dns_name.apply(lambda name: f"http://{name}/greeting"),
        "connection_type": "VPC_LINK",
        "connection_id": link.id,
        "integration_target": balancer.arn,
    },
)
deployment = aws.apigateway.Deployment("d", rest_api=api.id, opts=pulumi.ResourceOptions(depends_on=declared))
stage = aws.apigateway.Stage("s", rest_api=api.id, deployment=deployment.id, stage_name="dev")
pulumi.export("url", stage.invoke_url)
