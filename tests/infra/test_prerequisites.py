"""What would make a deployment fail halfway is looked up before anything is made, and reported with its fix."""

from typing import Any

import pytest

from infra.configuration.prerequisites import PrerequisiteError
from infra.configuration.vpc_link_zones import ZONES, usable_zones
from parity.local.resources.account import EmulatedAccount
from parity.local.resources.lookups import answer
from tests.infra.harness import ACCOUNT, Deployed, deploy, deployed

ZONES_LOOK_UP = "aws:index/getAvailabilityZones:getAvailabilityZones"
REGION_LOOK_UP = "aws:index/getRegion:getRegion"
ROLES_LOOK_UP = "aws:iam/getRoles:getRoles"
QUOTA_LOOK_UP = "aws:servicequotas/getServiceQuota:getServiceQuota"
SUBNET_LOOK_UP = "aws:ec2/getSubnet:getSubnet"
EXISTING_VPC = {
    "vpcId": "vpc-0123456789abcdef0",
    "subnetIds": "subnet-0123456789abcdef0,subnet-0123456789abcdef1",
}


def refusal(config: dict[str, str], **look_ups: dict[str, Any]) -> str:
    """The only problem of a deployment."""
    with pytest.raises(PrerequisiteError) as raised:
        deploy(config, look_ups={globals()[name]: look_up for name, look_up in look_ups.items()})
    (problem,) = raised.value.problems
    return problem


def zone_ids(stack: Deployed) -> list[str]:
    return sorted(subnet.inputs["availabilityZoneId"] for subnet in stack.of("ec2/subnet:Subnet"))


def test_subnets_are_in_zones_that_have_vpc_links() -> None:
    """use1-az3 has none, though the account can use it and AWS names it first."""
    assert zone_ids(deployed()) == ["use1-az1", "use1-az6"]
    assert usable_zones("eu-west-3", ["euw3-az1", "euw3-az2", "euw3-az3"]) == ["euw3-az1", "euw3-az3"]
    assert usable_zones("ap-east-1", ["ape1-az1", "ape1-az2"]) == ["ape1-az2"]


def test_an_account_without_two_such_zones_is_refused() -> None:
    problem = refusal({}, ZONES_LOOK_UP={"names": ["us-east-1a"] * 2, "zoneIds": ["use1-az3", "use1-az1"]})
    assert "use1-az1, use1-az2, use1-az4, use1-az5, use1-az6; this account can use use1-az1:" in problem
    assert "parity:httpEndpoint" in problem


def test_a_region_without_vpc_links_takes_what_needs_none() -> None:
    china: dict[str, Any] = {"region": "cn-north-1", "name": "cn-north-1"}
    problem = refusal({}, REGION_LOOK_UP=china)
    assert problem.startswith("cn-north-1 has no VPC links V2")
    assert "parity:backend to lambda" in problem
    for config in ({"backend": "lambda"}, {"httpEndpoint": "https://echo.example.com"}):
        assert deploy(config, look_ups={REGION_LOOK_UP: china}).resources


def test_china_has_its_own_arns_and_principals() -> None:
    look_ups: dict[str, dict[str, Any]] = {
        REGION_LOOK_UP: {"region": "cn-north-1"},
        "aws:index/getPartition:getPartition": {"partition": "aws-cn", "dnsSuffix": "amazonaws.com.cn"},
    }
    stack = deploy({"httpEndpoint": "https://echo.example.com", "waf": "true"}, look_ups=look_ups)
    policy = stack.one("kms/key:Key").inputs["policy"]
    assert '"logs.cn-north-1.amazonaws.com.cn"' in policy
    assert f'"arn:aws-cn:iam::{ACCOUNT}:root"' in policy
    attached = stack.one("iam/rolePolicyAttachment:RolePolicyAttachment").inputs["policyArn"]
    assert attached.startswith("arn:aws-cn:iam::aws:policy/")
    assert "arn:aws:" not in "".join(role.inputs["assumeRolePolicy"] for role in stack.of("iam/role:Role"))


def test_existing_subnets_in_a_zone_without_vpc_links_are_refused() -> None:
    look_up = {SUBNET_LOOK_UP: {"availabilityZoneId": "use1-az3"}}
    with pytest.raises(PrerequisiteError) as raised:
        deploy(EXISTING_VPC, look_ups=look_up)
    assert [problem.split()[0] for problem in raised.value.problems] == EXISTING_VPC["subnetIds"].split(",")
    assert "use1-az3, which has no VPC links V2" in raised.value.problems[0]


def test_an_image_of_another_region_is_refused_unless_the_vpc_is_somebody_elses() -> None:
    image = {"image": f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/echo:1.2"}
    assert f"push the image to {ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com" in refusal(image)
    assert deploy({**image, **EXISTING_VPC}).resources


@pytest.mark.parametrize(
    ("concurrency", "limit", "fix"),
    [("10", 10, "set it to 0"), ("901", 1000, "set it to 900"), ("1", 100, "set it to 0")],
)
def test_more_concurrency_than_the_account_has_is_refused(concurrency: str, limit: int, fix: str) -> None:
    problem = refusal({"lambdaConcurrency": concurrency}, QUOTA_LOOK_UP={"value": limit})
    assert fix in problem
    assert "request-service-quota-increase" in problem


def test_concurrency_that_the_account_has_is_reserved() -> None:
    stack = deploy({"lambdaConcurrency": "900"}, look_ups={QUOTA_LOOK_UP: {"value": 1000}})
    assert stack.one("lambda/function:Function").inputs["reservedConcurrentExecutions"] == 900


def test_an_account_without_the_role_of_ecs_is_refused_if_it_needs_it() -> None:
    none: dict[str, Any] = {"names": [], "arns": []}
    fix = "aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com"
    assert fix in refusal({}, ROLES_LOOK_UP=none)
    assert deploy({"backend": "lambda"}, look_ups={ROLES_LOOK_UP: none}).resources


def test_an_account_with_a_role_for_logs_keeps_it() -> None:
    stack = deploy({"backend": "lambda", "accountLogging": "existing"})
    assert stack.one("apigateway/stage:Stage").inputs["accessLogSettings"]["destinationArn"].startswith("arn:aws:")
    assert not stack.of("apigateway/account:Account")


def test_every_problem_is_reported_at_once() -> None:
    with pytest.raises(PrerequisiteError) as raised:
        deploy(
            {"lambdaConcurrency": "5"},
            look_ups={
                QUOTA_LOOK_UP: {"value": 10},
                ROLES_LOOK_UP: {"names": []},
                ZONES_LOOK_UP: {"names": [], "zoneIds": []},
            },
        )
    assert len(raised.value.problems) == 3


def test_who_may_deploy_but_not_look_is_warned(monkeypatch: pytest.MonkeyPatch) -> None:
    import pulumi_aws as aws

    def refused(**_: object) -> None:
        raise Exception("AccessDenied: not authorized to perform: iam:ListRoles")

    monkeypatch.setattr(aws.iam, "get_roles", refused)
    assert deploy().resources


@pytest.mark.parametrize("region", ZONES)
def test_the_local_account_has_two_zones_with_vpc_links(region: str) -> None:
    account = EmulatedAccount(project="parity", stack="dev", region=region, account_id=ACCOUNT)
    zones = answer(ZONES_LOOK_UP, {}, region, account)["zoneIds"]
    assert len(usable_zones(region, zones)) >= 2
    assert answer(SUBNET_LOOK_UP, {"id": "subnet-0"}, region, account)["availabilityZoneId"] == zones[0]
