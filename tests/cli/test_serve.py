"""`parity serve` as its users call it."""

import io
import json
import re
import signal
import stat
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from parity.cli.output.serve_output import Style
from tests.cli.serving_processes import alive, descendants, serving, wait_until
from tests.local.running_programs import PROGRAMS, write_program


def serve_and_fail(*arguments: str, folder: Path | None = None) -> tuple[int, str]:
    """The status and the standard error of a call that ends by itself."""
    done = subprocess.run(
        [sys.executable, "-m", "parity.cli", "serve", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=folder,
        check=False,
    )
    return done.returncode, done.stderr


def test_the_outputs_file_appears_once_requests_are_taken(tmp_path: Path) -> None:
    with serving(PROGRAMS / "two_apis", tmp_path) as (_, outputs):
        with urllib.request.urlopen(outputs["shops_dev"] + "/hello/ada", timeout=20) as response:
            assert json.load(response) == {"shop": "ada"}
        assert stat.S_IMODE((tmp_path / "outputs.json").stat().st_mode) == 0o600


@pytest.mark.parametrize(("arguments", "lines"), [((), 1), (("--quiet",), 0)])
def test_it_prints_a_line_a_request_unless_it_is_quiet(tmp_path: Path, arguments: tuple[str, ...], lines: int) -> None:
    with serving(PROGRAMS / "two_apis", tmp_path, *arguments) as (process, outputs):
        urllib.request.urlopen(outputs["shops_dev"] + "/hello/ada?token=secret", timeout=20).close()
        process.terminate()
        process.communicate()
    log = (tmp_path / "serve.log").read_text()
    assert len(re.findall(r"^\d\d:\d\d:\d\d GET /hello/ada 200 \d+ ms$", log, re.MULTILINE)) == lines
    assert "secret" not in log


def test_it_prints_what_it_serves(tmp_path: Path) -> None:
    with serving(PROGRAMS / "two_apis", tmp_path) as (process, outputs):
        process.terminate()
        shown, _ = process.communicate()
    assert "two_apis, stack dev" in shown
    assert f"  {outputs['pets_dev']}\n  {outputs['pets_prod']}\n  GET /hello/{{who}}  → MOCK" in shown
    assert "Not emulated locally\n  aws.ecr  Repository" in shown
    assert f"  curl {outputs['pets_dev']}/hello/who" in shown
    assert "\033[" not in shown, "no colours in a pipe"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_colour_unless_no_color_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert Style(Terminal()).bold("a") == "\033[1ma\033[0m"
    monkeypatch.setenv("NO_COLOR", "1")
    assert Style(Terminal()).bold("a") == "a"


def test_secrets_are_not_printed(tmp_path: Path) -> None:
    source = "import pulumi\npulumi.export('token', pulumi.Output.secret('hunter2'))\n"
    program = tmp_path / "program"
    program.mkdir()
    with serving(write_program(program, source), tmp_path) as (process, outputs):
        process.terminate()
        shown, _ = process.communicate()
    assert outputs == {"token": "hunter2"}
    assert "token  [secret]" in shown
    assert "hunter2" not in shown + (tmp_path / "serve.log").read_text()


def test_the_curl_line_has_the_key_that_was_made_here_but_no_configured_secret(tmp_path: Path) -> None:
    source = """
import pulumi
line = "curl -H 'x-api-key: $(pulumi stack output {} --show-secrets)' http://localhost"
pulumi.export("key", pulumi.Output.secret("made-here"))
pulumi.export("token", pulumi.Output.secret(pulumi.Config().require("token")))
pulumi.export("curl", line.format("key") + line.format("token"))
"""
    program = tmp_path / "program"
    program.mkdir()
    with serving(write_program(program, source), tmp_path, "--config", "token=hunter2") as (process, _):
        process.terminate()
        shown, _ = process.communicate()
    assert "x-api-key: made-here'" in shown
    assert "x-api-key: $(pulumi stack output token --show-secrets)'" in shown
    assert "hunter2" not in shown


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_end_leaves_no_process_behind(tmp_path: Path, number: signal.Signals) -> None:
    with serving(PROGRAMS / "backends", tmp_path) as (process, outputs):
        urllib.request.urlopen(outputs["url"] + "/function", timeout=20).close()
        started = descendants(process.pid)
        assert len(started) >= 2, "at least the function's and the container's"
        process.send_signal(number)
        assert process.wait(20) == (-number if number == signal.SIGKILL else 0)
        wait_until(lambda: not alive(started))


def test_the_end_while_the_program_still_runs(tmp_path: Path) -> None:
    write_program(tmp_path, "import pathlib, time\npathlib.Path('started').touch()\ntime.sleep(600)\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "parity.cli", "serve", str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    wait_until((tmp_path / "started").exists)
    started = descendants(process.pid)
    assert started
    process.send_signal(signal.SIGINT)
    _, shown = process.communicate(timeout=20)
    assert (process.returncode, shown) == (0, b"")
    wait_until(lambda: not alive(started))


def test_a_program_that_raises_ends_with_its_traceback() -> None:
    status, shown = serve_and_fail(str(PROGRAMS / "raising"))
    assert status == 1
    lines = shown.splitlines()
    assert lines[0] == "parity: the program failed with an unhandled exception:"
    assert lines[1] == "Traceback (most recent call last):"
    assert lines[-1] == "ZeroDivisionError: division by zero"


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--config", "novalue"], 2, "--config novalue: write KEY=VALUE"),
        (["--config", "size=many"], 1, "'configured:size' must be of type 'integer'"),
        (["--stack", "prod"], 1, "Stack 'prod' is missing configuration value 'label'"),
        (["--port", "70000"], 2, "a port is a number from 0 to 65535"),
        (["--port", "http"], 2, "a port is a number from 0 to 65535"),
    ],
)
def test_what_the_user_can_mend_is_one_clear_line(arguments: list[str], status: int, message: str) -> None:
    ended, shown = serve_and_fail(str(PROGRAMS / "configured"), *arguments)
    assert (ended, message in shown) == (status, True), shown
    assert "Traceback" not in shown


