"""Gateway responses whose JSON the text of an error breaks."""

import pytest

from parity.gateway.model.definition import GatewayResponse, RestApi
from tests.lint.checked import findings_of


def messages(template: str, content_type: str = "application/json") -> list[str]:
    response = GatewayResponse(response_type="BAD_REQUEST_BODY", response_templates={content_type: template})
    found = findings_of(RestApi(id="abc", name="pets", gateway_responses={"BAD_REQUEST_BODY": response}))
    return [finding.message for finding in found if finding.rule == "gateway-response-json"]


def test_a_text_that_brings_its_own_quotes() -> None:
    assert messages('{"message": "$context.error.messageString"}') == [
        "$context.error.messageString is printed with quotes of its own"
    ]


def test_a_text_that_holds_quotes() -> None:
    assert messages('{"a\\"b": "why: ${context.error.validationErrorString}"}') == [
        '${context.error.validationErrorString} holds quotes, as in (["name"]), which break the JSON'
    ]


@pytest.mark.parametrize(
    ("template", "content_type"),
    [
        ('{"message": $context.error.messageString}', "application/json"),
        ('{"message": "$context.error.responseType"}', "application/json"),
        ('"$context.error.validationErrorString"', "text/plain"),
    ],
)
def test_what_gives_json_or_need_not_is_left_alone(template: str, content_type: str) -> None:
    assert messages(template, content_type) == []
