"""Requests from each kind of file, and from a route's own models."""

import json
from pathlib import Path

import pytest

from parity.compare.comparison import compare
from parity.compare.recording import recording_text
from parity.compare.requests.case_file import CaseFileError, load_cases
from parity.compare.requests.models import model_cases
from parity.compare.requests.sources import load_requests
from parity.compare.target import url_target
from parity.gateway.model.definition import Method, Model
from tests.compare.fake_api import FakeApi

OPENAPI = {
    "openapi": "3.0.3",
    "info": {"title": "shop", "version": "1"},
    "paths": {
        "/orders/{id}": {
            "put": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["item"],
                                "properties": {"item": {"type": "string"}},
                            }
                        }
                    },
                },
                "responses": {"200": {"description": "ok"}},
            }
        }
    },
}


def test_an_openapi_document_gives_valid_requests_the_same_each_time(tmp_path: Path) -> None:
    pytest.importorskip("schemathesis")
    file = tmp_path / "api.json"
    file.write_text(json.dumps(OPENAPI))

    cases = load_requests(file)

    assert cases == load_requests(file)
    assert {case.method for case in cases} == {"PUT"}
    assert all(
        case.path.startswith("/orders/") and case.path.removeprefix("/orders/").lstrip("-").isdigit() for case in cases
    )
    assert all(isinstance(json.loads(case.body_text)["item"], str) for case in cases)
    assert all(case.header("Content-Type") == "application/json" for case in cases)


def test_a_recording_gives_its_requests_again(api: FakeApi, tmp_path: Path) -> None:
    cases = load_cases(only=["article", "body-json"])
    file = tmp_path / "aws.json"
    file.write_text(recording_text(compare(url_target(api.url), cases)))

    again = load_requests(file)

    assert [(case.name, case.method, case.target, case.headers, case.body) for case in again] == [
        (case.name, case.method, case.target, case.headers, case.body) for case in cases
    ]


def test_a_har_gives_each_request_once_without_credentials(tmp_path: Path) -> None:
    request = {
        "method": "POST",
        "url": "https://a.example/prod/orders?q=1",
        "headers": [
            {"name": "Cookie", "value": "session=1"},
            {"name": ":authority", "value": "a.example"},
            {"name": "Content-Type", "value": "application/json"},
        ],
        "postData": {"text": '{"item": "tea"}'},
    }
    file = tmp_path / "page.har"
    file.write_text(json.dumps({"log": {"entries": [{"request": request}, {"request": request}]}}))

    (case,) = load_requests(file)

    assert (case.method, case.target, case.body_text) == ("POST", "/prod/orders?q=1", '{"item": "tea"}')
    assert case.headers == (("Content-Type", "application/json"),)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.json", '{"a": 1}', "not a case file"),
        ("a.har", '{"log": {"entries": []}}', "no request is in it"),
        ("a.log", "nothing here\n", "no request is in it"),
    ],
)
def test_a_file_without_requests_is_an_error(tmp_path: Path, name: str, text: str, message: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(CaseFileError, match=message):
        load_requests(file)


def test_a_routes_models_and_parameters_give_requests() -> None:
    schema = {
        "type": "object",
        "required": ["id", "lines"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "lines": {"type": "array", "minItems": 2, "items": {"$ref": "https://apigateway/restapis/a/models/Line"}},
            "note": {"type": "string", "maxLength": 3},
            "state": {"enum": ["open", "closed"]},
        },
    }
    line = {"type": "object", "properties": {"count": {"type": "integer", "minimum": 5}}}
    models = {
        "Order": Model(name="Order", schema=json.dumps(schema)),
        "Line": Model(name="Line", schema=json.dumps(line)),
    }
    method = Method(
        http_method="POST",
        request_models={"application/json": "Order"},
        request_parameters={"method.request.querystring.shop": True, "method.request.header.X-Trace": False},
    )

    cases = {case.name: case for case in model_cases("/orders/{id}", "POST", method, models)}

    assert json.loads(cases["plain"].body_text) == {
        "id": "123e4567-e89b-42d3-a456-426614174000",
        "lines": [{"count": 5}, {"count": 5}],
        "note": "val",
        "state": "open",
    }
    assert json.loads(cases["only-required"].body_text).keys() == {"id", "lines"}
    assert cases["plain"].query == {"shop": ("value",)}
    assert cases["plain"].header("X-Trace") == "value"
    assert cases["plain"].parameters == ("value",)
    assert cases["no-body"].body is None
