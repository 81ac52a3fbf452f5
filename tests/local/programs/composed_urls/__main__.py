"""Invoke URLs that a program composes itself, of two APIs: in outputs, environment variables and an integration."""

import json

import pulumi
import pulumi_aws as aws

region = aws.get_region().region


def deployed(name: str, type_: str, uri: str | None = None) -> pulumi.Output[str]:
    """An API with `GET /` and the stage `dev`; answers its URL, composed."""
    api = aws.apigateway.RestApi(name)
    common = {"rest_api": api.id, "resource_id": api.root_resource_id, "http_method": "GET"}
    method = aws.apigateway.Method(name, **common, authorization="NONE")
    ok = aws.apigateway.MethodResponse(name, **common, status_code="200", opts=pulumi.ResourceOptions(parent=method))
    integration = aws.apigateway.Integration(
        name,
        **common,
        type=type_,
        uri=uri,
        integration_http_method="GET" if uri else None,
        request_templates={} if uri else {"application/json": '{"statusCode": 200}'},
        opts=pulumi.ResourceOptions(depends_on=[method]),
    )
    answer = aws.apigateway.IntegrationResponse(
        name,
        **common,
        status_code=ok.status_code,
        response_templates={} if uri else {"application/json": json.dumps({"api": name})},
        opts=pulumi.ResourceOptions(depends_on=[integration]),
    )
    deployment = aws.apigateway.Deployment(
        name, rest_api=api.id, opts=pulumi.ResourceOptions(depends_on=[integration, answer])
    )
    stage = aws.apigateway.Stage(name, rest_api=api.id, deployment=deployment.id, stage_name="dev")
    pulumi.export(f"{name}_invoke_url", stage.invoke_url)
    pulumi.export(f"{name}_origin", pulumi.Output.format("https://{0}.execute-api.{1}.amazonaws.com", api.id, region))
    return pulumi.Output.concat("https://", api.id, f".execute-api.{region}.amazonaws.com/", stage.stage_name)


backend = deployed("backend", "MOCK")
front = deployed("front", "HTTP", pulumi.Output.concat(backend, "/"))
role = aws.iam.Role("role", assume_role_policy="{}")
aws.lambda_.Function(
    "client",
    runtime="python3.11",
    handler="index.handler",
    role=role.arn,
    code=pulumi.AssetArchive({"index.py": pulumi.StringAsset("def handler(event, context): return 1")}),
    environment={"variables": {"URL": front, "FOREIGN": "https://0123456789.execute-api.us-east-1.amazonaws.com/dev"}},
)
pulumi.export("backend", backend)
pulumi.export("site", {"config": front.apply(lambda url: f"window.API = '{url}/'")})
