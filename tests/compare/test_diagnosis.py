"""What a failing request is reported to have failed of."""

import pytest

from parity.compare.client import Answer
from parity.compare.diagnosis.clue import clue
from parity.compare.settings import OptionNames
from parity.gateway.model.exchange import (
    EndpointResponse,
    Exchange,
    GatewayResponse,
    IntegrationRequest,
    RenderedTemplate,
    Request,
)


def _exchange(*, output: str = "{}", endpoint: EndpointResponse | None = None) -> Exchange:
    template = RenderedTemplate(content_type="application/json", source="", output=output)
    return Exchange(
        request=Request(method="GET", path="/lambda/a"),
        request_id="id",
        integration_request=IntegrationRequest(type="AWS", method="POST", uri="", template=template),
        endpoint_response=endpoint,
    )


def test_nothing_is_told_of_an_answer_that_is_as_expected() -> None:
    assert clue(Answer(status=200), None, expected_status=200, is_echo=True) == ""
    assert clue(Answer(status=404), _exchange(output="{"), expected_status=404, is_echo=False) == ""


def test_the_error_of_a_connection_comes_first() -> None:
    assert clue(Answer(status=0, error="refused"), None, expected_status=200, is_echo=False) == "refused"


def test_the_gateway_tells_its_own_reason() -> None:
    exchange = _exchange()
    exchange.gateway_response = GatewayResponse(response_type="DEFAULT_5XX", message="Internal", reason="no default")

    assert clue(Answer(status=500), exchange, expected_status=200, is_echo=False) == "DEFAULT_5XX: no default"


@pytest.mark.parametrize(
    ("output", "line"),
    [
        ('{\n  "a": "say "hi"",\n  "b": 1\n}', 'line 2, column 14 of its output: "a": "say "hi"",'),
        ('{"a": }', 'line 1, column 7 of its output: {"a": }'),
    ],
)
def test_a_template_whose_output_is_no_json_is_told_with_the_line(output: str, line: str) -> None:
    told = clue(Answer(status=200), _exchange(output=output), expected_status=200, is_echo=False)

    assert told.startswith("the request template for application/json does not give JSON: ")
    assert line in told


def test_a_template_that_renders_nothing_is_reported() -> None:
    told = clue(Answer(status=200), _exchange(output=""), expected_status=200, is_echo=False)

    assert told == "the request template for application/json renders nothing, which is not JSON"


def test_what_the_backend_answered_is_told() -> None:
    exchange = _exchange(endpoint=EndpointResponse(status=200, body=b'{"errorMessage": "boom"}'))

    told = clue(Answer(status=500), exchange, expected_status=200, is_echo=False)

    assert told == 'the backend answered 200: {"errorMessage": "boom"}'


def test_a_deployed_api_without_the_integration_says_what_to_do() -> None:
    missing = Answer(status=403, headers=(("x-amzn-ErrorType", "MissingAuthenticationTokenException"),))

    options = OptionNames(config="--parity-config")
    assert "Say --config backend=lambda" in clue(missing, None, expected_status=200, is_echo=False)
    assert "Say --parity-config " in clue(missing, None, expected_status=200, is_echo=False, options=options)
