"""Arguments that take one of a few values, which the provider checks at preview."""

import pytest

from parity.local.program.resource_index import ResourceIndex
from parity.local.rest_api.refusals.values import refused_values
from tests.local.running_programs import run_program, write_program

PROGRAM = """
import pulumi_aws as aws
of = {"rest_api": "a", "resource_id": "b", "http_method": "GET"}
aws.apigateway.Integration("wrong", **of, type="MOCK", passthrough_behavior="never", content_handling="text",
                           connection_type="internet")
aws.apigateway.IntegrationResponse("wrong", **of, status_code="200", content_handling="convert_to_text")
aws.apigateway.Authorizer("wrong", rest_api="a", type="request")
aws.apigateway.RestApi("wrong", api_key_source="header")
aws.apigateway.UsagePlan("wrong", quota_settings={"limit": 5, "period": "day"})
aws.apigateway.MethodSettings("wrong", rest_api="a", stage_name="dev", method_path="*/*",
                              settings={"logging_level": "info"})
aws.apigateway.Integration("right", **of, type="MOCK", passthrough_behavior="NEVER", content_handling="CONVERT_TO_TEXT")
aws.apigateway.Authorizer("right", rest_api="a")
aws.apigateway.UsagePlan("right", quota_settings={"limit": 5, "period": "DAY"})
"""
REFUSED = [
    ('expected passthrough_behavior to be one of ["WHEN_NO_MATCH" "WHEN_NO_TEMPLATES" "NEVER"], got never', "NEVER"),
    ('expected content_handling to be one of ["CONVERT_TO_BINARY" "CONVERT_TO_TEXT"], got text', ""),
    ('expected connection_type to be one of ["INTERNET" "VPC_LINK"], got internet', "INTERNET"),
    (
        'expected content_handling to be one of ["CONVERT_TO_BINARY" "CONVERT_TO_TEXT"], got convert_to_text',
        "CONVERT_TO_TEXT",
    ),
    ('expected type to be one of ["TOKEN" "REQUEST" "COGNITO_USER_POOLS"], got request', "REQUEST"),
    ('expected api_key_source to be one of ["HEADER" "AUTHORIZER"], got header', "HEADER"),
    ('expected quota_settings.period to be one of ["DAY" "WEEK" "MONTH"], got day', "DAY"),
    ('expected settings.logging_level to be one of ["OFF" "ERROR" "INFO"], got info', "INFO"),
]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """What is refused of the program, and the fix."""
    resources = run_program(write_program(tmp_path_factory.mktemp("program"), PROGRAM)).resources
    problems = list(refused_values(ResourceIndex(resources)))
    assert all('"wrong"' in problem.declared_by for problem in problems)
    return [(problem.what, problem.fix) for problem in problems]


def test_other_values_are_refused_and_the_meant_one_is_named(found: list[tuple[str, str]]) -> None:
    assert found == [
        (what, f'write "{meant}"' if meant else "set content_handling to one of them") for what, meant in REFUSED
    ]
