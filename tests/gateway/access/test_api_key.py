"""API keys, usage plans, throttling and quotas."""

from typing import Any

import pytest

from parity.gateway.access.api_key import AccessControl, ApiKeyIdentity
from parity.gateway.lifecycle.gateway_response import GatewayResponseError
from parity.gateway.model.definition import ApiKey, Method, MethodSettings, RestApi, Stage, UsagePlan
from tests.gateway.calls import Clock, call

OPEN = Method(http_method="GET")
KEYED = Method(http_method="GET", api_key_required=True)
ADA = ApiKey(id="key1", value="ada-secret-value-000")
DISABLED = ApiKey(id="key2", value="old-secret-value-000", enabled=False)
WITHOUT_PLAN = ApiKey(id="key3", value="new-secret-value-000")


class Door:
    """The access control of one stage, with Ada's key in a usage plan."""

    def __init__(self, settings: dict[str, MethodSettings] | None = None, source: Any = "HEADER", **plan: Any) -> None:
        self.clock = Clock()
        usage_plan = UsagePlan(**{"id": "plan1", "api_stages": (("api1", "dev"),), "key_ids": ("key1", "key2"), **plan})
        api = RestApi(
            id="api1",
            name="test",
            api_keys=(ADA, DISABLED, WITHOUT_PLAN),
            usage_plans=(usage_plan,),
            api_key_source=source,
        )
        self._control = AccessControl(api, Stage(name="dev", method_settings=settings or {}), clock=self.clock)

    def knock(
        self, key: str | None = None, method: Method = KEYED, path: str = "/pets", **authorizer: str
    ) -> ApiKeyIdentity | str:
        """The identity, or the type of the gateway response."""
        request = call(path, headers={} if key is None else {"x-api-key": key})
        try:
            return self._control.admit(method, path, request, authorizer)
        except GatewayResponseError as error:
            return f"{error.response_type}: {error.message}"


def test_a_method_that_requires_no_key_admits_everyone() -> None:
    assert Door().knock(method=OPEN) == ApiKeyIdentity(None, None)


def test_a_key_of_a_usage_plan_of_the_stage_is_admitted() -> None:
    assert Door().knock(ADA.value) == ApiKeyIdentity(ADA.value, "key1")


@pytest.mark.parametrize("key", [None, "", "wrong", DISABLED.value, WITHOUT_PLAN.value])
def test_every_other_key_is_forbidden(key: str | None) -> None:
    assert Door().knock(key) == "INVALID_API_KEY: Forbidden"


def test_a_usage_plan_of_another_stage_does_not_count() -> None:
    assert Door(api_stages=(("api1", "prod"),)).knock(ADA.value) == "INVALID_API_KEY: Forbidden"


def test_the_key_may_come_from_the_authorizer() -> None:
    door = Door(source="AUTHORIZER")
    assert door.knock(ADA.value) == "INVALID_API_KEY: Forbidden"
    assert door.knock(usageIdentifierKey=ADA.value) == ApiKeyIdentity(ADA.value, "key1")


def test_a_usage_plan_throttles_with_a_token_bucket() -> None:
    door = Door(throttle_rate_limit=2.0, throttle_burst_limit=3)
    assert [door.knock(ADA.value) for _ in range(4)][2:] == [
        ApiKeyIdentity(ADA.value, "key1"),
        "THROTTLED: Too Many Requests",
    ]
    door.clock.now += 0.5
    assert door.knock(ADA.value) == ApiKeyIdentity(ADA.value, "key1")
    assert door.knock(ADA.value) == "THROTTLED: Too Many Requests"


def test_a_usage_plan_may_throttle_one_method() -> None:
    door = Door(method_throttles={("api1", "dev", "/pets/GET"): (1.0, 1)})
    assert door.knock(ADA.value) == ApiKeyIdentity(ADA.value, "key1")
    assert door.knock(ADA.value) == "THROTTLED: Too Many Requests"
    assert door.knock(ADA.value, path="/toys") == ApiKeyIdentity(ADA.value, "key1")


def test_a_quota_is_used_up_and_begins_anew_with_the_day() -> None:
    door = Door(quota_limit=3, quota_offset=1, quota_period="DAY")
    assert [isinstance(door.knock(ADA.value), str) for _ in range(3)] == [False, False, True]
    assert door.knock(ADA.value) == "QUOTA_EXCEEDED: Limit Exceeded"
    door.clock.now += 24 * 3600
    assert [isinstance(door.knock(ADA.value), str) for _ in range(4)] == [False, False, False, True]


def test_a_throttled_request_does_not_count_against_the_quota() -> None:
    door = Door(quota_limit=2, throttle_rate_limit=1.0, throttle_burst_limit=1)
    assert [door.knock(ADA.value) for _ in range(3)][1:] == ["THROTTLED: Too Many Requests"] * 2
    door.clock.now += 1
    assert door.knock(ADA.value) == ApiKeyIdentity(ADA.value, "key1")


def test_method_settings_throttle_each_method_for_all_callers() -> None:
    door = Door(settings={"*/*": MethodSettings(throttling_rate_limit=1.0, throttling_burst_limit=1)})
    assert door.knock(method=OPEN) == ApiKeyIdentity()
    assert door.knock(method=OPEN) == "THROTTLED: Too Many Requests"
    assert door.knock(method=OPEN, path="/toys") == ApiKeyIdentity()


def test_settings_of_a_method_come_before_those_of_the_stage() -> None:
    settings = {
        "*/*": MethodSettings(throttling_rate_limit=1.0, throttling_burst_limit=1),
        "pets/GET": MethodSettings(throttling_rate_limit=1.0, throttling_burst_limit=2),
    }
    door = Door(settings=settings)
    assert [isinstance(door.knock(method=OPEN), str) for _ in range(3)] == [False, False, True]


def test_negative_limits_are_no_limits() -> None:
    door = Door(settings={"*/*": MethodSettings(throttling_rate_limit=-1.0, throttling_burst_limit=-1)})
    assert {door.knock(method=OPEN) for _ in range(50)} == {ApiKeyIdentity()}


def test_a_limit_of_zero_lets_nobody_through() -> None:
    door = Door(settings={"*/*": MethodSettings(throttling_rate_limit=0.0, throttling_burst_limit=0)})
    assert door.knock(method=OPEN) == "THROTTLED: Too Many Requests"