def test_without_a_program_it_takes_the_nearest_folder_that_has_one(tmp_path: Path) -> None:
    inner = tmp_path / "inner" / "most"
    inner.mkdir(parents=True)
    write_program(tmp_path, "raise SystemExit('the outer program')\n")
    assert "the outer program" in serve_and_fail(folder=inner)[1]


def test_the_outputs_of_an_earlier_run_are_removed_at_once(tmp_path: Path) -> None:
    stale = tmp_path / "outputs.json"
    stale.write_text("{}")
    assert serve_and_fail(str(PROGRAMS / "raising"), "--outputs", str(stale))[0] == 1
    assert not stale.exists()


def test_an_outputs_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    status, shown = serve_and_fail(str(PROGRAMS / "two_apis"), "--outputs", str(tmp_path / "file" / "outputs.json"))
    assert (status, shown.startswith("parity: --outputs ")) == (1, True), shown


def test_a_program_without_an_api_ends_with_what_it_declares(tmp_path: Path) -> None:
    queues = "aws.sqs.Queue('a')\naws.sqs.Queue('b')\n"
    source = f"import pulumi_aws as aws\n{queues}aws.apigatewayv2.Api('h', protocol_type='HTTP')\n"
    status, error = serve_and_fail(str(write_program(tmp_path, source)))
    assert status == 1
    assert "declares no aws.apigateway.RestApi, but aws.apigatewayv2.Api, aws.sqs.Queue ×2" in error
    assert "HTTP and WebSocket APIs (aws.apigatewayv2.Api) are not emulated" in error


def test_misspelt_configuration_keys_are_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "__main__.py").write_text("")
    (tmp_path / "Pulumi.yaml").write_text(
        "name: p\nruntime: python\nconfig: {headers: {type: string, default: a}, backend: {type: string, default: b}}\n"
    )
    status, error = serve_and_fail(str(tmp_path), "--config", "hedaers=x", "--config", "bakcend=y")
    assert status == 2
    assert "--config hedaers: " in error
    assert "did you mean headers?" in error
    assert "did you mean backend?" in error


def test_the_line_to_try_is_of_a_method_that_anybody_may_call_and_a_backend_answers(tmp_path: Path) -> None:
    source = """
import pulumi_aws as aws
api = aws.apigateway.RestApi("api")
def method(path, verb, type, **arguments):
    resource = aws.apigateway.Resource(path, rest_api=api.id, parent_id=api.root_resource_id, path_part=path)
    of = {"rest_api": api.id, "resource_id": resource.id, "http_method": verb}
    aws.apigateway.Method(path, **of, authorization="NONE", **arguments)
    uri = {"uri": "http://127.0.0.1:9", "integration_http_method": "GET"} if type == "HTTP" else {}
    aws.apigateway.Integration(path, **of, type=type, **uri)
method("a", "OPTIONS", "MOCK")
method("b", "GET", "HTTP", api_key_required=True)
method("c", "GET", "HTTP")
deployment = aws.apigateway.Deployment("d", rest_api=api.id)
aws.apigateway.Stage("s", rest_api=api.id, deployment=deployment.id, stage_name="dev")
"""
    program = tmp_path / "program"
    program.mkdir()
    with serving(write_program(program, source), tmp_path) as (process, _):
        process.terminate()
        shown, _ = process.communicate()
    assert shown.partition("Try it\n")[2].strip().endswith("/dev/c")


def test_a_reload_that_changes_nothing_of_what_is_printed_says_so_in_a_line(tmp_path: Path) -> None:
    source = """
from pathlib import Path
import pulumi_aws as aws
template = Path("a.vtl").read_text()
api = aws.apigateway.RestApi("api")
of = {"rest_api": api.id, "resource_id": api.root_resource_id, "http_method": "GET"}
method = aws.apigateway.Method("get", **of, authorization="NONE")
aws.apigateway.Integration("get", **of, type="MOCK", request_templates={"application/json": template})
deployment = aws.apigateway.Deployment("d", rest_api=api.id)
aws.apigateway.Stage("s", rest_api=api.id, deployment=deployment.id, stage_name="dev")
"""
    program, log = tmp_path / "program", tmp_path / "serve.log"
    program.mkdir()
    (program / "a.vtl").write_text('{"statusCode": 200}')
    with serving(write_program(program, source), tmp_path, "--watch") as (process, _):
        (program / "a.vtl").write_text('{"statusCode": 201}')
        wait_until(lambda: "reloaded" in log.read_text())
        process.terminate()
        shown, _ = process.communicate()
    assert shown.count("Try it") == 1
