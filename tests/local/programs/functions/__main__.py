"""A function of each kind behind a path of its own."""

import pulumi
import pulumi_aws as aws
import pulumi_docker_build as docker_build

NODEJS = "exports.handler = async (event) => ({ statusCode: 200, body: event.path });"
PYTHON = """
import boto3, sys
def handler(event, context):
    return {"statusCode": 200, "body": boto3.__name__}
"""
FOREIGN = "import requests\ndef handler(event, context):\n    return {'statusCode': 200, 'body': 'found'}\n"


def zipped(runtime: str, name: str, text: str) -> dict[str, object]:
    """The arguments of a function with one file."""
    code = pulumi.AssetArchive({name: pulumi.StringAsset(text)})
    return {"runtime": runtime, "handler": f"{name.partition('.')[0]}.handler", "code": code, "timeout": 20}


built = docker_build.Image("built", context={"location": "image"}, tags=["built:latest"], push=False)
FUNCTIONS: dict[str, dict[str, object]] = {
    "nodejs": zipped("nodejs22.x", "index.js", NODEJS),
    "python": zipped("python3.13", "app.py", PYTHON),
    "foreign": zipped("python3.13", "app.py", FOREIGN),
    "future": zipped("python3.99", "app.py", "def handler(*_): return {'statusCode': 200, 'body': 'ran'}\n"),
    "java": zipped("java21", "app.jar", ""),
    "image": {"package_type": "Image", "image_uri": built.ref, "timeout": 20},
}
api = aws.apigateway.RestApi("api")
integrations = []
for name, arguments in FUNCTIONS.items():
    function = aws.lambda_.Function(name, role="r", **arguments)
    resource = aws.apigateway.Resource(name, rest_api=api.id, parent_id=api.root_resource_id, path_part=name)
    at = {"rest_api": api.id, "resource_id": resource.id}
    method = aws.apigateway.Method(name, http_method="GET", authorization="NONE", **at)
    integrations.append(
        aws.apigateway.Integration(
            name,
            http_method=method.http_method,
            type="AWS_PROXY",
            integration_http_method="POST",
            uri=function.invoke_arn,
            **at,
        )
    )
    aws.lambda_.Permission(
        name, action="lambda:InvokeFunction", function=function.name, principal="apigateway.amazonaws.com"
    )
deployment = aws.apigateway.Deployment(
    "deployment", rest_api=api.id, opts=pulumi.ResourceOptions(depends_on=integrations)
)
stage = aws.apigateway.Stage("stage", rest_api=api.id, deployment=deployment.id, stage_name="dev")
pulumi.export("url", stage.invoke_url)
