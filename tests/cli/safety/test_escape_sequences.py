"""Escape sequences in paths, queries, headers, bodies and a function's output reach no terminal, in any command."""

import json
import re
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

import pytest

from parity.cli import main
from tests.cli.serving_processes import serving, wait_until
from tests.compare.fake_api import fake_api

HOSTILE = "\x1b[2J\x9b31m\x07\x1b]0;title\x07\x90q\x9c\u202e\x7f"
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")
HANDLER = f"""\
HOSTILE = {HOSTILE!r}


def handler(event, context):
    print("printed " + HOSTILE)
    if "fail" in str(event):
        raise ValueError("failed " + HOSTILE)
    return {{"statusCode": 200, "headers": {{"x-answer": "a\\x9b"}}, "body": "answered " + HOSTILE + str(event)}}
"""
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:hostile"
URI = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
TEMPLATE = """{"body": "$input.body", "query": "$input.params('q')", "path": "$input.params('proxy')",
  "h": "$input.params('x-h')"}"""


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """An OpenAPI document with a proxy and a custom integration, beside the folder of its function."""
    (tmp_path / "function").mkdir()
    (tmp_path / "function" / "handler.py").write_text(HANDLER)
    custom = {"type": "aws", "requestTemplates": {"application/json": TEMPLATE}, "responses": {"default": {}}}
    paths = {}
    for path, integration in (("/one/{proxy+}", {"type": "aws_proxy"}), ("/two/{proxy+}", custom)):
        whole = {**integration, "httpMethod": "POST", "uri": URI}
        parameters = [{"name": "proxy", "in": "path", "required": True, "type": "string"}]
        method = {"parameters": parameters, "responses": {"200": {}}, "x-amazon-apigateway-integration": whole}
        paths[path] = {"post": method}
    file = tmp_path / "api.json"
    file.write_text(
        json.dumps({"swagger": "2.0", "info": {"title": f"hostile {HOSTILE}", "version": "1"}, "paths": paths})
    )
    return file


def options(document: Path) -> list[str]:
    """The document, and the function that it invokes."""
    return [str(document), "--function", f"hostile={document.parent / 'function'}:handler.handler:python3.12"]


def raw(text: str) -> list[str]:
    """The lines that a terminal would act on; colours are Parity's own, and switched off."""
    return [line for line in text.split("\n") if RAW.search(line)]


def send(url: str, body: str) -> None:
    """Sends a request with escape sequences in all its parts."""
    headers = {"Content-Type": "application/json", "X-H": "a\x9b31m"}
    request = urllib.request.Request(url, body.encode(), headers)
    try:
        urllib.request.urlopen(request, timeout=30).close()
    except urllib.error.HTTPError as error:
        error.close()


def test_serve(document: Path, tmp_path: Path) -> None:
    program, *function = options(document)
    with serving(Path(program), tmp_path, *function) as (process, outputs):
        url = next(iter(outputs.values())) if "url" not in outputs else outputs["url"]
        for route in ("one", "two", f"no{HOSTILE}"):
            for body in (HOSTILE, f"fail {HOSTILE}", "{}"):
                send(f"{url}/{quote(route)}/{quote(HOSTILE)}?q={quote(HOSTILE)}", body)
        log = tmp_path / "serve.log"
        wait_until(lambda: log.read_text().count("printed") >= 1)
        process.terminate()
        printed = process.communicate(timeout=30)[0] + log.read_text()
    assert "printed ␛[2J" in printed
    assert "failed ␛[2J" in printed
    assert raw(printed) == []


@pytest.mark.parametrize("option", [[], ["-v"], ["--json"]])
@pytest.mark.parametrize("route", ["one", "two"])
@pytest.mark.parametrize("body", [HOSTILE, f"fail {HOSTILE}"])
def test_invoke(document: Path, capsys: pytest.CaptureFixture[str], option: list[str], route: str, body: str) -> None:
    headers = ["-H", "Content-Type: application/json", "-H", "X-H: a\x9b31m"]
    path = f"/{route}/{quote(HOSTILE)}?q={HOSTILE}"
    assert main(["invoke", "POST", path, *options(document), "--body", body, *headers, *option]) in (0, 1)
    captured = capsys.readouterr()
    assert "[2J" in captured.out
    assert raw(captured.out + captured.err) == []


