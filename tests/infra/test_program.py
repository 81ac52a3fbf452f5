"""Which resources the program registers, how the API is wired, and what it exports."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from infra.http.container_image import ContainerImageArgs, source_digest
from tests.infra.harness import Deployed, deploy, deployed

# On one worker, so that a stack is deployed once for all tests that ask for it.

INTEGRATION, METHOD = "apigateway/integration:Integration", "apigateway/method:Method"
POLICY = "apigateway/restApiPolicy:RestApiPolicy"
BACKEND_TYPES = {
    "lambda": ("lambda/function:Function", "lambda/permission:Permission"),
    "http": ("ecr/repository:Repository", "ecs/service:Service", "lb/loadBalancer:LoadBalancer", "ec2/vpc:Vpc"),
}


def paths(deployed: Deployed) -> set[str]:
    """The first parts of the API's paths."""
    parts = {resource.inputs["pathPart"] for resource in deployed.of("apigateway/resource:Resource")}
    return parts - {"{proxy+}"}


def integration_of(deployed: Deployed, path_part: str) -> dict[str, Any]:
    """The inputs of the integration of a route."""
    return next(each.inputs for each in deployed.of(INTEGRATION) if each.name.startswith(path_part))


@pytest.mark.parametrize(
    ("backend", "there"), [("both", {"lambda", "http"}), ("lambda", {"lambda"}), ("http", {"http"})]
)
def test_only_the_configured_backends_and_their_routes_exist(backend: str, there: set[str]) -> None:
    stack = deployed({"backend": backend})
    assert paths(stack) == there
    for name, tokens in BACKEND_TYPES.items():
        for token in tokens:
            assert len(stack.of(token)) == (name in there), token


@pytest.mark.parametrize(
    ("backend", "urls"), [("both", {"lambda_url", "http_url"}), ("lambda", {"lambda_url"}), ("http", {"http_url"})]
)
def test_what_the_backend_leaves_out_has_no_output(backend: str, urls: set[str]) -> None:
    outputs = deployed({"backend": backend}).outputs
    assert outputs.keys() == {"url", "api_id", "backend", "curl"} | urls
    assert outputs["backend"] == backend
    for name in urls:
        assert outputs[name] == f"{outputs['url']}/{name.removesuffix('_url')}"


def test_the_curl_line_is_the_articles() -> None:
    curl = deployed().outputs["curl"]
    assert "/lambda/path1/path2?query1=querystring1&query2=querystring2'" in curl
    for part in ("--request POST", "'header1: value1'", "'header2: value2'", '\'{"keybody":"valuebody"}\''):
        assert part in curl


def test_the_api_is_regional_and_its_stage_is_named_as_the_stack() -> None:
    stack = deploy(stack="blue")
    assert stack.one("apigateway/restApi:RestApi").inputs["endpointConfiguration"]["types"] == "REGIONAL"
    assert stack.one("apigateway/stage:Stage").inputs["stageName"] == "blue"
    assert deployed({"stageName": "v1"}).one("apigateway/stage:Stage").inputs["stageName"] == "v1"


def test_the_lambda_integration_is_custom_and_posts_the_template() -> None:
    stack = deployed()
    integration = integration_of(stack, "lambda")
    assert (integration["type"], integration["integrationHttpMethod"]) == ("AWS", "POST")
    assert integration["passthroughBehavior"] == "WHEN_NO_TEMPLATES"
    assert integration["requestTemplates"].keys() == {"application/json"}
    assert all(method.inputs["httpMethod"] == "ANY" for method in stack.of(METHOD))


def test_the_http_integration_passes_on_method_path_and_the_named_parameters() -> None:
    stack = deployed({"queryStrings": '["a", "b.c"]', "headers": '["X-Trace"]'})
    integration = integration_of(stack, "http")
    assert (integration["type"], integration["integrationHttpMethod"]) == ("HTTP", "ANY")
    assert str(integration["uri"]).endswith(".elb.amazonaws.com/{proxy}")
    assert integration["requestParameters"] == {
        "integration.request.path.proxy": "method.request.path.proxy",
        "integration.request.querystring.a": "method.request.querystring.a",
        "integration.request.querystring.b.c": "method.request.querystring.b.c",
        "integration.request.header.X-Trace": "method.request.header.X-Trace",
    }
    method = next(each.inputs for each in stack.of(METHOD) if each.name.startswith("http"))
    assert set(integration["requestParameters"].values()) == method["requestParameters"].keys()


