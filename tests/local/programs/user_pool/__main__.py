"""An API whose method takes tokens of a user pool."""

import pulumi
import pulumi_aws as aws

pool = aws.cognito.UserPool("users")
client = aws.cognito.UserPoolClient("web", user_pool_id=pool.id)
api = aws.apigateway.RestApi("api", endpoint_configuration={"types": "REGIONAL"})
authorizer = aws.apigateway.Authorizer("pool", rest_api=api.id, type="COGNITO_USER_POOLS", provider_arns=[pool.arn])
of_method = {"rest_api": api.id, "resource_id": api.root_resource_id, "http_method": "GET"}
method = aws.apigateway.Method("get", **of_method, authorization="COGNITO_USER_POOLS", authorizer_id=authorizer.id)
template = '{"statusCode": 200}'
integration = aws.apigateway.Integration(
    "get",
    **of_method,
    type="MOCK",
    request_templates={"application/json": template},
    opts=pulumi.ResourceOptions(depends_on=[method]),
)
response = aws.apigateway.MethodResponse("200", **of_method, status_code="200")
said = aws.apigateway.IntegrationResponse(
    "200",
    **of_method,
    status_code="200",
    response_templates={"application/json": '{"email": "$context.authorizer.claims.email"}'},
    opts=pulumi.ResourceOptions(depends_on=[integration, response]),
)
deployment = aws.apigateway.Deployment("d", rest_api=api.id, opts=pulumi.ResourceOptions(depends_on=[said]))
aws.apigateway.Stage("s", rest_api=api.id, deployment=deployment.id, stage_name="dev")
pulumi.export("pool", pool.id)
pulumi.export("client", client.id)
