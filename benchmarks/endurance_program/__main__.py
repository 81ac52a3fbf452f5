"""The API of the long load: /lambda/{fault}, /http/{fault} (custom integrations) and /proxy/{fault} (HTTP_PROXY).

Configuration: `httpBackend`, the base URL of the HTTP backend.
"""

from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws

TEMPLATE = Path(__file__).with_name("request.vtl").read_text()
HTTP_BACKEND = pulumi.Config().require("httpBackend")

api = aws.apigateway.RestApi("api")
function = aws.lambda_.Function(
    "function",
    runtime="python3.12",
    handler="handler.handler",
    role="arn:aws:iam::123456789012:role/function",
    code=pulumi.FileArchive("./function"),
    timeout=1,
)
path = {"integration.request.path.fault": "method.request.path.fault"}
integrations: dict[str, dict[str, Any]] = {
    "lambda": {"type": "AWS", "uri": function.invoke_arn, "request_templates": {"application/json": TEMPLATE}},
    "http": {
        "type": "HTTP",
        "uri": f"{HTTP_BACKEND}/{{fault}}",
        "request_parameters": path,
        "request_templates": {"application/json": TEMPLATE},
        "timeout_milliseconds": 1000,
    },
    "proxy": {
        "type": "HTTP_PROXY",
        "uri": f"{HTTP_BACKEND}/{{fault}}",
        "request_parameters": path,
        "timeout_milliseconds": 1000,
    },
}
declared: list[pulumi.Resource] = []
for name, arguments in integrations.items():
    parent = aws.apigateway.Resource(name, rest_api=api.id, parent_id=api.root_resource_id, path_part=name)
    below = aws.apigateway.Resource(f"{name}-fault", rest_api=api.id, parent_id=parent.id, path_part="{fault}")
    at: dict[str, Any] = {"rest_api": api.id, "resource_id": below.id, "http_method": "POST"}
    method = aws.apigateway.Method(
        name, **at, authorization="NONE", request_parameters={"method.request.path.fault": True}
    )
    integration = aws.apigateway.Integration(
        name, **at, **arguments, integration_http_method="POST", opts=pulumi.ResourceOptions(depends_on=[method])
    )
    declared.append(integration)
    responses: list[tuple[str, str | None]] = [] if name == "proxy" else [("200", None), ("502", ".+")]
    for status, pattern in responses:
        after = pulumi.ResourceOptions(depends_on=[integration])
        response = aws.apigateway.MethodResponse(f"{name}-{status}", **at, status_code=status, opts=after)
        declared.append(
            aws.apigateway.IntegrationResponse(
                f"{name}-{status}",
                **at,
                status_code=status,
                selection_pattern=pattern if name == "lambda" else pattern and "5..",
                opts=pulumi.ResourceOptions(depends_on=[integration, response]),
            )
        )
aws.lambda_.Permission(
    "invoke",
    action="lambda:InvokeFunction",
    function=function.name,
    principal="apigateway.amazonaws.com",
    source_arn=api.execution_arn.apply("{}/*".format),
)
deployment = aws.apigateway.Deployment("api", rest_api=api.id, opts=pulumi.ResourceOptions(depends_on=declared))
stage = aws.apigateway.Stage("api", rest_api=api.id, deployment=deployment.id, stage_name="dev")
pulumi.export("url", stage.invoke_url)
