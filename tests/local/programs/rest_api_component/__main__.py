"""`aws-apigateway.RestAPI` with every kind of route, and an API from a Swagger document."""

import json

import pulumi
import pulumi_aws as aws
import pulumi_aws_apigateway as apigateway

CODE = pulumi.AssetArchive({".": pulumi.FileArchive("function")})
role = aws.iam.Role("role", assume_role_policy="{}")


def function(name: str) -> aws.lambda_.Function:
    """The function `handler.{name}`."""
    return aws.lambda_.Function(name, runtime="python3.11", handler=f"handler.{name}", role=role.arn, code=CODE)


handler, authorizer = function("handler"), function("authorize")
mocked = {
    "responses": {"200": {"description": "OK"}},
    "x-amazon-apigateway-integration": {
        "type": "mock",
        "contentHandling": "CONVERT_TO_TEXT",  # the component's binary media types are */*: AWS answers 500 without it
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {
            "default": {
                "statusCode": "200",
                "contentHandling": "CONVERT_TO_TEXT",
                "responseTemplates": {"application/json": '"mocked"'},
            }
        },
    },
}
api = apigateway.RestAPI(
    "shop",
    routes=[
        apigateway.RouteArgs(path="/date", method=apigateway.Method.GET, event_handler=handler),
        apigateway.RouteArgs(path="any", method=apigateway.Method.ANY, event_handler=handler),
        apigateway.RouteArgs(
            path="/guarded",
            method="GET",
            event_handler=handler,
            authorizers=[
                apigateway.AuthorizerArgs(
                    authorizer_name="guard",
                    parameter_name="Authorization",
                    parameter_location="header",
                    auth_type="custom",
                    type="token",
                    handler=authorizer,
                )
            ],
        ),
        apigateway.RouteArgs(path="/keyed", method="GET", event_handler=handler, api_key_required=True),
        apigateway.RouteArgs(path="/signed", method="GET", event_handler=handler, iam_auth_enabled=True),
        apigateway.RouteArgs(
            path="/checked",
            method="GET",
            event_handler=handler,
            request_validator="ALL",
            required_parameters=[apigateway.RequiredParameterArgs(name="who", in_="query")],
        ),
        apigateway.RouteArgs(path="/data", method="GET", data=mocked),
        apigateway.RouteArgs(path="/site", local_path="site"),
        apigateway.RouteArgs(path="/style", local_path="site/css/site.css", content_type="text/plain"),
        apigateway.RouteArgs(path="/other", target=apigateway.TargetArgs(uri="http://127.0.0.1:9", type="http_proxy")),
    ],
    request_validator="PARAMS_ONLY",
    stage_name="v1",
)
key = aws.apigateway.ApiKey("key", value="0123456789abcdefghij")
plan = aws.apigateway.UsagePlan("plan", api_stages=[{"api_id": api.api.id, "stage": api.stage.stage_name}])
aws.apigateway.UsagePlanKey("key", key_id=key.id, key_type="API_KEY", usage_plan_id=plan.id)

swagger = {"swagger": "2.0", "paths": {"/pets": {"get": mocked}}}
pets = apigateway.RestAPI("pets", swagger_string=json.dumps(swagger))

pulumi.export("url", api.url)
pulumi.export("pets_url", pets.url)
pulumi.export("stage", api.stage.stage_name)
pulumi.export("deployment", api.deployment.id)
pulumi.export("arn", api.api.execution_arn)
