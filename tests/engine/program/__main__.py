"""One mock method behind a stage: enough to see unknown values, an update, a replacement and a secret."""

import hashlib

import pulumi
import pulumi_aws as aws

config = pulumi.Config()
template = f'{{"greeting": "{config.require("greeting")}", "counted": {config.require_int("counted")}}}'
secret = config.get_secret("password") or pulumi.Output.secret("none")

api = aws.apigateway.RestApi("api")
method = aws.apigateway.Method(
    "get", rest_api=api.id, resource_id=api.root_resource_id, http_method="GET", authorization="NONE"
)
integration = aws.apigateway.Integration(
    "get",
    rest_api=api.id,
    resource_id=api.root_resource_id,
    http_method=method.http_method,
    type="MOCK",
    request_templates={"application/json": template},
)
deployment = aws.apigateway.Deployment(
    "deployment",
    rest_api=api.id,
    triggers={"template": hashlib.sha256(template.encode()).hexdigest()},
    opts=pulumi.ResourceOptions(depends_on=[integration]),
)
stage = aws.apigateway.Stage(
    "stage", rest_api=api.id, deployment=deployment.id, stage_name="dev", variables={"password": secret}
)
pulumi.export("url", stage.invoke_url)
pulumi.export("upper", stage.invoke_url.apply(str.upper))
pulumi.export("password", secret)