def test_a_star_maps_every_name_in_the_template() -> None:
    integration = integration_of(deployed({"queryStrings": '["*"]', "headers": '["*"]'}), "http")
    assert integration["requestParameters"] == {"integration.request.path.proxy": "method.request.path.proxy"}
    template = integration["requestTemplates"]["application/json"]
    assert "$context.requestOverride.querystring[$name]" in template
    assert "$context.requestOverride.header[$name]" in template


def test_an_existing_endpoint_takes_the_place_of_the_container() -> None:
    stack = deployed({"httpEndpoint": "https://echo.example.com/base/"})
    integration = integration_of(stack, "http")
    assert integration["uri"] == "https://echo.example.com/base/{proxy}"
    assert integration["connectionType"] == "INTERNET"
    assert not any(stack.of(token) for token in BACKEND_TYPES["http"])


def test_an_existing_image_takes_the_place_of_building_one() -> None:
    image = f"{'1' * 12}.dkr.ecr.us-east-1.amazonaws.com/team/echo@sha256:{'a' * 64}"
    stack = deployed({"image": image})
    assert not stack.of("ecr/repository:Repository")
    assert not stack.of("index:Image")
    assert image in stack.one("ecs/taskDefinition:TaskDefinition").inputs["containerDefinitions"]
    start = next(each for each in stack.of("iam/rolePolicy:RolePolicy") if each.name == "http-start")
    assert f"arn:aws:ecr:us-east-1:{'1' * 12}:repository/team/echo" in start.inputs["policy"]


