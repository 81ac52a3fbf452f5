"""The custom domain names of a program answer at the ports of its REST APIs."""

import urllib.error
import urllib.request
from pathlib import Path

from parity.local.session import running
from tests.local.running_programs import write_program

PROGRAM = """
import pulumi, pulumi_aws as aws
def api(name, stage):
    api = aws.apigateway.RestApi(name)
    common = {"rest_api": api.id, "resource_id": api.root_resource_id, "http_method": "GET"}
    method = aws.apigateway.Method(name, **common, authorization="NONE")
    integration = aws.apigateway.Integration(name, **common, type="MOCK",
        request_templates={"application/json": '{"statusCode": 200}'})
    response = aws.apigateway.MethodResponse(name, **common, status_code="200")
    answer = aws.apigateway.IntegrationResponse(name, **common, status_code="200",
        response_templates={"application/json": f'"{name} $context.stage $context.customDomain.basePathMatched"'})
    deployment = aws.apigateway.Deployment(name, rest_api=api.id, triggers={"a": "b"},
        opts=pulumi.ResourceOptions(depends_on=[integration, answer]))
    return api, aws.apigateway.Stage(name, rest_api=api.id, deployment=deployment.id, stage_name=stage)
orders, orders_stage = api("orders", "prod")
users, users_stage = api("users", "dev")
first = aws.apigateway.DomainName("first", domain_name="one.example.com", regional_certificate_arn="arn:c",
    endpoint_configuration={"types": "REGIONAL"})
aws.apigateway.BasePathMapping("orders", domain_name=first.domain_name, rest_api=orders.id, base_path="orders",
    stage_name=orders_stage.stage_name)
aws.apigatewayv2.ApiMapping("users", domain_name=first.id, api_id=users.id, stage=users_stage.stage_name,
    api_mapping_key="v1/users")
second = aws.apigatewayv2.DomainName("second", domain_name="two.example.com", routing_mode="ROUTING_RULE_ONLY",
    domain_name_configuration={"certificate_arn": "arn:c", "endpoint_type": "REGIONAL", "security_policy": "TLS_1_2"})
aws.apigatewayv2.RoutingRule("rule", domain_name=second.domain_name, priority=1,
    conditions=[{"match_base_paths": {"any_ofs": ["u"]}}],
    actions=[{"invoke_api": {"api_id": users.id, "stage": "dev", "strip_base_path": True}}])
pulumi.export("target", second.domain_name_configuration.target_domain_name)
"""


def ask(origin: str, host: str, path: str) -> tuple[int, str]:
    request = urllib.request.Request(origin + path, headers={"Host": host})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_domain_name_answers_at_any_port_of_the_program(tmp_path: Path) -> None:
    with running(write_program(tmp_path, PROGRAM)) as session:
        for api in session.apis:
            assert ask(api.origin, "one.example.com", "/orders") == (200, '"orders prod orders"')
            assert ask(api.origin, "one.example.com", "/v1/users") == (200, '"users dev v1/users"')
            assert ask(api.origin, "two.example.com", "/u/") == (200, '"users dev u"')
            assert ask(api.origin, "two.example.com", "/other") == (403, '{"message":"Forbidden"}')
            assert ask(api.origin, "three.example.com", "/orders")[0] == 403
        assert not any("domain" in notice.lower() for notice in session.notices if "may differ" in notice)
        assert session.outputs["target"].endswith(".amazonaws.com")
