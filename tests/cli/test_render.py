"""`parity render`: one mapping template, and where its output is not JSON."""

import io
import json
from pathlib import Path

import pytest

from parity.cli.main import main
from parity.jsonpath.json_fault import describe_json_fault


def render(tmp_path: Path, source: str, *arguments: str) -> int:
    template = tmp_path / "template.vtl"
    template.write_text(source, encoding="utf-8")
    return main(["render", str(template), *arguments])


def test_the_output_goes_to_standard_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert render(tmp_path, '{"a": $input.json("$.x")}', "--body", '{"x": [1, 2]}') == 0
    assert capsys.readouterr().out == '{"a": [1,2]}\n'


def test_the_body_may_be_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = tmp_path / "body.json"
    body.write_text('{"x": "é"}', encoding="utf-8")
    assert render(tmp_path, "$input.path('$.x')", "--body", str(body)) == 0
    assert capsys.readouterr().out == "é\n"


def test_parameters_stand_in_their_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = "$input.params('a') $input.params().querystring.b $input.params().header.get('C-D') $stageVariables.color"
    arguments = [
        "--params",
        "path.a=1",
        "querystring.b=2=3",
        "--params",
        "header.C-D=4",
        "--stage-variable",
        "color=blue",
    ]
    assert render(tmp_path, source, *arguments) == 0
    assert capsys.readouterr().out == "1 2=3 4 blue\n"


def test_the_context_is_made_up_and_may_be_laid_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    context = tmp_path / "context.json"
    context.write_text('{"authorizer": {"stringkey": "s"}, "identity": {"sourceIp": "192.0.2.1"}}')
    source = "$context.authorizer.stringkey $context.identity.sourceIp $context.stage $context.identity.userAgent"
    assert render(tmp_path, source, "--context", str(context)) == 0
    assert capsys.readouterr().out == "s 192.0.2.1 dev parity\n"


def test_overrides_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = '#set($context.requestOverride.header.X = "1")#set($context.responseOverride.status = 404)'
    assert render(tmp_path, source) == 0
    assert capsys.readouterr().err.splitlines() == [
        "$context.requestOverride.header.X = 1",
        "$context.responseOverride.status = 404",
    ]


def test_a_template_may_come_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("$input.body"))
    assert main(["render", "-"]) == 0
    assert capsys.readouterr().out == "{}\n"


def test_the_compiled_python_is_shown_with_the_lines_of_the_template(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert render(tmp_path, "one\n$input.body\n", "--python") == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.lstrip().startswith("2 |") and "body" in line for line in lines)


def test_a_template_that_does_not_compile_shows_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert render(tmp_path, 'fine\n{"a": #if(') == 1
    error = capsys.readouterr().err
    assert "template.vtl:2:" in error
    assert '    2 | {"a": #if(' in error


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--params", "cookie.a=1"], "write path.NAME, querystring.NAME or header.NAME"),
        (["--params", "path.a"], "write NAME=VALUE"),
        (["--body", "no-such.json"], "name a file that can be read"),
        (["--body", "@no-such"], "name a file that can be read"),
        (["--stage-variable", "x"], "write NAME=VALUE"),
        (["--context", "/nowhere.json"], "--context /nowhere.json: No such file or directory; name a file"),
    ],
)
def test_a_wrong_argument_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert render(tmp_path, "x", *arguments) in (1, 2)
    assert message in capsys.readouterr().err


def test_a_template_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", "/nowhere.vtl"]) == 1
    assert capsys.readouterr().err == "parity: /nowhere.vtl: the template cannot be read (No such file or directory)\n"


def test_output_that_begins_as_json_must_be_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert render(tmp_path, '{\n"a": $input.path("$.x")\n}', "--body", '{"x": {"y": 1}}') == 1
    output, error = capsys.readouterr()
    assert output == '{\n"a": {y=1}\n}\n'
    assert "line 2, column 7" in error
    assert '    2 | "a": {y=1}\n' + " " * 14 + "^" in error
    assert "likely cause: an object printed the Java way" in error


def test_other_output_must_be_json_when_it_is_asked_for(tmp_path: Path) -> None:
    assert render(tmp_path, "plain") == 0
    assert render(tmp_path, "plain", "--json") == 1


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ('{"a": "it\\\'s"}', "escapeJavaScript writes '"),
        ('{"a": , "b": 1}', "without value"),
        ('{"a": }', "without value"),
        ('{"a": [1, ]}', "comma stands before the end"),
        ('{"a": 1,}', "comma stands before the end"),
        ('[{"a": 1} {"b": 2}]', "comma is missing"),
        ('{"a": "x" "b": 2}', "comma is missing"),
        ('{"a": "say "hi""}', "holds a quote"),
        ('{"a": "one\ntwo"}', "holds a line break"),
        ('{"a": hello}', "without quotes"),
        ('{"a": {b=1, c=2}}', "the Java way"),
        ("{a=1}", "the Java way"),
    ],
)
def test_the_likely_cause_is_named(text: str, cause: str) -> None:
    assert cause in (describe_json_fault(text) or "")


def test_json_does_not_break() -> None:
    assert describe_json_fault(json.dumps({"a": [1, None, "é"]})) is None
    assert "NaN is not JSON" in (describe_json_fault("[NaN]") or "")
    assert describe_json_fault("[" * 100_000) is not None