def test_an_existing_vpc_takes_the_place_of_a_new_one() -> None:
    subnets = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    stack = deployed({"vpcId": "vpc-0123456789abcdef0", "subnetIds": json.dumps(subnets)})
    for token in ("ec2/vpc:Vpc", "ec2/subnet:Subnet", "ec2/vpcEndpoint:VpcEndpoint"):
        assert not stack.of(token)
    assert stack.one("lb/loadBalancer:LoadBalancer").inputs["subnets"] == subnets
    assert stack.one("apigatewayv2/vpcLink:VpcLink").inputs["subnetIds"] == subnets
    egress = stack.of("vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    assert {rule.inputs["cidrIpv4"] for rule in egress if "cidrIpv4" in rule.inputs} == {"10.1.0.0/16"}


def test_each_error_status_is_an_integration_response_of_both_routes() -> None:
    responses = deployed().of("apigateway/integrationResponse:IntegrationResponse")
    statuses = [
        {each.inputs["statusCode"] for each in responses if each.name.startswith(route)} for route in ("lambda", "http")
    ]
    assert statuses[0] == statuses[1] >= {"200", "400", "401", "403", "404", "409", "422", "429", "500", "503", "504"}
    defaults = [each.name for each in responses if not each.inputs.get("selectionPattern")]
    assert sorted(defaults) == ["http-route-200", "lambda-route-200"]


def test_options_are_off_until_they_are_configured() -> None:
    plain, full = deployed(), deployed({"waf": "true", "allowedIps": '["10.0.0.0/8"]', "tracing": "false"})
    for token in ("wafv2/webAcl:WebAcl", "wafv2/webAclAssociation:WebAclAssociation", POLICY):
        assert not plain.of(token)
        assert full.one(token)
    stages = [each.one("apigateway/stage:Stage").inputs["xrayTracingEnabled"] for each in (plain, full)]
    assert stages == [True, False]


def test_an_allow_list_refuses_every_other_address() -> None:
    policy = json.loads(deployed({"allowedIps": '["10.0.0.0/8"]'}).one(POLICY).inputs["policy"])
    refusal = next(each for each in policy["Statement"] if each["Effect"] == "Deny")
    assert refusal["Condition"] == {"NotIpAddress": {"aws:SourceIp": ["10.0.0.0/8"]}}


@pytest.mark.parametrize(("manage", "there"), [("manage", 1), ("existing", 0)])
def test_the_accounts_logging_role_is_left_alone_if_the_configuration_says_so(manage: str, there: int) -> None:
    assert len(deployed({"accountLogging": manage}).of("apigateway/account:Account")) == there


def test_a_secret_of_the_authorization_is_an_output() -> None:
    assert deployed({"authorization": "api-key"}).outputs["api_key"] == "generated-secret"
    stack = deployed({"authorization": "lambda", "authorizerToken": "a-token-of-length-thirty-eight-letters"})
    assert stack.outputs["token"] == "a-token-of-length-thirty-eight-letters"
    authorizer = next(each for each in stack.of("lambda/function:Function") if each.name.startswith("authorizer"))
    assert authorizer.inputs["environment"]["variables"] == {"TOKEN": "a-token-of-length-thirty-eight-letters"}
    assert re.search(r"Bearer \$\(pulumi stack output token --show-secrets\)", stack.outputs["curl"])


def test_configured_values_reach_their_resources() -> None:
    topic = "arn:aws:sns:us-east-1:123456789012:alarms"
    stack = deployed(
        {
            "logRetentionDays": "30",
            "executionLogs": "INFO",
            "throttlingRate": "7",
            "throttlingBurst": "9",
            "lambdaConcurrency": "5",
            "minTasks": "2",
            "maxTasks": "3",
            "vpcCidr": "10.9.0.0/20",
            "alarmTopicArn": topic,
            "alarmLatencyMs": "250",
        }
    )
    assert {group.inputs["retentionInDays"] for group in stack.of("cloudwatch/logGroup:LogGroup")} == {30}
    settings = stack.one("apigateway/methodSettings:MethodSettings").inputs["settings"]
    assert (settings["loggingLevel"], settings["throttlingRateLimit"], settings["throttlingBurstLimit"]) == (
        "INFO",
        7,
        9,
    )
    assert stack.one("lambda/function:Function").inputs["reservedConcurrentExecutions"] == 5
    scaling = stack.one("appautoscaling/target:Target").inputs
    assert (scaling["minCapacity"], scaling["maxCapacity"]) == (2, 3)
    blocks = [subnet.inputs["cidrBlock"] for subnet in stack.of("ec2/subnet:Subnet")]
    assert sorted(blocks) == ["10.9.0.0/21", "10.9.8.0/21"]
    alarms = [alarm.inputs for alarm in stack.of("cloudwatch/metricAlarm:MetricAlarm")]
    assert all(alarm["alarmActions"] == alarm["okActions"] == [topic] for alarm in alarms)
    assert {alarm["threshold"] for alarm in alarms if alarm["metricName"] == "Latency"} == {250}


def test_the_image_does_not_depend_on_where_the_checkout_is() -> None:
    image = deployed().one("index:Image").inputs
    assert image["context"]["location"] == "backend_http"
    assert image["dockerfile"]["location"] == "backend_http/Dockerfile"
    (tag,) = image["tags"]
    assert re.fullmatch(r".+:[0-9a-f]{16}", tag)


def test_the_images_tag_changes_with_its_sources(tmp_path: Path) -> None:
    args = ContainerImageArgs(context=tmp_path)
    digests = {source_digest(args)}
    for name in ("Dockerfile", "requirements.txt", "app.py", "other.py"):
        (tmp_path / name).write_text("x")
        digests.add(source_digest(args))
    (tmp_path / "app.py").write_text("y")
    digests.add(source_digest(args))
    (tmp_path / "README.md").write_text("not built from")
    assert len(digests | {source_digest(args)}) == 6
    (tmp_path / "app.py").chmod(0o600)
    digests.add(source_digest(args))
    (tmp_path / "app.py").chmod(0o755)
    assert len(digests | {source_digest(args)}) == 8


def test_the_lambda_route_alone_may_invoke_the_echo_function() -> None:
    """Its stages and methods are open, its path is not: a later route needs a permission of its own."""
    stack = deployed()
    api = stack.one("apigateway/restApi:RestApi")
    (permission,) = stack.of("lambda/permission:Permission")
    assert permission.inputs["sourceArn"].partition(f":{api.id}")[2] == "/*/*/lambda/*"
