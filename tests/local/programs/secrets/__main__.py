"""An API with all that is secret: a configured token for an authorizer, an API key, and a secret output."""

import pulumi
import pulumi_aws as aws

config = pulumi.Config()
token, key = config.require_secret("token"), config.require_secret("key")
TEMPLATE = """{"headers": {#foreach($name in $input.params().header.keySet())
"$name": "$util.escapeJavaScript($input.params().header.get($name))"#if($foreach.hasNext),#end
#end}, "key": "$context.identity.apiKey"#if($input.params('fail') != ''), "fail": true#end}"""


def function(name: str, **arguments: object) -> aws.lambda_.Function:
    """A function of the folder `function`."""
    return aws.lambda_.Function(
        name,
        code=pulumi.FileArchive("./function"),
        handler=f"handler.{name}",
        runtime="python3.12",
        role="arn:aws:iam::123456789012:role/function",
        **arguments,
    )


api = aws.apigateway.RestApi("secrets")
echo = function("echo")
authorize = function("authorize", environment={"variables": {"TOKEN": token}})
authorizer = aws.apigateway.Authorizer(
    "authorizer", rest_api=api.id, type="TOKEN", authorizer_uri=authorize.invoke_arn, authorizer_result_ttl_in_seconds=0
)
for each in (echo, authorize):
    aws.lambda_.Permission(
        each._name,
        action="lambda:InvokeFunction",
        function=each.name,
        principal="apigateway.amazonaws.com",
        source_arn=api.execution_arn.apply("{}/*".format),
    )
declared: list[pulumi.Resource] = []
for path in ("one", "two"):
    resource = aws.apigateway.Resource(path, rest_api=api.id, parent_id=api.root_resource_id, path_part=path)
    common = {"rest_api": api.id, "resource_id": resource.id}
    method = aws.apigateway.Method(
        path,
        **common,
        http_method="POST",
        authorization="CUSTOM",
        authorizer_id=authorizer.id,
        api_key_required=True,
    )
    common["http_method"] = method.http_method
    integration = aws.apigateway.Integration(
        path,
        **common,
        type="AWS",
        integration_http_method="POST",
        uri=echo.invoke_arn,
        request_templates={"application/json": TEMPLATE},
    )
    status = aws.apigateway.MethodResponse(path, **common, status_code="200")
    declared.append(
        aws.apigateway.IntegrationResponse(
            path,
            **common,
            status_code=status.status_code,
            opts=pulumi.ResourceOptions(depends_on=[integration]),
        )
    )
deployment = aws.apigateway.Deployment("d", rest_api=api.id, opts=pulumi.ResourceOptions(depends_on=declared))
stage = aws.apigateway.Stage("s", rest_api=api.id, deployment=deployment.id, stage_name="dev")
aws.apigateway.MethodSettings(
    "all", rest_api=api.id, stage_name=stage.stage_name, method_path="*/*", settings={"logging_level": "INFO"}
)
plan = aws.apigateway.UsagePlan("plan", api_stages=[{"api_id": api.id, "stage": stage.stage_name}])
api_key = aws.apigateway.ApiKey("key", value=key)
aws.apigateway.UsagePlanKey("key", key_id=api_key.id, key_type="API_KEY", usage_plan_id=plan.id)
pulumi.export("url", stage.invoke_url)
pulumi.export("token", token)
