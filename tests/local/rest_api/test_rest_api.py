"""From a program's resources to the definition of its REST API."""

from pathlib import Path

import pytest

from parity.errors import UserError
from parity.gateway.model.definition import Method, RestApi
from parity.local.program.resource_index import ResourceIndex
from parity.local.rest_api.rest_apis import DeployedApi, rest_apis
from tests.local.running_programs import PROGRAMS, run_program, write_program

EVERYTHING = """
import json
import pulumi
import pulumi_aws as aws

api = aws.apigateway.RestApi("api", name="everything", binary_media_types=["image/png"], minimum_compression_size=1000,
                             api_key_source="HEADER", tags={"team": "a"})
common = {"rest_api": api.id}
pets = aws.apigateway.Resource("pets", **common, parent_id=api.root_resource_id, path_part="pets")
model = aws.apigateway.Model("pet", **common, name="Pet", content_type="application/json", schema='{"type": "object"}')
validator = aws.apigateway.RequestValidator("body", **common, validate_request_body=True)
authorizer = aws.apigateway.Authorizer("who", **common, authorizer_uri="arn:f", authorizer_result_ttl_in_seconds=0,
                                       identity_source="method.request.header.Token")
of_method = {**common, "resource_id": pets.id, "http_method": "POST"}
method = aws.apigateway.Method("post", **of_method, authorization="CUSTOM", authorizer_id=authorizer.id,
                               api_key_required=True, request_models={"application/json": model.name},
                               request_validator_id=validator.id,
                               request_parameters={"method.request.querystring.q": True})
integration = aws.apigateway.Integration("post", **of_method, type="HTTP", uri="http://a.test/{q}",
    integration_http_method="PUT", passthrough_behavior="NEVER", timeout_milliseconds=5000,
    request_parameters={"integration.request.path.q": "method.request.querystring.q"},
    request_templates={"application/json": "$input.body"}, content_handling="CONVERT_TO_TEXT",
    connection_type="VPC_LINK", connection_id="link1", integration_target="arn:alb",
    tls_config={"insecure_skip_verification": True})
ok = aws.apigateway.MethodResponse("200", **of_method, status_code="200",
    response_parameters={"method.response.header.X": True}, response_models={"application/json": "Pet"})
for code, pattern in (("200", None), ("404", "404"), ("500", "5\\\\d\\\\d")):
    aws.apigateway.IntegrationResponse(code, **of_method, status_code=code, selection_pattern=pattern,
        response_templates={"application/json": code}, opts=pulumi.ResourceOptions(depends_on=[integration]))
aws.apigateway.Response("denied", rest_api_id=api.id, response_type="UNAUTHORIZED", status_code="418",
                        response_templates={"application/json": "{}"})
aws.apigateway.RestApiPolicy("policy", rest_api_id=api.id, policy="{}")
deployment = aws.apigateway.Deployment("d", **common)
stage = aws.apigateway.Stage("s", **common, deployment=deployment.id, stage_name="dev", variables={"a": "b"},
    access_log_settings={"destination_arn": "arn:log", "format": "$context.requestId"})
aws.apigateway.MethodSettings("m", **common, stage_name=stage.stage_name, method_path="*/*",
    settings={"throttling_rate_limit": 10, "throttling_burst_limit": -1, "logging_level": "INFO"})
key = aws.apigateway.ApiKey("k", value="a-long-enough-key-value")
plan = aws.apigateway.UsagePlan("p", api_stages=[{"api_id": api.id, "stage": stage.stage_name,
    "throttles": [{"path": "/pets/POST", "rate_limit": 1, "burst_limit": 2}]}],
    quota_settings={"limit": 100, "period": "DAY"}, throttle_settings={"rate_limit": 5, "burst_limit": 6})
aws.apigateway.UsagePlanKey("pk", key_id=key.id, key_type="API_KEY", usage_plan_id=plan.id)
"""


def everything(folder: Path) -> DeployedApi:
    """The API of the program above."""
    result = run_program(write_program(folder, EVERYTHING))
    (api,) = rest_apis(ResourceIndex(result.resources))
    return api


def method_of(api: RestApi, path: str, http_method: str) -> Method:
    """A method by its path."""
    (resource,) = (resource for resource in api.resources if resource.path == path)
    return resource.methods[http_method]


def test_the_api_itself(tmp_path: Path) -> None:
    api = everything(tmp_path).definition
    assert (api.name, api.region, api.account_id) == ("everything", "us-east-1", "123456789012")
    assert (api.binary_media_types, api.minimum_compression_size) == (("image/png",), 1000)
    assert (api.policy, api.tags) == ("{}", {"team": "a"})
    assert [resource.path for resource in api.resources] == ["/", "/pets"]
    assert api.models["Pet"].schema == '{"type": "object"}'
    (authorizer,) = api.authorizers.values()
    assert (authorizer.uri, authorizer.result_ttl_seconds) == ("arn:f", 0)
    assert api.gateway_responses["UNAUTHORIZED"].status_code == "418"


