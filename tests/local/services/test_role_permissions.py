"""Roles of integrations with AWS services that would fail on AWS."""

import json
from typing import Any

import pytest

from parity.gateway.model.definition import Integration, Method, Resource, RestApi, Stage
from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import ResourceIndex
from parity.local.rest_api.rest_apis import DeployedApi
from parity.local.services.role_permissions import role_failures

ARN = "arn:aws:iam::123456789012:role/gateway"
TRUST = '{"Statement": {"Effect": "Allow", "Principal": {"Service": "%s"}, "Action": "sts:AssumeRole"}}'
FORM = {"application/json": "Action=SendMessage&MessageBody=a"}


def policy(action: str) -> ResourceRecord:
    document = json.dumps({"Statement": [{"Effect": "Allow", "Action": ["logs:*", action], "Resource": "*"}]})
    return record("aws:iam/rolePolicy:RolePolicy", inputs={"role": "gateway", "policy": document})


def record(type_: str, inputs: dict[str, Any], **outputs: str) -> ResourceRecord:
    return ResourceRecord(type=type_, name="x", urn=type_, inputs=inputs, outputs=outputs)


def differences(
    *records: ResourceRecord,
    uri: str = "sqs:path/1/q",
    trusted: str = "apigateway.amazonaws.com",
    methods: int = 1,
    **settings: Any,
) -> list[str]:
    """What is reported of an integration with a service, and a role with these policies."""
    role = record("aws:iam/role:Role", {"assumeRolePolicy": TRUST % trusted}, name="gateway", arn=ARN)
    declared = {"http_method": "POST", "request_templates": FORM, "declared_by": "the integration", **settings}
    integration = Integration(type="AWS", uri=f"arn:aws:apigateway:us-east-1:{uri}", credentials=ARN, **declared)
    method = Method(http_method="POST", integration=integration)
    resources = (Resource(id=f"r{n}", path=f"/{n}", methods={"POST": method}) for n in range(methods))
    api = RestApi(id="a", name="a", resources=tuple(resources))
    deployed = DeployedApi(definition=api, stages={"dev": Stage(name="dev")}, record=role)
    return [str(each) for each in role_failures(ResourceIndex([role, *records]), [deployed])]


@pytest.mark.parametrize("action", ["sqs:SendMessage", "sqs:*", "*", "SQS:Send*"])
def test_a_role_that_may(action: str) -> None:
    assert differences(policy(action)) == []


def test_a_role_that_api_gateway_may_not_assume() -> None:
    (line,) = differences(policy("sqs:*"), trusted="lambda.amazonaws.com")
    assert line.startswith("the integration: API Gateway may not assume aws.iam.Role")


@pytest.mark.parametrize(
    ("methods", "named"),
    [(2, "the integration, the integration: "), (5, "the integration, the integration, the integration and 2 more: ")],
)
def test_a_role_of_several_integrations_is_reported_once(methods: int, named: str) -> None:
    trust, permission = differences(policy("sns:*"), trusted="lambda.amazonaws.com", methods=methods)
    assert trust.startswith(f"{named}API Gateway may not assume")
    assert permission.startswith(f"{named}aws.iam.Role")
    assert "does not allow sqs:SendMessage" in permission


@pytest.mark.parametrize(
    ("uri", "settings", "action"),
    [
        ("sqs:path/1/q", {}, "sqs:SendMessage"),
        ("dynamodb:action/PutItem", {}, "dynamodb:PutItem"),
        ("s3:path/bucket/{key}", {"http_method": "PUT"}, "s3:PutObject"),
        ("s3:path/bucket/{key}", {"http_method": "GET"}, "s3:GetObject"),
        ("lambda:path/2015-03-31/functions/arn:aws:lambda:::function:f/invocations", {}, "lambda:InvokeFunction"),
    ],
)
def test_a_role_that_does_not_allow_the_action(uri: str, settings: dict[str, Any], action: str) -> None:
    (line,) = differences(policy("sns:Publish"), uri=uri, **settings)
    assert f"does not allow {action}" in line


def test_a_policy_of_awss_own_is_trusted() -> None:
    attachment = {"role": "gateway", "policyArn": "arn:aws:iam::aws:policy/AmazonSQSFullAccess"}
    assert differences(record("aws:iam/rolePolicyAttachment:RolePolicyAttachment", attachment)) == []


def test_a_policy_of_the_programs_own_is_read() -> None:
    own = {"policy": '{"Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage"}]}'}
    attachment = {"role": "gateway", "policyArn": "arn:own"}
    attached = record("aws:iam/rolePolicyAttachment:RolePolicyAttachment", attachment)
    assert differences(attached, record("aws:iam/policy:Policy", own, arn="arn:own")) == []
