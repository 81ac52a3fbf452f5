"""Functions run by the real runtime client: what an invocation gives back, and what its environment looks like."""

import asyncio
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from parity.gateway.model.backends import LambdaUnavailableError
from parity.local.functions import function as function_module
from parity.local.functions.function import split_function_arn
from tests.local.functions.running_functions import ARN, OWN_PYTHON, is_running, running_function

ECHO = """
def handler(event, context):
    return {"statusCode": 200, "body": event}
"""

CONTEXT = """
import os, sys
def handler(event, context):
    return {
        "aws_request_id": context.aws_request_id,
        "invoked_function_arn": context.invoked_function_arn,
        "remaining": context.get_remaining_time_in_millis(),
        "memory_limit_in_mb": context.memory_limit_in_mb,
        "log_group_name": context.log_group_name,
        "log_stream_name": context.log_stream_name,
        "function_version": context.function_version,
        "client_context": context.client_context and context.client_context.custom,
        "environment": dict(os.environ),
        "path": sys.path,
        "folder": os.getcwd(),
    }
"""

PID = """
import os, time
def handler(event, context):
    time.sleep(event)
    return os.getpid()
"""


def request_id_in(log: str) -> str:
    found = re.search(r"^START RequestId: (\S+) Version: \$LATEST$", log, re.MULTILINE)
    assert found is not None
    return found[1]


async def test_the_handlers_return_value_is_the_payload(tmp_path: Path) -> None:
    async with running_function(tmp_path, ECHO) as function:
        result = await function.invoke(b'{"text": "\xc3\xa9", "n": [1, null]}')
    assert json.loads(result.payload) == {"statusCode": 200, "body": {"text": "é", "n": [1, None]}}
    assert result.function_error is None


async def test_the_context_tells_the_invocation(tmp_path: Path) -> None:
    async with running_function(tmp_path, CONTEXT, timeout_seconds=7) as function:
        result = await function.invoke(b"{}", qualifier="live", client_context='{"custom": {"a": "b"}}')
    told = json.loads(result.payload)
    assert f"START RequestId: {told['aws_request_id']} Version: $LATEST" in result.log
    assert told["invoked_function_arn"] == f"{ARN}:live"
    assert 6000 < told["remaining"] <= 7000
    assert told["memory_limit_in_mb"] == "256"
    assert told["log_group_name"] == "/aws/lambda/echo"
    assert "[$LATEST]" in told["log_stream_name"]
    assert told["function_version"] == "$LATEST"
    assert told["client_context"] == {"a": "b"}
    assert told["folder"] == told["path"][0] == str(tmp_path)


async def test_the_environment_is_lambdas_and_not_this_process_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("SECRET_OF_THE_SHELL", "x")
    async with running_function(tmp_path, CONTEXT, environment={"TABLE": "t"}) as function:
        result = await function.invoke(b"{}", trace_id="Root=1-5759e988-bd862e3fe1be46a994272793")
    variables = json.loads(result.payload)["environment"]
    assert variables["TABLE"] == "t"
    assert variables["AWS_REGION"] == variables["AWS_DEFAULT_REGION"] == "eu-west-1"
    assert variables["AWS_LAMBDA_FUNCTION_NAME"] == "echo"
    assert variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    assert variables["AWS_EXECUTION_ENV"] == f"AWS_Lambda_{OWN_PYTHON}"
    assert variables["LAMBDA_TASK_ROOT"] == str(tmp_path)
    assert variables["_HANDLER"] == "app.handler"
    assert variables["TZ"] == ":UTC"
    assert variables["AWS_ACCESS_KEY_ID"].startswith("ASIA")
    assert variables["_X_AMZN_TRACE_ID"] == "Root=1-5759e988-bd862e3fe1be46a994272793"
    assert not {"AWS_PROFILE", "SECRET_OF_THE_SHELL"} & set(variables)


async def test_an_exception_is_a_function_error_with_lambdas_payload(tmp_path: Path) -> None:
    source = "def handler(event, context):\n    raise ValueError('[404] not here')\n"
    async with running_function(tmp_path, source) as function:
        result = await function.invoke(b"{}")
        assert any(line.startswith("[ERROR] ValueError: [404] not here\nTraceback") for line in function.lines)
    error = json.loads(result.payload)
    assert result.function_error == "Unhandled"
    assert (error["errorType"], error["errorMessage"]) == ("ValueError", "[404] not here")
    assert list(error) == ["errorMessage", "errorType", "requestId", "stackTrace"]


