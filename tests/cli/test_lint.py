"""`parity lint` on a program: each finding names its file and its fix."""

import json
from pathlib import Path

import pytest

from parity.cli.main import main

PROGRAM = '''
"""A program with one mock method."""
from pathlib import Path
import pulumi
import pulumi_aws as aws

api = aws.apigateway.RestApi("api")
common = {"rest_api": api.id, "resource_id": api.root_resource_id, "http_method": "GET"}
method = aws.apigateway.Method("get", **common, authorization="NONE")
integration = aws.apigateway.Integration(
    "get", **common, type="MOCK",
    request_templates={"application/json": "## the status\\n" + Path("templates/request.vtl").read_text()},
)
aws.apigateway.MethodResponse("get", **common, status_code="200")
aws.apigateway.IntegrationResponse("get", **common, status_code="200")
deployment = aws.apigateway.Deployment("deployment", rest_api=api.id, triggers={"shape": "1"},
                                        opts=pulumi.ResourceOptions(depends_on=[integration]))
aws.apigateway.Stage("stage", rest_api=api.id, deployment=deployment.id, stage_name="dev")
'''


@pytest.fixture
def program(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: mock\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(PROGRAM)
    (tmp_path / "templates").mkdir()
    return tmp_path


def write_template(program: Path, text: str) -> None:
    (program / "templates" / "request.vtl").write_text(text)


def test_a_finding_names_the_template_s_file_line_and_fix(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_template(program, '{\n  "statusCode": 200,\n  "id": "$input.params(\'id\')"\n}\n')
    assert main(["lint", str(program)]) == 1
    shown = capsys.readouterr().out
    assert "templates/request.vtl:3:10 error unescaped" in shown
    assert "$util.escapeJavaScript($input.params('id'))" in shown
    assert 'Integration "get"' in shown


def test_findings_are_json_for_machines(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_template(program, '{"statusCode": 200, "x": "$util.upper(\'a\')"}')
    assert main(["lint", str(program), "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["rule"], found["place"], found["line"]) == ("unknown-name", "templates/request.vtl:1:27", 2)


def test_nothing_is_found_in_a_sound_program(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_template(program, '{"statusCode": 200}')
    assert main(["lint", str(program)]) == 0
    assert capsys.readouterr().out == f"nothing found in 1 REST API of {program}\n"


def test_a_template_that_does_not_compile_is_one_finding(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_template(program, '{\n#if($x "statusCode": 200\n}\n')
    assert main(["lint", str(program)]) == 1
    shown = capsys.readouterr().out
    assert "templates/request.vtl:2:8 error syntax" in shown
    assert "1 finding in 1 REST API" in shown


@pytest.mark.parametrize(
    ("template", "place", "joined"),
    [
        ("{\n#if($x", "2:7", True),
        ("{\n#if($x\n\n\n", "2:7", True),
        ("{\n#if($x\n\n\n", "2:7", False),
        ("\n\n{\n}#set($a =  \n \n", "4:11", True),
        ("{\n#foreach($a in $b)\n}\n", "2:1", True),
    ],
)
def test_an_error_at_a_template_s_very_end_names_the_file(
    program: Path, capsys: pytest.CaptureFixture[str], template: str, place: str, joined: bool
) -> None:
    """The parser finds the end behind the last line, which neither a joined template nor its file may have."""
    if not joined:
        (program / "__main__.py").write_text(PROGRAM.replace('"## the status\\n" + ', ""))
    write_template(program, template)
    assert main(["lint", str(program)]) == 1
    assert capsys.readouterr().out.splitlines()[0] == f"templates/request.vtl:{place} error syntax"


def test_a_document_alone_does_not_declare_its_functions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    function = "arn:aws:lambda:eu-west-1:111122223333:function:pets"
    integration = {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "uri": f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{function}/invocations",
    }
    paths = {"/pets": {"get": {"x-amazon-apigateway-integration": integration}}}
    file = tmp_path / "api.json"
    file.write_text(json.dumps({"openapi": "3.0.1", "info": {"title": "pets", "version": "1"}, "paths": paths}))

    assert main(["lint", str(file)]) == 0, capsys.readouterr().out
