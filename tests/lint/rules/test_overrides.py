"""One override a parameter: apigateway-override-request-response-parameters.html in AWS's guide."""

import pytest

from tests.lint.checked import rules

SET = '#set($context.requestOverride.header.X-A = "1")'


@pytest.mark.parametrize(
    "template",
    [
        f"{SET}{SET}",
        f"{SET}#if($context.stage){SET}#end",
        f"#if($context.stage){SET}{SET}#end",
        f"#if($context.stage){SET}#end{SET}",
        f"{SET}$context.requestOverride.header.put('X-A', 2)",
        f"{SET}#set($done = $context.requestOverride.header.put('X-A', 2))",
        f'{SET}#set($context.requestOverride.header["X-A"] = 2)',
        "#set($context.responseOverride.status = 400)#set($context.responseOverride.status = 500)",
    ],
)
def test_a_second_override_is_found(template: str) -> None:
    assert rules(template + "{}") == ["override-twice"]


@pytest.mark.parametrize(
    "template",
    [
        SET,
        f"#if($context.stage){SET}#else{SET}#end",
        f"#if($context.stage == 'a'){SET}#end#if($context.stage == 'b'){SET}#end",
        f"{SET}#set($context.requestOverride.querystring.X-A = 1)",
        f"{SET}#set($context.requestOverride.header.X-B = 1)",
        "#foreach($x in [1..2])#set($context.requestOverride.header[$x] = 1)#end",
    ],
)
def test_one_override_is_not(template: str) -> None:
    assert rules(template + "{}") == []
