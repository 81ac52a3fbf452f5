"""Routes that API Gateway lets nobody call: what never reached a backend says nothing of it."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from parity.cli import main

MOCK = {
    "type": "mock",
    "passthroughBehavior": "never",
    "requestTemplates": {"application/json": '{"statusCode": 200}'},
    "responses": {"default": {"statusCode": "200", "responseTemplates": {"application/json": '{"a": 1}'}}},
}


def document(folder: Path, *denied: str) -> Path:
    """An API with three routes, whose resource policy denies some of them to everybody."""
    everybody = {"Principal": "*", "Action": "execute-api:Invoke"}
    resources = [f"execute-api:/*/GET/{name}" for name in denied]
    method = {
        "responses": {"200": {"description": "OK"}},
        "x-amazon-apigateway-integration": MOCK,
    }
    text = {
        "openapi": "3.0.1",
        "info": {"title": "shop", "version": "1"},
        "paths": {f"/{name}": {"get": method} for name in ("one", "two", "three")},
        "x-amazon-apigateway-policy": {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Resource": "execute-api:/*", **everybody},
                {"Effect": "Deny", "Resource": resources, **everybody},
            ],
        },
    }
    file = folder / "api.json"
    file.write_text(json.dumps(text))
    return file


def test_two_routes_that_refuse_every_request_are_not_alike(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {name: tmp_path / name for name in ("out.json", "out.xml", "out.html")}
    written = ("--json", str(files["out.json"]), "--junit", str(files["out.xml"]), "--report", str(files["out.html"]))
    api = str(document(tmp_path, "one", "two"))

    assert main(["compare", api, "--left", "GET /one", "--right", "GET /two", *written]) == 1

    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("✗ no request reached a backend: GET /one answers 403 ACCESS_DENIED: ")
    assert "GET /two answers 403 ACCESS_DENIED: " in last
    assert "-H 'Name: value'" in last
    told = json.loads(files["out.json"].read_text())
    assert (told["passed"], list(told["refusals"])) == (False, ["GET /one", "GET /two"])
    suite = ET.parse(files["out.xml"]).getroot()[0]
    assert suite.get("failures") == suite.get("tests")
    assert all(case.find("failure") is not None for case in suite)
    assert "No request reached a backend" in files["out.html"].read_text()


def test_two_routes_of_which_one_answers_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    api = str(document(tmp_path, "one"))

    assert main(["compare", api, "--left", "GET /two", "--right", "GET /three"]) == 0
    assert main(["compare", api, "--left", "GET /one", "--right", "GET /two"]) == 1

    assert "no request reached a backend" not in capsys.readouterr().out


def test_only_chooses_from_requests_that_are_made_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    compare = ["compare", str(document(tmp_path, "one")), "--left", "GET /two", "--right", "GET /three"]

    assert main([*compare, "--only", "plain"]) == 0
    assert main([*compare, "--only", "nothing"]) == 1

    out, error = capsys.readouterr()
    assert "1 request made from" in out
    assert "the requests for GET /two: no case is named like nothing; there are: plain, " in error


def test_fuzz_names_the_routes_that_it_never_came_through_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    api = str(document(tmp_path, "one"))

    assert main(["fuzz", api, "--seed", "1", "--requests", "40"]) == 1

    text = " ".join(capsys.readouterr().out.split())
    assert "GET /one of shop: API Gateway refused all of " in text
    assert "The first got 403 ACCESS_DENIED: " in text
    assert "GET /two of shop" not in text
    assert "nothing found where requests came through" in text

    assert main(["fuzz", api, "--seed", "1", "--requests", "40", "--json"]) == 1
    (unreached,) = json.loads(capsys.readouterr().out)["unreached"]
    assert unreached["integration"] == "GET /one of shop"


def test_fuzz_searches_the_routes_that_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    api = str(document(tmp_path, "one"))

    assert main(["fuzz", api, "--route", "GET /two", "--requests", "5", "--seed", "1"]) == 0
    assert main(["fuzz", api, "--route", "* /t*", "--requests", "5", "--seed", "1"]) == 0
    assert main(["fuzz", api, "--route", "GET /four", "--requests", "5"]) == 1
    assert main(["fuzz", api, "--route", "GET /two", "--left", "GET /one"]) == 2

    out, error = capsys.readouterr()
    assert "locally, 1 method\n" in out
    assert "locally, 2 methods\n" in out
    assert "there is no route 'GET /four' in api. There are:\n  GET /one\n" in error


def test_fuzz_sends_the_headers_of_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = document(tmp_path)
    api = json.loads(file.read_text())
    everybody = {"Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
    only_agent = {"StringEquals": {"aws:UserAgent": "let me in"}}
    api["x-amazon-apigateway-policy"]["Statement"] = [{"Effect": "Allow", "Condition": only_agent, **everybody}]
    file.write_text(json.dumps(api))

    assert main(["fuzz", str(file), "--seed", "1", "--requests", "20"]) == 1
    assert main(["fuzz", str(file), "--seed", "1", "--requests", "20", "-H", "User-Agent: let me in"]) == 0


def test_fuzz_sends_the_content_types_that_templates_are_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = document(tmp_path, "other")
    file.write_text(
        file.read_text().replace('"requestTemplates": {"application/json"', '"requestTemplates": {"a/yaml"')
    )

    assert main(["fuzz", str(file), "--route", "GET /one", "--seed", "1", "--requests", "30"]) == 0, capsys.readouterr()


def test_fuzz_shows_no_credential_of_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = document(tmp_path, "other")
    text = file.read_text().replace('{\\"a\\": 1}', "{\\\"a\\\": $input.params('Authorization')}")
    file.write_text(text)

    assert main(["fuzz", str(file), "--seed", "1", "--requests", "20", "-H", "Authorization: Bearer hunter22"]) == 1

    out = capsys.readouterr().out
    assert "[redacted]" in out
    assert "hunter22" not in out


def test_fuzz_makes_requests_that_a_validator_lets_through(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = document(tmp_path, "other")
    api = json.loads(file.read_text())
    schema = {"type": "object", "required": ["item"], "properties": {"item": {"type": "string", "minLength": 2}}}
    broken = {"application/json": '{"statusCode": 200}'}
    answer = {"statusCode": "200", "responseTemplates": {"application/json": '{"q": "$input.params(\'q\')"}'}}
    post = {
        "parameters": [{"name": "q", "in": "query", "required": True, "schema": {"type": "string"}}],
        "requestBody": {"content": {"application/json": {"schema": schema}}, "required": True},
        "responses": {"200": {"description": "OK"}},
        "x-amazon-apigateway-request-validator": "all",
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "requestTemplates": broken,
            "responses": {"default": answer},
        },
    }
    validators = {"all": {"validateRequestBody": True, "validateRequestParameters": True}}
    file.write_text(
        json.dumps({**api, "paths": {"/items": {"post": post}}, "x-amazon-apigateway-request-validators": validators})
    )

    assert main(["fuzz", str(file), "--seed", "1", "--requests", "60", "--json"]) == 1

    report = json.loads(capsys.readouterr().out)
    assert report["unreached"] == []
    assert "template" in {finding["kind"] for finding in report["findings"]}