@pytest.mark.parametrize(
    ("source", "error_type", "message"),
    [
        ("import missing_module\n", "Runtime.ImportModuleError", "No module named 'missing_module'"),
        ("def other(event, context): pass\n", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'app'"),
        ("def handler(:\n", "Runtime.UserCodeSyntaxError", "Syntax error in module 'app'"),
        ("raise RuntimeError('at start')\n", "RuntimeError", "at start"),
        ("import os; os._exit(9)\n", "Runtime.ExitError", "Error: Runtime exited with error: exit status 9"),
    ],
)
async def test_a_function_that_cannot_start_tells_why(
    tmp_path: Path, source: str, error_type: str, message: str
) -> None:
    async with running_function(tmp_path, source) as function:
        for _ in range(2):  # each invocation tries anew, and is reported anew
            result = await function.invoke(b"{}")
            error = json.loads(result.payload)
            assert result.function_error == "Unhandled"
            assert error["errorType"] == error_type
            assert message in error["errorMessage"]
    assert function.lines[0] == f"INIT_START Runtime Version: python:3.{sys.version_info.minor}"
    assert any("INIT_REPORT" in line and f"Error Type: {error_type}" in line for line in function.lines)


async def test_a_function_that_needs_boto3_tells_where_aws_has_it_from(tmp_path: Path) -> None:
    source = "raise ModuleNotFoundError(\"No module named 'boto3'\", name='boto3')\n"
    async with running_function(tmp_path, source) as function:
        await function.invoke(b"{}")
        assert any("pip install 'parity[aws]'" in line for line in function.lines)


async def test_a_start_that_takes_too_long_is_tried_once_more_within_the_timeout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parity.local.functions.function.INIT_LIMIT_SECONDS", 0.3)
    source = (
        "import pathlib, time\n"
        "if not (mark := pathlib.Path('mark')).exists():\n    mark.touch(); time.sleep(60)\n"
        "def handler(event, context):\n    return 'ready'\n"
    )
    async with running_function(tmp_path, source, timeout_seconds=5) as function:
        assert (await function.invoke(b"{}")).payload == b'"ready"'
        assert any("Phase: init\tStatus: timeout" in line for line in function.lines)
    async with running_function(tmp_path, "import time; time.sleep(60)\n", timeout_seconds=0.3) as function:
        error = json.loads((await function.invoke(b"{}")).payload)
    assert error["errorType"] == "Sandbox.Timedout"
    assert error["errorMessage"].endswith(" Error: Task timed out after 0.30 seconds")


async def test_a_timeout_ends_the_environment_and_the_next_invocation_gets_a_new_one(tmp_path: Path) -> None:
    async with running_function(tmp_path, PID, timeout_seconds=0.3) as function:
        before = json.loads((await function.invoke(b"0")).payload)
        result = await function.invoke(b"60")
        after = json.loads((await function.invoke(b"0")).payload)
    request_id = request_id_in(result.log)
    assert result.function_error == "Unhandled"
    assert json.loads(result.payload) == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": f"RequestId: {request_id} Error: Task timed out after 0.30 seconds",
    }
    assert f"{request_id} Task timed out after 0.30 seconds\n" in result.log
    assert "\tStatus: timeout" in result.log
    assert before != after
    assert not is_running(before)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("os._exit(3)", "Runtime exited with error: exit status 3"),
        ("os._exit(0)", "Runtime exited without providing a reason"),
        ("sys.exit(4)", "Runtime exited with error: exit status 4"),
        ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
    ],
)
async def test_a_runtime_that_exits_is_an_exit_error(tmp_path: Path, statement: str, reason: str) -> None:
    source = f"import os, sys\ndef handler(event, context):\n    if event: {statement}\n    return 'fine'\n"
    async with running_function(tmp_path, source) as function:
        result = await function.invoke(b"1")
        following = await function.invoke(b"0")
    request_id = request_id_in(result.log)
    assert json.loads(result.payload) == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {request_id} Error: {reason}",
    }
    assert result.function_error == "Unhandled"
    assert following.payload == b'"fine"'


