"""POST /orders writes to a queue, whose messages a function stores in a table; GET /orders/{id} reads the table.

Neither method has a function behind it: both are custom integrations with an AWS service, and mapping templates do the
work. `parity serve examples/orders` runs all of it locally.
"""

import json
from pathlib import Path

import pulumi
import pulumi_aws as aws

PARAMETER = r"""$util.escapeJavaScript($input.params('id')).replaceAll("\\'", "'")"""
TEMPLATES = Path(__file__).parent / "templates"
REGION = aws.get_region().region
ACCOUNT = aws.get_caller_identity().account_id


def trust(service: str) -> str:
    """A policy by which an AWS service may assume a role."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def allow(name: str, role: aws.iam.Role, actions: list[str], resource: pulumi.Input[str]) -> None:
    """Lets a role do something with one resource."""
    aws.iam.RolePolicy(
        name,
        role=role.name,
        policy=pulumi.Output.json_dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": resource}]}
        ),
    )


def template(name: str) -> str:
    """A mapping template without its last line break, which would be a part of the body."""
    return (TEMPLATES / f"{name}.vtl").read_text().strip()


orders = aws.dynamodb.Table(
    "orders", hash_key="id", billing_mode="PAY_PER_REQUEST", attributes=[{"name": "id", "type": "S"}]
)
refused = aws.sqs.Queue("refused")
queue = aws.sqs.Queue(
    "submitted",
    visibility_timeout_seconds=30,
    redrive_policy=pulumi.Output.json_dumps({"deadLetterTargetArn": refused.arn, "maxReceiveCount": 3}),
)

function_role = aws.iam.Role("submit", assume_role_policy=trust("lambda.amazonaws.com"))
allow("store", function_role, ["dynamodb:PutItem"], orders.arn)
allow("take", function_role, ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], queue.arn)
submit = aws.lambda_.Function(
    "submit",
    runtime="python3.13",
    handler="index.handler",
    role=function_role.arn,
    timeout=10,
    environment={"variables": {"TABLE": orders.name}},
    code=pulumi.FileArchive(str(Path(__file__).parent / "submit")),
)
aws.lambda_.EventSourceMapping("submit", event_source_arn=queue.arn, function_name=submit.arn, batch_size=10)

gateway_role = aws.iam.Role("gateway", assume_role_policy=trust("apigateway.amazonaws.com"))
allow("send", gateway_role, ["sqs:SendMessage"], queue.arn)
allow("read", gateway_role, ["dynamodb:GetItem"], orders.arn)

api = aws.apigateway.RestApi("orders", description="Orders, without a function in the way")
collection = aws.apigateway.Resource("orders", rest_api=api.id, parent_id=api.root_resource_id, path_part="orders")
one = aws.apigateway.Resource("order", rest_api=api.id, parent_id=collection.id, path_part="{id}")
model = aws.apigateway.Model(
    "order",
    rest_api=api.id,
    name="Order",
    content_type="application/json",
    schema=json.dumps(
        {
            "type": "object",
            "required": ["item", "count"],
            "properties": {"item": {"type": "string"}, "count": {"type": "integer", "minimum": 1}},
        }
    ),
)
validator = aws.apigateway.RequestValidator("body", rest_api=api.id, validate_request_body=True)


def answer(
    name: str, method: aws.apigateway.Method, integration: aws.apigateway.Integration, status: str, body: str
) -> aws.apigateway.IntegrationResponse:
    """A method response, and the integration response that leads to it."""
    of = {"rest_api": api.id, "resource_id": method.resource_id, "http_method": method.http_method}
    response = aws.apigateway.MethodResponse(f"{name}-{status}", status_code=status, **of)
    return aws.apigateway.IntegrationResponse(
        f"{name}-{status}",
        status_code=status,
        selection_pattern=None if status.startswith("2") else r"(4|5)\d{2}",
        response_templates={"application/json": body},
        opts=pulumi.ResourceOptions(depends_on=[integration, response]),
        **of,
    )


post = aws.apigateway.Method(
    "submit",
    rest_api=api.id,
    resource_id=collection.id,
    http_method="POST",
    authorization="NONE",
    request_models={"application/json": model.name},
    request_validator_id=validator.id,
)
post_integration = aws.apigateway.Integration(
    "submit",
    rest_api=api.id,
    resource_id=collection.id,
    http_method=post.http_method,
    type="AWS",
    integration_http_method="POST",
    uri=queue.name.apply(lambda name: f"arn:aws:apigateway:{REGION}:sqs:path/{ACCOUNT}/{name}"),
    credentials=gateway_role.arn,
    passthrough_behavior="NEVER",
    request_parameters={"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"},
    request_templates={"application/json": template("submit")},
)
get = aws.apigateway.Method(
    "order",
    rest_api=api.id,
    resource_id=one.id,
    http_method="GET",
    authorization="NONE",
    request_parameters={"method.request.path.id": True},
)
get_integration = aws.apigateway.Integration(
    "order",
    rest_api=api.id,
    resource_id=one.id,
    http_method=get.http_method,
    type="AWS",
    integration_http_method="POST",
    uri=f"arn:aws:apigateway:{REGION}:dynamodb:action/GetItem",
    credentials=gateway_role.arn,
    request_templates={
        "application/json": orders.name.apply(
            lambda name: f"""{{"TableName": "{name}", "Key": {{"id": {{"S": "{PARAMETER}"}}}}}}"""
        )
    },
)
FAILED = '{"message": "try again later"}'
answers = [
    answer("submit", post, post_integration, "202", template("submitted")),
    answer("submit", post, post_integration, "502", FAILED),
    answer("order", get, get_integration, "200", template("order")),
    answer("order", get, get_integration, "502", FAILED),
]
shape = [template(name) for name in ("submit", "submitted", "order")]
deployment = aws.apigateway.Deployment(
    "orders",
    rest_api=api.id,
    triggers={"shape": json.dumps(shape), "table": orders.name, "queue": queue.name},
    opts=pulumi.ResourceOptions(depends_on=answers),
)
stage = aws.apigateway.Stage("orders", rest_api=api.id, deployment=deployment.id, stage_name="v1")
pulumi.export("url", stage.invoke_url)
