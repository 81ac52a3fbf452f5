"""Stage variables that no stage has, in templates, URIs and mappings."""

from typing import Any

import pytest

from parity.gateway.model.definition import GatewayResponse, RestApi
from tests.lint.checked import findings, findings_of, rules


@pytest.mark.parametrize(
    "reference", ["$stageVariables.x", "${stageVariables.x}", "$stageVariables['x']", "$stageVariables.get('x')"]
)
def test_an_unknown_variable_in_a_template(reference: str) -> None:
    assert rules(f'{{"a": "{reference}"}}'.replace("'", "'")) == ["stage-variable"]


@pytest.mark.parametrize("reference", ["$stageVariables.version", "$stageVariables['version']", "$stageVariables"])
def test_a_known_variable_in_a_template(reference: str) -> None:
    assert rules(f'{{"a": "{reference}"}}') == []


@pytest.mark.parametrize(
    "settings",
    [
        {"uri": "http://${stageVariables.host}/"},
        {"request_parameters": {"integration.request.header.a": "stageVariables.host"}},
    ],
)
def test_an_unknown_variable_in_a_setting(settings: dict[str, Any]) -> None:
    (found,) = findings("{}", **settings)
    assert (found.rule, found.fix) == ("stage-variable", "add host to the stage's variables")


def test_a_known_variable_in_a_setting() -> None:
    assert rules("{}", uri="http://${stageVariables.version}/") == []


@pytest.mark.parametrize(
    ("template", "wrong"),
    [
        ('{"message": $context.error.messageString, "v": "$stageVariables.version"}', False),
        ('{"message": "$util.escapeJavaScript($context.error.message)"}', True),
        ('#if($context.stage == "dev"){"debug": true}#end', True),
        ('{"colour": "#fff"}', False),
    ],
)
def test_a_gateway_response_is_not_velocity(template: str, wrong: bool) -> None:
    response = GatewayResponse(response_type="DEFAULT_4XX", response_templates={"application/json": template})
    found = findings_of(RestApi(id="abc", name="pets", gateway_responses={"DEFAULT_4XX": response}))
    assert [finding.rule == "gateway-response-velocity" for finding in found] == [True] * wrong
