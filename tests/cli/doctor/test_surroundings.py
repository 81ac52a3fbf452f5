"""What AWS says of the stage's logs and of the VPC link; botocore's stubs hold its answers to AWS's own models."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import NoCredentialsError
from botocore.stub import Stubber

from parity.doctor import Check, DeployedApi, Outcome, check_surroundings

REGION = "eu-west-1"
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/b/1"
TARGETS = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/t/1"
GROUP = "parity-dev-api-access"
NOW_MS = 1_700_000_000_000

Answers = dict[str, list[tuple[str, dict[str, Any]]]]


def answers(
    *,
    role: str = "arn:aws:iam::123456789012:role/logs",
    newest: int = NOW_MS,
    link: str = "AVAILABLE",
    states: tuple[str, ...] = ("healthy",),
    private: bool = True,
    log: bool = True,
) -> Answers:
    """What AWS answers of a stack, each service's calls in their order."""
    destination = {"destinationArn": f"arn:aws:logs:{REGION}:123456789012:log-group:{GROUP}"} if log else {}
    integration = {"connectionType": "VPC_LINK", "connectionId": "link1", "integrationTarget": BALANCER}
    method = {"ANY": {"methodIntegration": integration if private else {"connectionType": "INTERNET"}}}
    health = [{"TargetHealth": {"State": state, "Description": "Health checks failed"}} for state in states]
    gateway: list[tuple[str, dict[str, Any]]] = [("get_stage", {"accessLogSettings": destination})]
    gateway += [("get_account", {"cloudwatchRoleArn": role})] if log and newest < NOW_MS else []
    gateway += [("get_resources", {"items": [{"path": "/"}, {"path": "/http/{proxy+}", "resourceMethods": method}]})]
    message = "no free addresses" if link == "FAILED" else ""
    return {
        "apigateway": gateway,
        "logs": [("describe_log_streams", {"logStreams": [{"lastEventTimestamp": newest}]})] * 2,
        "apigatewayv2": [
            (
                "get_vpc_link",
                {
                    "Name": "link",
                    "SecurityGroupIds": [],
                    "SubnetIds": [],
                    "VpcLinkId": "link1",
                    "VpcLinkStatus": link,
                    "VpcLinkStatusMessage": message,
                },
            )
        ],
        "elbv2": [
            ("describe_target_groups", {"TargetGroups": [{"TargetGroupArn": TARGETS}]}),
            ("describe_target_health", {"TargetHealthDescriptions": health}),
        ],
    }


def checked(given: Answers) -> dict[str, Check]:
    """The checks of a stack, by name."""
    stubbed: dict[str, Any] = {}
    for service, calls in given.items():
        client = boto3.client(service, region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x")
        stubber = Stubber(client)
        for operation, answer in calls:
            stubber.add_response(operation, answer)
        stubber.activate()
        stubbed[service] = client
    api = DeployedApi("a1b2c3d4e5", "dev", lambda service: stubbed[service])
    found = check_surroundings(api, NOW_MS, sleep=lambda _: None, log_seconds=2)
    return {check.name: check for check in found}


def test_a_sound_stack_passes() -> None:
    found = checked(answers())
    assert {name: check.outcome for name, check in found.items()} == dict.fromkeys(
        ("access log", "VPC link", "targets"), Outcome.PASSED
    )


def test_a_stack_without_a_private_integration_has_no_link_to_check() -> None:
    assert checked(answers(private=False)).keys() == {"access log"}


@pytest.mark.parametrize(
    ("given", "name", "words"),
    [
        (lambda: answers(log=False), "access log", "pulumi refresh"),
        (lambda: answers(newest=0, role=""), "access log", "no role with which API Gateway writes logs"),
        (lambda: answers(newest=NOW_MS - 1), "access log", "AmazonAPIGatewayPushToCloudWatchLogs"),
        (lambda: answers(link="INACTIVE"), "VPC link", "no request used it for 60 days"),
        (lambda: answers(link="PENDING"), "VPC link", "wait a few minutes"),
        (lambda: answers(link="FAILED"), "VPC link", "no free addresses"),
        (lambda: answers(states=("unhealthy", "draining")), "targets", "Health checks failed"),
        (lambda: answers(states=()), "targets", "no task runs"),
    ],
)
def test_each_failure_has_its_cause_and_fix(given: Callable[[], Answers], name: str, words: str) -> None:
    check = checked(given())[name]
    assert check.outcome is Outcome.FAILED
    assert words in f"{check.found} {check.cause} {check.fix}"
    assert check.cause
    assert check.fix


def test_without_credentials_nothing_is_checked_and_the_reason_is_said() -> None:
    def refused(service: str) -> Any:
        raise NoCredentialsError

    found = check_surroundings(DeployedApi("a1b2c3d4e5", "dev", refused), NOW_MS)
    assert {check.outcome for check in found} == {Outcome.SKIPPED}
    assert "AWS_ACCESS_KEY_ID" in found[0].fix
