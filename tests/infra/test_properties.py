"""Any valid configuration makes a stack whose names AWS takes, and in which nothing is public."""

import ipaddress
import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.configuration.setting_rules import RETENTION_DAYS, UNMAPPABLE_HEADERS
from infra.configuration.settings import ConfigurationError, Settings, read_settings
from tests.infra import promises_network
from tests.infra.harness import Deployed, deploy
from tests.infra.test_configuration import WRONG
from tests.infra.test_promises import PROMISES

AUTONAME_SUFFIX = "-1234567"
LONGEST_NAME = {
    "iam/role:Role": 64,
    "lambda/function:Function": 64,
    "lb/loadBalancer:LoadBalancer": 32,
    "lb/targetGroup:TargetGroup": 32,
    "cloudwatch/logGroup:LogGroup": 512,
    "cloudwatch/metricAlarm:MetricAlarm": 255,
    "ecr/repository:Repository": 256,
    "ecs/cluster:Cluster": 255,
    "ecs/service:Service": 255,
    "ec2/securityGroup:SecurityGroup": 255,
    "apigatewayv2/vpcLink:VpcLink": 128,
    "apigateway/restApi:RestApi": 1024,
    "apigateway/authorizer:Authorizer": 128,
    "wafv2/webAcl:WebAcl": 128,
}
"""How many characters AWS takes for the names that Pulumi makes of logical names."""

names = st.from_regex(r"[A-Za-z0-9._$-]{1,20}", fullmatch=True)
stacks = st.from_regex(r"[A-Za-z0-9_-]{1,100}", fullmatch=True)
addresses = st.ip_addresses().map(lambda address: f"{address}/{address.max_prefixlen}")


def listing(items: st.SearchStrategy[str], **limits: Any) -> st.SearchStrategy[str]:
    """A list as Pulumi stores it."""
    return st.lists(items, unique_by=str.lower, **limits).map(json.dumps)


def numbers(lowest: int, highest: int) -> st.SearchStrategy[str]:
    return st.integers(lowest, highest).map(str)


networks = st.one_of(
    st.fixed_dictionaries({"vpcCidr": st.integers(16, 26).map(lambda bits: f"10.0.0.0/{bits}")}),
    st.fixed_dictionaries(
        {
            "vpcId": st.from_regex(r"vpc-[0-9a-f]{17}", fullmatch=True),
            "subnetIds": listing(st.from_regex(r"subnet-[0-9a-f]{17}", fullmatch=True), min_size=2, max_size=3),
        }
    ),
)
services = st.sampled_from(
    [
        *(
            {},
            {"httpEndpoint": "https://echo.example.com/base"},
            {"image": f"{'1' * 12}.dkr.ecr.us-east-1.amazonaws.com/team/echo:1.2"},
        ),
        {"image": f"123456789012.dkr.ecr.us-east-1.amazonaws.com/echo@sha256:{'0' * 64}"},
    ]
)
options = st.fixed_dictionaries(
    {},
    optional={
        "backend": st.sampled_from(["both", "lambda", "http"]),
        "stageName": st.from_regex(r"[A-Za-z0-9_-]{1,128}", fullmatch=True),
        "queryStrings": st.one_of(st.just('["*"]'), listing(names, max_size=4)),
        "headers": st.one_of(
            st.just('["*"]'), listing(names.filter(lambda name: name.lower() not in UNMAPPABLE_HEADERS), max_size=4)
        ),
        "logRetentionDays": st.sampled_from(RETENTION_DAYS).map(str),
        "throttlingRate": numbers(1, 10_000),
        "throttlingBurst": numbers(1, 5_000),
        "authorization": st.sampled_from(["none", "iam", "api-key", "lambda"]),
        "authorizerToken": st.from_regex(r"[!-~]{32,64}", fullmatch=True),
        "allowedIps": listing(addresses, max_size=3),
        "waf": st.sampled_from(["true", "false"]),
        "tracing": st.sampled_from(["true", "false"]),
        "executionLogs": st.sampled_from(["OFF", "ERROR", "INFO"]),
        "accountLogging": st.sampled_from(["manage", "existing"]),
        "lambdaConcurrency": numbers(0, 900),
        "minTasks": numbers(1, 4),
        "maxTasks": numbers(4, 100),
        "alarmLatencyMs": numbers(1, 29_000),
    },
)
configurations = st.builds(
    lambda *parts: {key: part[key] for part in parts for key in part}, options, networks, services
)
slow = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def bad_names(deployed: Deployed) -> list[str]:
    """Names that AWS would refuse."""
    found = []
    for resource in deployed.resources:
        longest = LONGEST_NAME.get(resource.type.split(":", 1)[-1])
        name = resource.inputs.get("name") or resource.name + AUTONAME_SUFFIX
        if longest and (len(name) > longest or not re.fullmatch(r"[A-Za-z0-9_./-]+", name)):
            found.append(f"{resource.type} {name}")
    return found


