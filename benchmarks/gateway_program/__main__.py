"""The API under load: /lambda/{proxy+} and /http/{proxy+}, both with the method-request-passthrough template.

Configuration: `httpBackend`, the base URL of the HTTP backend.
"""

import json
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws

TEMPLATE = Path(__file__).with_name("method_request_passthrough.vtl").read_text()
HTTP_BACKEND = pulumi.Config().require("httpBackend")
NAMES = ("query1", "query2")

api = aws.apigateway.RestApi("api")
role = aws.iam.Role("function", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": []}))
function = aws.lambda_.Function(
    "function",
    runtime="python3.12",
    handler="handler.handler",
    role=role.arn,
    code=pulumi.AssetArchive(
        {"handler.py": pulumi.StringAsset("def handler(event, context):\n    return {'statusCode': 200}\n")}
    ),
)
integrations: dict[str, dict[str, Any]] = {
    "lambda": {"type": "AWS", "uri": function.invoke_arn, "integration_http_method": "POST"},
    "http": {
        "type": "HTTP",
        "uri": f"{HTTP_BACKEND}/{{proxy}}",
        "integration_http_method": "ANY",
        "request_parameters": {
            "integration.request.path.proxy": "method.request.path.proxy",
            **{f"integration.request.querystring.{name}": f"method.request.querystring.{name}" for name in NAMES},
        },
    },
}
declared: list[pulumi.Resource] = []
for name, arguments in integrations.items():
    parent = aws.apigateway.Resource(name, rest_api=api.id, parent_id=api.root_resource_id, path_part=name)
    below = aws.apigateway.Resource(f"{name}-proxy", rest_api=api.id, parent_id=parent.id, path_part="{proxy+}")
    at: dict[str, Any] = {"rest_api": api.id, "resource_id": below.id, "http_method": "ANY"}
    parameters = {f"method.request.querystring.{query}": False for query in NAMES} | {"method.request.path.proxy": True}
    method = aws.apigateway.Method(name, **at, authorization="NONE", request_parameters=parameters)
    after = pulumi.ResourceOptions(depends_on=[method])
    integration = aws.apigateway.Integration(
        name, **at, **arguments, request_templates={"application/json": TEMPLATE}, opts=after
    )
    response = aws.apigateway.MethodResponse(name, **at, status_code="200", opts=after)
    answer = aws.apigateway.IntegrationResponse(
        name, **at, status_code="200", opts=pulumi.ResourceOptions(depends_on=[integration, response])
    )
    declared += [integration, answer]

deployment = aws.apigateway.Deployment("api", rest_api=api.id, opts=pulumi.ResourceOptions(depends_on=declared))
stage = aws.apigateway.Stage("api", rest_api=api.id, deployment=deployment.id, stage_name="dev")
pulumi.export("url", stage.invoke_url)
