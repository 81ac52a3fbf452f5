"""Canary releases: https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html"""

import asyncio
import json
from typing import Any

import pytest

from parity.gateway.canary import CanaryGateway, canary_stage, stage_gateway
from parity.gateway.checks.check import check
from parity.gateway.gateway import Gateway
from parity.gateway.model.definition import Canary, IntegrationResponse, MethodSettings, RestApi, Stage
from tests.gateway.support import Functions, answer, mock, rest_api, send

TEMPLATE = """{"isCanary": "$context.isCanaryRequest", "variable": "$stageVariables.testVar",
"nonExistingDefault": "$stageVariables.noStageVar", "nonOverridden": "$stageVariables.defaultVar",
"deployment": "$context.deploymentId"}"""
API = rest_api(
    {"/": mock(responses=(IntegrationResponse(status_code="200", response_templates={"application/json": TEMPLATE}),))}
)
CANARY = Canary(
    deployment_id="new",
    percent_traffic=100.0,
    stage_variable_overrides={"testVar": "canary", "noStageVar": "canary"},
)


def stage(canary: Canary | None, **settings: Any) -> Stage:
    variables = {"testVar": "default", "defaultVar": "default"}
    return Stage(name="dev", deployment_id="old", variables=variables, canary=canary, **settings)


async def answered(gateway: Gateway) -> dict[str, str]:
    """What the template above renders."""
    _, _, body = answer(await send(gateway))
    found: dict[str, str] = json.loads(body)
    return found


def gateway_of(canary: Canary | None, api: RestApi = API, **settings: Any) -> Gateway:
    return stage_gateway(api, stage(canary), Functions(), **settings)


async def test_a_stage_without_canary() -> None:
    """Recorded on AWS (LocalStack snapshot test_sqs_amz_json_protocol): `$context` has no `isCanaryRequest`."""
    assert await answered(gateway_of(None)) == {
        "isCanary": "",
        "variable": "default",
        "nonExistingDefault": "",
        "nonOverridden": "default",
        "deployment": "old",
    }


async def test_a_canary_overrides_and_adds_stage_variables() -> None:
    """Recorded on AWS (LocalStack snapshot test_invoking_canary_deployment)."""
    assert await answered(gateway_of(CANARY)) == {
        "isCanary": "true",
        "variable": "canary",
        "nonExistingDefault": "canary",
        "nonOverridden": "default",
        "deployment": "new",
    }


async def test_a_canary_without_traffic_answers_nothing() -> None:
    gateway = gateway_of(Canary(deployment_id="new", percent_traffic=0.0))
    assert {(await answered(gateway))["isCanary"] for _ in range(20)} == {"false"}


async def test_a_canary_answers_its_share() -> None:
    production = Gateway(API, stage(CANARY), Functions())
    canary = Gateway(API, canary_stage(stage(None), CANARY), Functions())
    dice = iter([0.0, 0.2499, 0.25, 0.9])
    gateway = CanaryGateway(production, canary, 25.0, lambda: next(dice))
    assert [(await answered(gateway))["isCanary"] for _ in range(4)] == ["true", "true", "false", "false"]


async def test_a_canary_has_logs_of_its_own() -> None:
    logged: list[tuple[str, str]] = []
    logging = {"*/*": MethodSettings(logging_level="INFO")}
    logging_stage = stage(
        CANARY,
        method_settings=logging,
        access_log_format="$context.isCanaryRequest",
        access_log_destination="arn:aws:logs:us-east-1:1:log-group:access",
    )
    gateway = stage_gateway(API, logging_stage, Functions(), log_sink=lambda group, line: logged.append((group, line)))
    await send(gateway)
    assert {group for group, _ in logged} == {"access/Canary", "API-Gateway-Execution-Logs_api1234567/dev/Canary"}
    assert logged[0] == ("access/Canary", "true")


async def test_a_canary_shares_the_stage_s_limits() -> None:
    limited = stage(
        Canary(deployment_id="new", percent_traffic=50.0),
        method_settings={"*/*": MethodSettings(throttling_rate_limit=0.001, throttling_burst_limit=3)},
    )
    gateway = stage_gateway(API, limited, Functions())
    statuses = [answer(exchange)[0] for exchange in await asyncio.gather(*(send(gateway) for _ in range(12)))]
    assert statuses.count(200) == 3


@pytest.mark.parametrize(("percent", "wrong"), [(-1.0, True), (0.0, False), (100.0, False), (100.5, True)])
def test_the_share_is_a_percentage(percent: float, wrong: bool) -> None:
    problems = check(API, stage(Canary(deployment_id="new", percent_traffic=percent)))
    assert any("percent_traffic" in problem.what for problem in problems) is wrong


def test_the_canary_s_variables_are_checked() -> None:
    problems = check(API, stage(Canary(stage_variable_overrides={"not-allowed": "x"})))
    assert [problem.what for problem in problems if "not-allowed" in problem.what]