def public(deployed: Deployed) -> list[str]:
    """What is public, or lets in more than it says."""
    found = [
        f"{promise.text}: {each}" for promise in promises_network.PROMISES[:4] for each in promise.violations(deployed)
    ]
    for rule in deployed.of(promises_network.INGRESS):
        if not rule.inputs.get("referencedSecurityGroupId"):
            found.append(f"{rule.name} lets in what is no group")
    for rule in deployed.of(promises_network.EGRESS):
        block = rule.inputs.get("cidrIpv4")
        if block and not ipaddress.ip_network(block).is_private:
            found.append(f"{rule.name} lets out to {block}")
    return found


@pytest.mark.timeout(300)
@slow
@given(config=configurations, stack=stacks)
def test_a_valid_configuration_makes_a_private_stack_with_valid_names(config: dict[str, str], stack: str) -> None:
    deployed = deploy(config, stack=stack)
    assert bad_names(deployed) == []
    assert public(deployed) == []
    # In an existing VPC the endpoints are its owner's.
    assert "vpcId" in config or every_violation(deployed) == []


def every_violation(deployed: Deployed) -> list[str]:
    """What breaks any promise, but for the image, which an existing one may name by its tag."""
    excepted = "images are named by digest, and tags never move"
    return [
        f"{promise.text}: {violation}"
        for promise in PROMISES
        if promise.text != excepted
        for violation in promise.violations(deployed)
    ]


@settings(max_examples=300)
@given(config=configurations, stack=stacks)
def test_a_valid_configuration_is_read_as_it_was_written(config: dict[str, str], stack: str) -> None:
    read = read_settings(config.get, "parity", stack)
    assert isinstance(read, Settings)
    assert read.stage_name == config.get("stageName", stack)
    if config.get("queryStrings"):
        assert list(read.query_strings) == json.loads(config["queryStrings"])


def told(config: dict[str, str]) -> list[str]:
    """The errors that a configuration is refused with; none if it is valid."""
    try:
        read_settings(config.get, "parity", "dev")
    except ConfigurationError as error:
        return error.problems
    return []


@settings(max_examples=200)
@given(config=configurations, wrong=st.sets(st.sampled_from(sorted(WRONG)), min_size=1))
def test_every_wrong_value_is_told_whatever_else_is_configured(config: dict[str, str], wrong: set[str]) -> None:
    problems = told({**config, **{key: WRONG[key] for key in wrong}})
    assert wrong <= {problem.split()[0].removeprefix("parity:") for problem in problems}


@settings(max_examples=300)
@given(key=st.sampled_from(sorted(WRONG)), text=st.text(max_size=30))
def test_no_text_breaks_the_rules_but_by_a_configuration_error(key: str, text: str) -> None:
    assert all(problem.startswith("parity:") for problem in told({key: text}))