def test_compare(document: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    headers = {"Content-Type": "application/json", "X-H": "a\x9b31m"}
    case = {"path": f"/{quote(HOSTILE)}", "query": f"q={quote(HOSTILE)}", "headers": headers}
    bodies = [HOSTILE, f"fail {HOSTILE}", json.dumps(HOSTILE)]
    cases = [{"name": f"{number} {HOSTILE}", **case, "body": body} for number, body in enumerate(bodies)]
    (tmp_path / "cases.yaml").write_text(json.dumps(cases))
    routes = ["--left", "POST /one/{proxy+}", "--right", "POST /two/{proxy+}", "--cases", str(tmp_path / "cases.yaml")]
    main(["compare", *options(document), *routes, "-v"])
    captured = capsys.readouterr()
    assert "0 ␛[2J" in captured.out
    assert raw(captured.out + captured.err) == []


@pytest.mark.parametrize("python", [[], ["--python"]])
def test_render_on_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, python: list[str]
) -> None:
    template = tmp_path / "a.vtl"
    template.write_text(f"{{{HOSTILE} $input.body #set($context.requestOverride.header.x = $input.body)")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    main(["render", str(template), "--body", HOSTILE, *python])
    captured = capsys.readouterr()
    assert "[2J" in captured.out
    assert raw(captured.out + captured.err) == []


def test_render_of_a_template_that_does_not_compile(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.vtl").write_text(f"{HOSTILE} #if({HOSTILE}")
    assert main(["render", str(tmp_path / "a.vtl")]) == 1
    captured = capsys.readouterr()
    assert "[2J" in captured.err
    assert raw(captured.out + captured.err) == []


def test_render_into_a_pipe_is_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.vtl").write_text("$input.body")
    assert main(["render", str(tmp_path / "a.vtl"), "--body", HOSTILE]) == 0
    assert capsys.readouterr().out == HOSTILE + "\n"


def test_lint(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = json.loads(document.read_text())
    integration = written["paths"]["/two/{proxy+}"]["post"]["x-amazon-apigateway-integration"]
    integration["requestTemplates"] = {f"application/json{HOSTILE}": f'{{"a": $input.parms("{HOSTILE}")}} #end'}
    document.write_text(json.dumps(written))
    assert main(["lint", options(document)[0]]) == 1
    captured = capsys.readouterr()
    assert "[2J" in captured.out
    assert raw(captured.out + captured.err) == []


def test_fuzz(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = f"def handler(event, context):\n    raise ValueError({f'failed {HOSTILE}'!r})\n"
    (document.parent / "function" / "handler.py").write_text(code)
    assert main(["fuzz", *options(document), "--seed", "1", "--requests", "30"]) == 1
    captured = capsys.readouterr()
    assert "[2J" in captured.out
    assert raw(captured.out + captured.err) == []


def test_pytest(pytester: pytest.Pytester) -> None:
    cases = [{"name": f"a {HOSTILE}", "path": "/a", "query": f"query1={quote(HOSTILE)}", "why": HOSTILE}]
    (pytester.path / "mine.parity.yaml").write_text(json.dumps(cases))
    (pytester.path / "wrong.parity.yaml").write_text(json.dumps([{"name": "a", "path": "/a", HOSTILE: 1}]))
    with fake_api() as api:
        api.change_event = lambda event: event["params"]["querystring"].update(query1=f"changed {HOSTILE}")
        plugins = [word for name in ("asyncio", "schemathesis", "locust") for word in ("-p", f"no:{name}")]
        outcome = pytester.runpytest_subprocess(*plugins, "--api-url", api.url, "-v", "--continue-on-collection-errors")
    printed = outcome.stdout.str() + outcome.stderr.str()
    assert "changed ␛[2J" in printed
    assert raw(printed) == []
