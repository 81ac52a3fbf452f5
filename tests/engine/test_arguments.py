"""Every argument that the program gives is one that its resource type has, of the right kind, and none is missing.

The program runs against Pulumi's mocks here, so these tests need no Pulumi CLI.
"""

import pytest

from tests.engine.argument_schema import argument_problems
from tests.engine.aws_rules import NAMED
from tests.infra.harness import Deployed, deploy

pytestmark = pytest.mark.filterwarnings("ignore:.* has been deprecated in favor of:DeprecationWarning")

AUTONAME_DIGITS = len("-1234567")
EXISTING_NETWORK = {
    "image": "registry.example.com/echo:1.2.3",
    "vpcId": "vpc-0cccccccccccccccc",
    "subnetIds": '["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"]',
}


@pytest.fixture(
    scope="module",
    params=[
        {"backend": "both"},
        {"backend": "both", "authorization": "iam", "allowedIps": '["192.0.2.0/24", "2001:db8::/32"]'},
        {"backend": "both", "authorization": "api-key", "waf": "true", "executionLogs": "INFO"},
        {"backend": "lambda", "authorization": "lambda", "lambdaConcurrency": "5"},
        {"backend": "http", "httpEndpoint": "https://echo.example.com", "queryStrings": '["*"]', "headers": '["*"]'},
        {"backend": "http", "alarmTopicArn": "arn:aws:sns:us-east-1:123456789012:alarms", **EXISTING_NETWORK},
    ],
    ids=["both", "iam", "api-key", "authorizer", "existing service", "existing image and network"],
)
def deployed(request: pytest.FixtureRequest) -> Deployed:
    """What the program registers with some configuration."""
    return deploy(request.param)


def test_every_argument_is_known_and_none_is_missing(deployed: Deployed) -> None:
    problems = [
        f"{resource.type} {resource.name}: {problem}"
        for resource in deployed.resources
        for problem in argument_problems(resource.type, resource.inputs)
    ]
    assert problems == []


def test_every_name_that_pulumi_makes_is_short_enough_for_aws(deployed: Deployed) -> None:
    made = [item for item in deployed.resources if item.type in NAMED and NAMED[item.type][0] not in item.inputs]
    too_long = [item.name for item in made if len(item.name) + AUTONAME_DIGITS > NAMED[item.type][1]]
    assert made
    assert too_long == []