async def test_what_is_not_json_is_a_marshal_error(tmp_path: Path) -> None:
    async with running_function(tmp_path, "def handler(event, context):\n    return {1, 2}\n") as function:
        result = await function.invoke(b"{}")
    assert json.loads(result.payload)["errorType"] == "Runtime.MarshalError"
    assert result.function_error == "Unhandled"


async def test_a_response_over_six_megabytes_is_refused(tmp_path: Path) -> None:
    source = "def handler(event, context):\n    return 'a' * event\n"
    async with running_function(tmp_path, source) as function:
        largest = await function.invoke(b"6291554")
        result = await function.invoke(b"6291555")
        following = await function.invoke(b"1")
    assert len(largest.payload) == 6_291_556
    assert json.loads(result.payload) == {
        "errorType": "Function.ResponseSizeTooLarge",
        "errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    }
    assert following.payload == b'"a"'


async def test_a_payload_over_six_megabytes_is_refused_before_the_function(tmp_path: Path) -> None:
    async with running_function(tmp_path, ECHO) as function:
        with pytest.raises(LambdaUnavailableError, match="Request must be smaller than 6291456 bytes") as refused:
            await function.invoke(b'"' + b"a" * 6_291_455 + b'"')
    assert refused.value.status == 413
    assert function.lines == []


async def test_ten_megabytes_of_output_do_not_stand_in_the_way(tmp_path: Path) -> None:
    source = "def handler(event, context):\n    print('x' * 10_000_000)\n    print('last')\n    return 1\n"
    async with running_function(tmp_path, source) as function:
        result = await function.invoke(b"{}")
    assert result.payload == b"1"
    assert sum(line.count("x") for line in function.lines if not line.startswith("REPORT")) >= 10_000_000
    assert "\nlast\nEND RequestId: " in result.log
    assert len(result.log.encode()) <= 4096


async def test_layers_lie_on_the_path_and_a_later_one_hides_an_earlier_one(tmp_path: Path) -> None:
    for layer in ("first", "second"):
        folder = tmp_path / layer / "python"
        folder.mkdir(parents=True)
        (folder / "shared.py").write_text(f"name = {layer!r}\n")
        (folder / f"only_{layer}.py").touch()
    source = "import shared, only_first, only_second\ndef handler(event, context):\n    return shared.name\n"
    code = tmp_path / "code"
    code.mkdir()
    async with running_function(code, source, layers=[tmp_path / "first", tmp_path / "second"]) as function:
        assert (await function.invoke(b"{}")).payload == b'"second"'


async def test_the_code_folder_stays_as_it_is(tmp_path: Path) -> None:
    async with running_function(tmp_path, ECHO) as function:
        await function.invoke(b"{}")
    assert [path.name for path in tmp_path.iterdir()] == ["app.py"]


async def test_an_asynchronous_invocation_answers_at_once_and_runs(tmp_path: Path) -> None:
    source = "def handler(event, context):\n    print('ran with', event)\n    return event\n"
    async with running_function(tmp_path, source) as function:
        assert (await function.invoke(b"7", asynchronous=True)).payload == b""
        async with asyncio.timeout(5):
            while not any(line.startswith("REPORT") for line in function.lines):
                await asyncio.sleep(0.01)
    assert "ran with 7" in function.lines


FAILING = """
import pathlib
def handler(event, context):
    pathlib.Path("attempts").open("a").write(context.aws_request_id + "\\n")
    raise ValueError("always")
"""


@pytest.mark.parametrize("retries", [2, 0])
async def test_a_failed_asynchronous_event_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, retries: int
) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html: twice, with the same id."""
    assert list(function_module.RETRY_SECONDS) == [60, 120]
    monkeypatch.setattr(function_module, "RETRY_SECONDS", (0.02, 0.02))
    async with running_function(tmp_path, FAILING) as function:
        function.asynchronous_retries = retries
        await function.invoke(b"{}", asynchronous=True)
        async with asyncio.timeout(10):
            while sum(line.startswith("REPORT") for line in function.lines) < retries + 1:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
    attempts = (tmp_path / "attempts").read_text().split()
    assert len(attempts) == retries + 1
    assert len(set(attempts)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="a bootstrap is an executable file")
async def test_a_custom_runtime_is_the_functions_own_bootstrap(tmp_path: Path) -> None:
    bootstrap = tmp_path / "bootstrap"
    bootstrap.write_text(
        f"#!{sys.executable}\n"
        "import http.client, os\n"
        "connection = http.client.HTTPConnection(os.environ['AWS_LAMBDA_RUNTIME_API'])\n"
        "while True:\n"
        "    connection.request('GET', '/2018-06-01/runtime/invocation/next')\n"
        "    response = connection.getresponse()\n"
        "    event = response.read()\n"
        "    request_id = response.headers['Lambda-Runtime-Aws-Request-Id']\n"
        "    path = f'/2018-06-01/runtime/invocation/{request_id}/response'\n"
        "    connection.request('POST', path, b'echo ' + event)\n"
        "    connection.getresponse().read()\n"
    )
    bootstrap.chmod(0o755)
    async with running_function(tmp_path, "", runtime="provided.al2023", handler="unused") as function:
        assert (await function.invoke(b"1")).payload == b"echo 1"
        assert (await function.invoke(b"2")).payload == b"echo 2"


async def test_a_variable_that_the_system_does_not_take_is_told_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    source = "def handler(event, context):\n    return 1\n"
    async with running_function(tmp_path, source, environment={"A": "b\0c"}) as function:
        error = json.loads((await asyncio.wait_for(function.invoke(b"1"), 20)).payload)
    assert error["errorType"] == "Runtime.InvalidEntrypoint"
    assert "environment variable: embedded null" in error["errorMessage"]


async def test_a_bootstrap_that_is_no_program_is_an_invalid_entry_point(tmp_path: Path) -> None:
    (tmp_path / "bootstrap").write_text("#!/no/such/interpreter\n")
    (tmp_path / "bootstrap").chmod(0o755)
    async with running_function(tmp_path, "", runtime="provided.al2023") as function:
        error = json.loads((await function.invoke(b"1")).payload)
    assert error["errorType"] == "Runtime.InvalidEntrypoint"
    assert f"Error: fork/exec {tmp_path / 'bootstrap'}: no such file or directory" in error["errorMessage"]


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"runtime": "java21"}, "runtime 'java21', which is not emulated"),
        ({"runtime": "provided.al2023"}, "no executable file `bootstrap`"),
        ({"environment": {"AWS_REGION": "x"}}, "reserves: AWS_REGION"),
        ({"handler": ""}, "no handler"),
    ],
)
async def test_what_cannot_run_here_says_so(tmp_path: Path, settings: dict[str, Any], reason: str) -> None:
    async with running_function(tmp_path, ECHO, **settings) as function:
        await function.start()
        assert reason in function.lines[0]
        with pytest.raises(LambdaUnavailableError, match="'echo'") as unavailable:
            await function.invoke(b"{}")
    assert reason in str(unavailable.value)


def test_an_arn_is_split_from_its_qualifier() -> None:
    assert split_function_arn(ARN) == (ARN, None)
    assert split_function_arn(f"{ARN}:$LATEST") == (ARN, "$LATEST")


async def test_python_finds_no_variable_that_would_change_it(tmp_path: Path) -> None:
    async with running_function(tmp_path, CONTEXT, environment={"PYTHONPATH": str(tmp_path / "own")}) as function:
        told = json.loads((await function.invoke(b"{}")).payload)
    assert told["environment"]["PYTHONPATH"].split(os.pathsep) == [str(tmp_path / "own")]
    assert str(tmp_path / "own") in told["path"]


async def test_an_invocation_gets_the_functions_timeout_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The timer, not the clock, is what is looked at: a machine under load ends nothing in time."""
    timers: list[float] = []
    loop = asyncio.get_running_loop()
    call_later = loop.call_later

    def recording(delay: float, *arguments: Any, **options: Any) -> asyncio.TimerHandle:
        timers.append(delay)
        return call_later(delay, *arguments, **options)

    async with running_function(tmp_path, ECHO, timeout_seconds=7.25) as function:
        await function.invoke(b"1")
        monkeypatch.setattr(loop, "call_later", recording)
        await function.invoke(b"2")
        monkeypatch.undo()
    assert timers == [7.25]
