"""AWS's models of its operations accept every input that the program registers: members, enums, lengths, patterns."""

import re
from functools import cache

import pytest

from tests.infra.aws_requests import SENT, requests_of
from tests.infra.harness import Deployed, Resource, deploy
from tests.infra.service_models import problems, tag_problems

NOT_AN_OPERATION = {"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "docker-build:index:Image"}
"""Of a resource that AWS makes, and of no service of AWS's."""


@cache
def stack(backend: str, authorization: str) -> Deployed:
    """A stack with every option."""
    every_option = {
        "waf": "true",
        "allowedIps": "10.0.0.0/8,2001:db8::/32",
        "alarmTopicArn": "arn:aws:sns:us-east-1:123456789012:alarms",
        "lambdaConcurrency": "5",
        "headers": "header1",
    }
    return deploy({"backend": backend, "authorization": authorization, **every_option})


def refusals(resource: Resource) -> list[str]:
    """What AWS would refuse of a resource."""
    found = [f"tags: {problem}" for problem in tag_problems(resource.inputs.get("tags") or {})]
    for sent, request, lost in requests_of(resource):
        found += [f"{sent.operation} takes no {name}" for name in lost]
        found += [f"{sent.operation}: {problem}" for problem in problems(sent.service, sent.operation, request)]
    return found


@pytest.mark.parametrize("authorization", ["none", "iam", "api-key", "lambda"])
@pytest.mark.parametrize("backend", ["lambda", "http", "both"])
def test_aws_takes_every_registered_input(backend: str, authorization: str) -> None:
    registered = [each for each in stack(backend, authorization).resources if each.type not in NOT_AN_OPERATION]
    assert [f"{each.type} {each.name}: {refusal}" for each in registered for refusal in refusals(each)] == []


def test_every_type_that_the_program_registers_has_an_operation() -> None:
    types = {each.type for name in ("api-key", "lambda") for each in stack("both", name).resources}
    assert types - NOT_AN_OPERATION == SENT.keys()


@pytest.mark.parametrize(
    ("token", "changes", "refusal"),
    [
        ("wafv2/webAcl:WebAcl", {"description": "Stands before the API's stage"}, "description is"),
        ("iam/role:Role", {"description": "Role — of the function"}, "description is"),
        ("ec2/securityGroup:SecurityGroup", {"description": "The API's link"}, "description is"),
        ("apigateway/stage:Stage", {"stageName": "feature.1"}, "stagename is"),
        ("lb/loadBalancer:LoadBalancer", {"name": "a" * 33}, "name is"),
        ("lambda/function:Function", {"memorySize": 64}, "less than 128"),
        ("apigateway/restApi:RestApi", {"securityPolicy": "TLS_1_4"}, "not one of"),
        ("ecs/service:Service", {"launchTyp": "FARGATE"}, "takes no launchtyp"),
        ("kms/key:Key", {"tags": {"aws:owner": "me"}}, "tags: "),
        ("kms/key:Key", {"tags": {"Stack": "a|b"}}, "tags: "),
    ],
)
def test_what_aws_refuses_is_found(token: str, changes: dict[str, object], refusal: str) -> None:
    broken = stack("both", "none").copy().of(token)[0]
    broken.inputs.update(changes)
    assert any(re.search(re.escape(refusal), found, re.IGNORECASE) for found in refusals(broken)), refusals(broken)
