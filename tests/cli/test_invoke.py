"""`parity invoke`: one request, and what each stage made of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from parity.cli import main

PROGRAM = """
import pulumi_aws as aws

api = aws.apigateway.RestApi("api")
declared = []
for part in ("lambda", "http"):
    parent = aws.apigateway.Resource(part, rest_api=api.id, parent_id=api.root_resource_id, path_part=part)
    below = aws.apigateway.Resource(part + "-all", rest_api=api.id, parent_id=parent.id, path_part="{proxy+}")
    at = {"rest_api": api.id, "resource_id": below.id, "http_method": "ANY"}
    method = aws.apigateway.Method(part, **at, authorization="NONE")
    template = '{"statusCode": 200, "it": "' + part + '", "q": "$input.params(\\'q\\')"}'
    integration = aws.apigateway.Integration(
        part, **at, type="MOCK", request_templates={"application/json": template}
    )
    answer = aws.apigateway.IntegrationResponse(
        part, **at, status_code="201", response_templates={"application/json": '{"from": "' + part + '"}'}
    )
    response = aws.apigateway.MethodResponse(part, **at, status_code="201")
    declared += [method, integration, answer, response]
import pulumi

deployment = aws.apigateway.Deployment("d", rest_api=api.id, opts=pulumi.ResourceOptions(depends_on=declared))
aws.apigateway.Stage("s", rest_api=api.id, deployment=deployment.id, stage_name="dev")
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program with the resources /lambda and /http, answered by MOCK."""
    folder = tmp_path_factory.mktemp("program")
    (folder / "Pulumi.yaml").write_text("name: invoked\nruntime: python\n")
    (folder / "__main__.py").write_text(PROGRAM)
    return folder


def invoke(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The output of a call that succeeds."""
    assert main(["invoke", *arguments]) == 0
    return capsys.readouterr().out


