"""Two REST APIs, one with two stages, answered by MOCK integrations; and one resource that nothing stands for."""

import pulumi
import pulumi_aws as aws


def mocked_api(name: str, template: str, stages: list[str]) -> aws.apigateway.RestApi:
    """An API whose `GET /hello/{who}` is answered by a template."""
    api = aws.apigateway.RestApi(name)
    hello = aws.apigateway.Resource(name, rest_api=api.id, parent_id=api.root_resource_id, path_part="hello")
    who = aws.apigateway.Resource(f"{name}-who", rest_api=api.id, parent_id=hello.id, path_part="{who}")
    method = aws.apigateway.Method(
        name,
        rest_api=api.id,
        resource_id=who.id,
        http_method="GET",
        authorization="NONE",
        request_parameters={"method.request.path.who": True},
    )
    common = {"rest_api": api.id, "resource_id": who.id, "http_method": method.http_method}
    integration = aws.apigateway.Integration(
        name, **common, type="MOCK", request_templates={"application/json": '{"statusCode": 200}'}
    )
    response = aws.apigateway.MethodResponse(name, **common, status_code="200")
    answer = aws.apigateway.IntegrationResponse(
        name,
        **common,
        status_code=response.status_code,
        response_templates={"application/json": template},
        opts=pulumi.ResourceOptions(depends_on=[integration]),
    )
    deployment = aws.apigateway.Deployment(
        name, rest_api=api.id, opts=pulumi.ResourceOptions(depends_on=[answer, integration])
    )
    for stage_name in stages:
        stage = aws.apigateway.Stage(
            f"{name}-{stage_name}",
            rest_api=api.id,
            deployment=deployment.id,
            stage_name=stage_name,
            variables={"greeting": f"hello from {stage_name}"},
        )
        pulumi.export(f"{name}_{stage_name}", stage.invoke_url)
    return api


pets = mocked_api("pets", '{"said": "$stageVariables.greeting, $input.params("who")"}', ["dev", "prod"])
shops = mocked_api("shops", '{"shop": "$input.params("who")"}', ["dev"])
aws.ecr.Repository("orders")
pulumi.export("pets_id", pets.id)
