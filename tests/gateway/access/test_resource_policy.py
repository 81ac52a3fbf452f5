"""Resource policies: who may call an API at all."""

import json
from typing import Any

import pytest

from parity.gateway.access.policy_evaluation import Decision, PolicyDocument, PolicyError, matches_wildcards
from parity.gateway.access.resource_policy import ResourcePolicy, resource_policy_of
from parity.gateway.model.definition import RestApi, Stage
from tests.gateway.calls import call

ALLOW_ALL = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
DENIED = "User: anonymous is not authorized to perform: execute-api:Invoke on resource: "
SHOWN_ARN = "arn:aws:execute-api:us-east-1:********9012:api1/dev/GET/pets"


def answer(*statements: dict[str, Any], source_ip: str = "203.0.113.7", path: str = "/pets") -> str | None:
    """The message of the refusal, None when the call is let through."""
    policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    resource_policy = ResourcePolicy(RestApi(id="api1", name="test", policy=policy), Stage(name="dev"))
    request = call(path, source_ip=source_ip, headers={"User-Agent": "load", "Referer": "http://a.test"})
    decision = resource_policy.decide(request)
    if decision is Decision.ALLOW:
        return None
    refused = resource_policy.refusal(request, decision)
    return refused.message if refused.response_type == "ACCESS_DENIED" else refused.response_type


def only(operator: str, *networks: str, effect: str = "Allow") -> dict[str, Any]:
    return {**ALLOW_ALL, "Effect": effect, "Condition": {operator: {"aws:SourceIp": list(networks)}}}


def test_without_a_policy_everyone_may_call() -> None:
    assert resource_policy_of(RestApi(id="api1", name="test"), Stage(name="dev")) is None


def test_with_a_policy_what_is_not_allowed_is_denied() -> None:
    assert answer({**ALLOW_ALL, "Resource": "execute-api:/*/POST/*"}) == DENIED + SHOWN_ARN
    assert answer({**ALLOW_ALL, "Resource": "execute-api:/dev/GET/*"}) is None


@pytest.mark.parametrize(
    ("source_ip", "allowed"), [("203.0.113.7", True), ("198.51.100.1", False), ("2001:db8::1", True)]
)
def test_an_ip_range_is_allowed(source_ip: str, allowed: bool) -> None:
    refused = answer(only("IpAddress", "203.0.113.0/24", "2001:db8::/32"), source_ip=source_ip)
    assert (refused is None) is allowed


def test_an_ip_range_is_denied() -> None:
    statements = (ALLOW_ALL, only("IpAddress", "203.0.113.7", effect="Deny"))
    assert answer(*statements) == f"{DENIED}{SHOWN_ARN} with an explicit deny"
    assert answer(*statements, source_ip="198.51.100.1") is None


def test_everything_but_an_ip_range_is_denied() -> None:
    statements = (ALLOW_ALL, only("NotIpAddress", "203.0.113.0/24", effect="Deny"))
    assert answer(*statements) is None
    assert answer(*statements, source_ip="198.51.100.1") == f"{DENIED}{SHOWN_ARN} with an explicit deny"


def test_a_statement_for_a_named_principal_is_not_for_anonymous_callers() -> None:
    assert answer({**ALLOW_ALL, "Principal": {"AWS": "arn:aws:iam::123456789012:root"}}) is not None
    assert answer({**ALLOW_ALL, "Principal": {"AWS": "*"}}) is None


def test_a_condition_that_cannot_be_evaluated_is_not_fulfilled() -> None:
    assert answer({**ALLOW_ALL, "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}) is not None


@pytest.mark.parametrize(
    ("key", "value"),
    [("aws:SecureTransport", "true"), ("aws:UserAgent", "load"), ("aws:Referer", "http://a.test")],
)
def test_what_a_condition_may_ask_for(key: str, value: str) -> None:
    operator = "Bool" if key == "aws:SecureTransport" else "StringEquals"
    assert answer({**ALLOW_ALL, "Condition": {operator: {key: value}}}) is None
    assert answer({**ALLOW_ALL, "Condition": {operator: {key: "false"}}}) is not None


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ("{", "not JSON"),
        ("{}", "no Statement"),
        ({"Statement": ["x"]}, "not an object"),
        ({"Statement": {"Effect": "allow"}}, "Effect"),
        ({"Statement": {"Effect": "Allow", "Resource": "*"}}, "Action"),
        ({"Statement": {"Effect": "Allow", "Action": "*"}}, "Resource"),
        ({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": "x"}}, "Condition"),
    ],
)
def test_what_is_no_policy_is_told(document: Any, problem: str) -> None:
    with pytest.raises(PolicyError, match=problem):
        PolicyDocument(document)


def test_actions_match_whatever_their_case_and_resources_only_in_theirs() -> None:
    policy = PolicyDocument({"Statement": {"Effect": "Allow", "Action": "EXECUTE-API:invoke", "Resource": "arn:A*"}})
    assert policy.evaluate("execute-api:Invoke", "arn:Abc", {}) is Decision.ALLOW
    assert policy.evaluate("execute-api:Invoke", "arn:abc", {}) is Decision.IMPLICIT_DENY


def test_not_action_and_not_resource_turn_the_match_around() -> None:
    policy = PolicyDocument({"Statement": {"Effect": "Deny", "NotAction": "s3:*", "NotResource": "arn:x"}})
    assert policy.evaluate("execute-api:Invoke", "arn:y", {}) is Decision.EXPLICIT_DENY
    assert policy.evaluate("execute-api:Invoke", "arn:x", {}) is Decision.IMPLICIT_DENY


def test_wildcards_reach_over_slashes_and_lines_and_nothing_else_is_special() -> None:
    assert matches_wildcards("a*d", "a/b\nc/d")
    assert matches_wildcards("a?c", "abc")
    assert not matches_wildcards("a.c", "abc")
    assert not matches_wildcards("a?c", "ac")