def test_prints_the_trace_of_both_resources_in_80_columns(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = invoke(capsys, "PUT", "/a/b?q=1", str(program), "-v", "-H", "x-a: 1", "--body", "back\\slash [x]" * 20)

    assert "PUT /lambda/a/b?q=1 201" in out
    assert "PUT /http/a/b?q=1 201" in out
    assert '{"statusCode": 200, "it": "lambda", "q": "1"}' in out
    assert "x-a: 1" in out
    assert '{"from": "http"}' in out
    for stage in ("method request", "integration request", "integration ", "integration response", "method response"):
        assert stage in out
    assert max(map(len, out.splitlines())) <= 80
    assert "\x1b[" not in out


def test_the_answer_is_printed_and_the_trace_only_when_it_is_asked_for(
    program: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = invoke(capsys, "GET", "/http/a", str(program)).splitlines()

    assert lines[0].startswith("✓ GET /http/a 201 ")
    assert lines[1] == '  {"from": "http"}'
    assert not any("method request" in line for line in lines)


def test_json_is_one_trace_a_resource(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = invoke(capsys, "GET", "/http/a", str(program), "--query", "q=ä b", "--json")

    traces: list[dict[str, Any]] = json.loads(out)
    assert [trace["request"]["path"] for trace in traces] == ["/http/a"]
    assert traces[0]["method_request"]["query"] == {"q": "ä b"}
    assert traces[0]["method_response"]["status"] == 201
    assert any(line.endswith("Method completed with status: 201") for line in traces[0]["log"])


def test_one_resource_only(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = invoke(capsys, "GET", "/a", str(program), "--resource", "lambda")

    assert "GET /lambda/a" in out
    assert "GET /http/a" not in out


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["GET", "/a", "--header", "nonsense"], "write 'Name: value'"),
        (["GET", "/a", "--query", "nonsense"], "write NAME=VALUE"),
        (["GET", "/a", "--body", "@/no/such/file"], "name a file that can be read"),
        (["/a", "GET"], "is not an HTTP method"),
    ],
)
def test_a_wrong_argument_is_told_with_its_form(
    arguments: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["invoke", *arguments]) == 2
    assert hint in capsys.readouterr().err


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program of `parity init`, with a template that does not escape what it prints."""
    folder = tmp_path_factory.mktemp("made") / "api"
    assert main(["init", str(folder)]) == 0
    template = folder / "templates" / "greeting.vtl"
    template.write_text('#set($name = $input.path(\'$.name\'))\n{\n  "name": $name,\n  "language": ""\n}\n')
    return folder


def failed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The output of a call whose request fails."""
    capsys.readouterr()
    assert main(["invoke", *arguments]) == 1
    return capsys.readouterr().out


def test_a_template_whose_output_is_not_json_is_a_failure_although_the_answer_is_200(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    json_body = ("--body", '{"name": "Jo"}', "-H", "Content-Type: application/json")
    lines = failed(capsys, "POST", "/greetings", str(made), *json_body).splitlines()

    assert lines[0].startswith("✗ POST /greetings 200 ")
    assert "does not give JSON" in lines[1]
    assert "greeting.vtl:3" in lines[2]
    assert main(["invoke", "POST", "/greetings", str(made), *json_body, "--json"]) == 1


@pytest.mark.parametrize(
    ("method", "path", "content_type", "status", "reason"),
    [
        ("POST", "/greetings", "text/plain", 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("GET", "/greetings", "application/json", 403, "MISSING_AUTHENTICATION_TOKEN"),
        ("POST", "/v2/greetings", "application/json", 502, "JSONDecodeError"),
    ],
)
def test_an_error_is_a_failure_with_its_reason(
    method: str,
    path: str,
    content_type: str,
    status: int,
    reason: str,
    made: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = failed(capsys, method, path, str(made), "-H", f"Content-Type: {content_type}", "--body", "[")

    assert out.startswith(f"✗ {method} {path} {status} ")
    assert reason in out


def test_a_function_that_fails_behind_an_answer_of_200_is_marked(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    json_body = ("--body", '{"name": 1}', "-H", "Content-Type: application/json")
    (made / "function" / "handler.py").write_text("def greet(event, context): return 1 / 0\ngreet_proxy = greet\n")

    lines = failed(capsys, "POST", "/greetings", str(made), *json_body).splitlines()

    assert lines[0].startswith("! POST /greetings 200 ")
    assert "the function failed" in lines[1]
    assert "ZeroDivisionError" in lines[1]


@pytest.mark.parametrize(("status", "line"), [(200, "no pattern  matches 200"), (404, "matches     404")])
def test_the_trace_says_what_a_selection_pattern_matches(
    status: int, line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    integration = {
        "type": "mock",
        "requestTemplates": {"application/json": f'{{"statusCode": {status}}}'},
        "responses": {"default": {"statusCode": "200"}, "4\\d\\d": {"statusCode": "404"}},
    }
    method = {"responses": {"200": {}, "404": {}}, "x-amazon-apigateway-integration": integration}
    file = tmp_path / "api.json"
    file.write_text(
        json.dumps({"openapi": "3.0.1", "info": {"title": "a", "version": "1"}, "paths": {"/a": {"get": method}}})
    )

    main(["invoke", "GET", "/a", str(file), "-v"])

    assert f"  {line}\n" in capsys.readouterr().out


def test_a_request_without_a_route_is_shown_the_routes_that_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    method = {"x-amazon-apigateway-integration": {"type": "mock", "requestTemplates": {}}}
    file = tmp_path / "api.json"
    paths = {"/pets": {"get": method}, "/shops/{id}": {"delete": method}}
    file.write_text(json.dumps({"openapi": "3.0.1", "info": {"title": "a", "version": "1"}, "paths": paths}))

    assert main(["invoke", "POST", "/pets", str(file)]) == 1

    assert capsys.readouterr().err.endswith(
        "there is no POST /pets. Did you mean GET /pets? There are:\n  GET /pets\n  DELETE /shops/{id}\n"
    )
