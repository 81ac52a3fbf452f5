"""The variables by which the AWS SDKs find where to call."""

import pytest

from parity.local.aws_calls.variables import client_variables, endpoint_variable


@pytest.mark.parametrize(
    ("service", "variable"),
    [
        ("", "AWS_ENDPOINT_URL"),
        ("dynamodb", "AWS_ENDPOINT_URL_DYNAMODB"),
        ("Secrets Manager", "AWS_ENDPOINT_URL_SECRETS_MANAGER"),
        ("api-gateway", "AWS_ENDPOINT_URL_API_GATEWAY"),
    ],
)
def test_each_service_has_its_variable(service: str, variable: str) -> None:
    """https://docs.aws.amazon.com/sdkref/latest/guide/ss-endpoints-table.html"""
    assert endpoint_variable(service) == variable


def test_a_client_gets_endpoints_a_region_and_credentials_of_no_use() -> None:
    variables = client_variables({"": "http://127.0.0.1:1", "s3": "http://127.0.0.1:2"}, "eu-west-1")
    assert variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
    assert variables["AWS_ENDPOINT_URL_S3"] == "http://127.0.0.1:2"
    assert variables["AWS_REGION"] == variables["AWS_DEFAULT_REGION"] == "eu-west-1"
    assert variables["AWS_ACCESS_KEY_ID"] == "ASIALOCAL00000000000"
    assert variables["AWS_EC2_METADATA_DISABLED"] == "true"