def test_a_method_and_its_integration(tmp_path: Path) -> None:
    method = method_of(everything(tmp_path).definition, "/pets", "POST")
    assert (method.authorization, method.api_key_required) == ("CUSTOM", True)
    assert method.request_parameters == {"method.request.querystring.q": True}
    assert method.request_models == {"application/json": "Pet"}
    assert method.request_validator is not None
    assert method.request_validator.validate_request_body
    assert method.responses[0].response_parameters == {"method.response.header.X": True}
    integration = method.integration
    assert integration is not None
    assert (integration.type, integration.http_method, integration.uri) == ("HTTP", "PUT", "http://a.test/{q}")
    assert (integration.passthrough_behavior, integration.timeout_ms) == ("NEVER", 5000)
    assert (integration.connection_type, integration.connection_id) == ("VPC_LINK", "link1")
    assert integration.integration_target == "arn:alb"
    assert integration.insecure_skip_verification
    assert integration.content_handling == "CONVERT_TO_TEXT"
    assert [r.selection_pattern for r in integration.responses] == [None, "404", r"5\d\d"]


def test_everything_names_its_resource_and_file(tmp_path: Path) -> None:
    api = everything(tmp_path).definition
    method = method_of(api, "/pets", "POST")
    assert method.integration is not None
    assert method.integration.declared_by.startswith('aws.apigateway.Integration "post" (__main__.py:')
    assert method.integration.responses[1].declared_by.startswith('aws.apigateway.IntegrationResponse "404"')


def test_a_stage_with_its_settings(tmp_path: Path) -> None:
    stage = everything(tmp_path).stages["dev"]
    assert stage.variables == {"a": "b"}
    assert stage.access_log_format == "$context.requestId"
    settings = stage.method_settings["*/*"]
    assert (settings.throttling_rate_limit, settings.throttling_burst_limit) == (10, None)
    assert settings.logging_level == "INFO"


def test_keys_and_usage_plans(tmp_path: Path) -> None:
    api = everything(tmp_path).definition
    (key,), (plan,) = api.api_keys, api.usage_plans
    assert key.value == "a-long-enough-key-value"
    assert plan.key_ids == (key.id,)
    assert plan.api_stages == ((api.id, "dev"),)
    assert plan.method_throttles == {(api.id, "dev", "/pets/POST"): (1.0, 2)}
    assert (plan.quota_limit, plan.quota_period, plan.throttle_rate_limit) == (100, "DAY", 5.0)


def test_several_apis_and_stages() -> None:
    result = run_program(PROGRAMS / "two_apis")
    pets, shops = rest_apis(ResourceIndex(result.resources))
    assert (list(pets.stages), list(shops.stages)) == (["dev", "prod"], ["dev"])
    assert [resource.path for resource in shops.definition.resources] == ["/", "/hello", "/hello/{who}"]
    assert method_of(pets.definition, "/hello/{who}", "GET").integration != (
        method_of(shops.definition, "/hello/{who}", "GET").integration
    )


def test_an_openapi_body_and_resources_beside_it(tmp_path: Path) -> None:
    source = """
import json
import pulumi_aws as aws
body = {"openapi": "3.0.1", "info": {"title": "from the body"}, "paths": {
    "/": {"get": {"x-amazon-apigateway-integration": {"type": "mock"}}},
    "/pets": {"get": {"x-amazon-apigateway-integration": {"type": "mock"}}}}}
api = aws.apigateway.RestApi("api", body=json.dumps(body), binary_media_types=["image/png"])
aws.apigateway.Method("post", rest_api=api.id, resource_id=api.root_resource_id, http_method="POST",
                      authorization="NONE")
"""
    result = run_program(write_program(tmp_path, source))
    (api,) = rest_apis(ResourceIndex(result.resources))
    methods = {resource.path: set(resource.methods) for resource in api.definition.resources}
    assert methods == {"/": {"GET", "POST"}, "/pets": {"GET"}}
    assert api.definition.binary_media_types == ("image/png",)


def test_a_body_that_cannot_be_imported_names_its_resource(tmp_path: Path) -> None:
    source = "import pulumi_aws as aws\naws.apigateway.RestApi('api', body='{\"paths\": 1}')\n"
    result = run_program(write_program(tmp_path, source))
    with pytest.raises(UserError, match=r'aws\.apigateway\.RestApi "api" \(__main__\.py:2\): its body cannot be'):
        rest_apis(ResourceIndex(result.resources))
