"""The MOCK integration."""

import pytest

from parity.gateway.model.definition import IntegrationResponse
from tests.gateway.support import answer, gateway, mock, rest_api, send


@pytest.mark.parametrize("template", ['{"statusCode": 200}', "{statusCode: 200}", '{"statusCode":200,"more":[1]}'])
async def test_an_integer_status_code_is_answered(template: str) -> None:
    status, headers, text = answer(await send(gateway(rest_api({"/": mock(template)}))))
    assert (status, text) == (200, "")
    assert "x-amzn-trace-id" not in headers


@pytest.mark.parametrize("template", ["", "{}", '{"statusCode": "200"}', '{"statusCode": true}', "[200]", "oops"])
async def test_anything_else_is_an_internal_server_error(template: str) -> None:
    status, _, text = answer(await send(gateway(rest_api({"/": mock(template)}))))
    assert (status, text) == (500, '{"message":"Internal server error"}')


async def test_the_status_code_selects_and_templates_see_path_parameters() -> None:
    responses = (
        IntegrationResponse(status_code="404", selection_pattern="4.."),
        IntegrationResponse(
            status_code="200",
            selection_pattern="2\\d{2}",
            response_templates={"application/json": '{"id": $input.params().path.id}'},
        ),
    )
    served = gateway(rest_api({"/{id}": mock('{"statusCode": 200}', responses=responses)}))
    assert answer(await send(served, path="/42"))[::2] == (200, '{"id": 42}')


async def test_the_accept_header_chooses_among_response_templates() -> None:
    templates = {"text/html": "<p/>", "application/json": "{}", "text/csv": "a"}
    served = gateway(
        rest_api({"/": mock(responses=(IntegrationResponse(status_code="200", response_templates=templates),))})
    )
    assert answer(await send(served))[2] == "{}"
    assert answer(await send(served, headers={"Accept": "text/csv"}))[2] == "a"
    assert answer(await send(served, headers={"Accept": "image/png"}))[2] == "{}"


@pytest.mark.parametrize(
    ("accept", "body"),
    [
        ("text/csv; charset=utf-8", "a"),
        ("Text/CSV", "a"),
        ("text/csv, text/html;q=0.9", "a"),
        ("image/png, text/csv", "{}"),
        ("*/*", "{}"),
    ],
)
async def test_only_the_first_mime_type_of_the_accept_header_counts(accept: str, body: str) -> None:
    """Developer guide, request-response-data-mappings.html: "Only the MIME type is used from the Accept" header."""
    templates = {"text/html": "<p/>", "application/json": "{}", "text/csv": "a"}
    served = gateway(
        rest_api({"/": mock(responses=(IntegrationResponse(status_code="200", response_templates=templates),))})
    )
    assert answer(await send(served, headers={"Accept": accept}))[2] == body
