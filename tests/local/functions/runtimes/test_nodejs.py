"""Node.js functions, run by the machine's own `node`: what Lambda's Node.js runtimes would answer and log."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from parity.gateway.model.backends import LambdaUnavailableError
from parity.local.functions.runtimes.nodejs import interpreter_of
from tests.local.functions.running_functions import ARN, RunningFunction, running_function

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs node on the PATH")


@pytest.fixture(autouse=True)
def interpreters_are_sought_anew() -> Iterator[None]:
    """A test may change where they are sought."""
    interpreter_of.cache_clear()
    yield
    interpreter_of.cache_clear()


@asynccontextmanager
async def running(
    folder: Path, source: str, *, file: str = "app.js", **settings: Any
) -> AsyncIterator[RunningFunction]:
    """A function whose module `app` is `source`."""
    settings.setdefault("runtime", "nodejs20.x")
    async with running_function(folder, source, file=file, **settings) as function:
        yield function


async def answer(folder: Path, source: str, event: bytes = b"{}", **settings: Any) -> Any:
    """What the function answers to one event."""
    async with running(folder, source, **settings) as function:
        result = await function.invoke(event)
    assert result.function_error is None, result.payload
    return json.loads(result.payload)


async def error(folder: Path, source: str, **settings: Any) -> dict[str, Any]:
    """The error with which the function fails."""
    async with running(folder, source, **settings) as function:
        result = await function.invoke(b"{}")
    assert result.function_error == "Unhandled"
    payload: dict[str, Any] = json.loads(result.payload)
    return payload


HANDLERS = {
    "async": ("app.js", "exports.handler = async (event) => ({ got: event });"),
    "promise": ("app.js", "exports.handler = (event) => Promise.resolve({ got: event });"),
    "callback": ("app.js", "exports.handler = (event, context, callback) => callback(null, { got: event });"),
    "later callback": (
        "app.js",
        "exports.handler = (e, c, callback) => { setTimeout(callback, 5, null, { got: e }); };",
    ),
    "succeed": ("app.js", "exports.handler = (event, context) => { context.succeed({ got: event }); };"),
    "done": ("app.js", "exports.handler = (event, context) => { context.done(null, { got: event }); };"),
    "cjs": ("app.cjs", "module.exports.handler = async (event) => ({ got: event });"),
    "ES module": ("app.mjs", "export const handler = async (event) => ({ got: event });"),
    "top-level await": ("app.mjs", "await null; export const handler = async (event) => ({ got: event });"),
}


@pytest.mark.parametrize(("file", "source"), HANDLERS.values(), ids=HANDLERS.keys())
async def test_each_form_of_a_handler_answers_again_and_again(tmp_path: Path, file: str, source: str) -> None:
    async with running(tmp_path, source, file=file) as function:
        for event in (b'{"a": "\xc3\xa9"}', b"[1, null]", b'"text"'):
            result = await function.invoke(event)
            assert json.loads(result.payload) == {"got": json.loads(event)}
            assert result.function_error is None


async def test_a_package_of_type_module_holds_es_modules(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"type": "module"}')
    source = "import { sep } from 'node:path'; export const handler = async () => [sep, import.meta.url];"
    assert await answer(tmp_path, source) == ["/", f"file://{tmp_path}/app.js"]


async def test_a_handler_may_be_nested_and_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    source = "exports.api = { get: async () => __dirname };"
    assert await answer(tmp_path, source, file="src/app.js", handler="src/app.api.get") == str(tmp_path / "src")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("exports.handler = async () => {};", None),
        ("exports.handler = () => 'a value that a handler without a promise returns';", None),
        ("exports.handler = async () => 'text';", "text"),
        ("exports.handler = async () => [undefined, () => 1, new Date(0)];", [None, None, "1970-01-01T00:00:00.000Z"]),
    ],
)
async def test_what_a_handler_returns_becomes_json(tmp_path: Path, source: str, expected: object) -> None:
    assert await answer(tmp_path, source) == expected


async def test_a_callback_waits_for_what_the_handler_began_unless_it_does_not_want_to(tmp_path: Path) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html#nodejs-handler-callback"""
    source = """
    exports.handler = (event, context, callback) => {
        context.callbackWaitsForEmptyEventLoop = event.wait;
        let late = false;
        setTimeout(() => { late = true; }, 200);
        callback(null, { get late() { return late; } });
    };"""
    assert await answer(tmp_path, source, b'{"wait": true}') == {"late": True}
    assert await answer(tmp_path, source, b'{"wait": false}') == {"late": False}


CONTEXT = """
exports.handler = async (event, context) => ({
    ...context,
    remaining: context.getRemainingTimeInMillis(),
    environment: process.env,
    folder: process.cwd(),
    argv: process.argv.length,
});"""


async def test_the_context_and_the_environment_are_lambdas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    async with running(tmp_path, CONTEXT, timeout_seconds=7, environment={"TABLE": "t"}) as function:
        result = await function.invoke(
            b"{}", qualifier="live", client_context='{"custom": {"a": "b"}}', trace_id="Root=1-2-3"
        )
    seen = json.loads(result.payload)
    assert f"START RequestId: {seen['awsRequestId']} Version: $LATEST" in result.log
    assert seen["invokedFunctionArn"] == f"{ARN}:live"
    assert 6000 < seen["remaining"] <= 7000
    assert (seen["functionName"], seen["functionVersion"], seen["memoryLimitInMB"]) == ("echo", "$LATEST", "256")
    assert seen["clientContext"] == {"custom": {"a": "b"}}
    assert seen["callbackWaitsForEmptyEventLoop"] is True
    assert seen["folder"] == str(tmp_path)
    assert seen["argv"] == 2
    variables = seen["environment"]
    assert variables["TABLE"] == "t"
    assert variables["AWS_EXECUTION_ENV"] == "AWS_Lambda_nodejs20.x"
    assert variables["_X_AMZN_TRACE_ID"] == "Root=1-2-3"
    assert not {"AWS_PROFILE", "PARITY_NODEJS_SDK"} & set(variables)


@pytest.mark.parametrize(
    ("source", "error_type", "message"),
    [
        ("exports.handler = async () => { throw new TypeError('[404] no'); };", "TypeError", "[404] no"),
        ("exports.handler = () => { throw new Error('at once'); };", "Error", "at once"),
        ("exports.handler = (e, c, callback) => callback(new RangeError('back'));", "RangeError", "back"),
        ("exports.handler = (e, c) => c.fail(new Error('failed'));", "Error", "failed"),
        ("exports.handler = async () => { throw 'text'; };", "string", "text"),
        ("exports.handler = (e, c, callback) => callback('text');", "string", "text"),
        ("exports.handler = async () => ({ n: 1n });", "Error", "Unable to stringify response body"),
    ],
)
async def test_what_a_handler_throws_is_the_payload(tmp_path: Path, source: str, error_type: str, message: str) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html"""
    failed = await error(tmp_path, source)
    assert (failed["errorType"], failed["errorMessage"]) == (error_type, message)
    if error_type == "string":
        assert failed["trace"] == []
    else:
        assert failed["trace"][0] == f"{error_type}: {message}"


async def test_an_own_error_class_gives_its_name(tmp_path: Path) -> None:
    source = """
    class NotFound extends Error { constructor(m) { super(m); this.name = 'NotFound'; this.detail = 7; } }
    exports.handler = async () => { throw new NotFound('gone'); };"""
    async with running(tmp_path, source) as function:
        payload = json.loads((await function.invoke(b"{}")).payload)
        (logged,) = (line for line in function.lines if "Invoke Error" in line)
    assert payload["errorType"] == "NotFound"
    assert set(payload) == {"errorType", "errorMessage", "trace"}
    _, request_id, level, what, fields = logged.split("\t", 4)
    assert (len(request_id), level, what.strip()) == (36, "ERROR", "Invoke Error")
    assert json.loads(fields)["detail"] == 7


@pytest.mark.parametrize(
    ("source", "settings", "error_type", "message"),
    [
        (
            "require('left-pad');",
            {},
            "Runtime.ImportModuleError",
            "Error: Cannot find module 'left-pad'\nRequire stack:",
        ),
        ("", {"handler": "other.handler"}, "Runtime.ImportModuleError", "Error: Cannot find module 'other'"),
        ("exports.a = 1;", {}, "Runtime.HandlerNotFound", "app.handler is undefined or not exported"),
        ("exports.handler = 1;", {}, "Runtime.HandlerNotFound", "app.handler is not a function"),
        ("exports.handler = (;", {}, "Runtime.UserCodeSyntaxError", "SyntaxError: Unexpected token ';'"),
        ("", {"handler": "app"}, "Runtime.MalformedHandlerName", "Bad handler"),
        ("", {"handler": "../app.handler"}, "Runtime.MalformedHandlerName", "is not a valid handler name"),
        ("throw new RangeError('at start');", {}, "RangeError", "at start"),
        ("import 'left-pad';", {"file": "app.mjs"}, "Error", "Cannot find package 'left-pad' imported from"),
        ("process.exit(3);", {}, "Runtime.ExitError", "Runtime exited with error: exit status 3"),
    ],
)
async def test_a_function_that_cannot_start_says_why(
    tmp_path: Path, source: str, settings: dict[str, Any], error_type: str, message: str
) -> None:
    failed = await error(tmp_path, source, **settings)
    assert failed["errorType"] == error_type
    assert message in failed["errorMessage"]


@pytest.mark.parametrize(
    ("statement", "error_type", "message"),
    [
        ("Promise.reject(new Error('nobody')); await later();", "Runtime.UnhandledPromiseRejection", "Error: nobody"),
        ("setTimeout(() => { throw new Error('thrown later'); }); await later();", "Error", "thrown later"),
        ("await new Promise(() => {});", "Runtime.NodeJsExit", "a Promise that was never settled"),
        ("process.exit(0);", "Runtime.ExitError", "Runtime exited without providing a reason"),
    ],
)
async def test_what_nobody_catches_fails_the_invocation_and_the_next_one_runs(
    tmp_path: Path, statement: str, error_type: str, message: str
) -> None:
    source = f"""
    const later = () => new Promise((resolve) => setTimeout(resolve, 2000));
    exports.handler = async (event) => {{ if (event) {{ {statement} }} return 'fine'; }};"""
    async with running(tmp_path, source) as function:
        failed = await function.invoke(b"1")
        following = await function.invoke(b"0")
    payload = json.loads(failed.payload)
    assert payload["errorType"] == error_type
    assert message in payload["errorMessage"]
    assert following.payload == b'"fine"'


async def test_a_timeout_ends_the_function(tmp_path: Path) -> None:
    source = "exports.handler = async (event) => { while (event); return 'fine'; };"
    async with running(tmp_path, source, timeout_seconds=0.5) as function:
        failed = json.loads((await function.invoke(b"1")).payload)
        assert (await function.invoke(b"0")).payload == b'"fine"'
    assert failed["errorType"] == "Sandbox.Timedout"
    assert failed["errorMessage"].endswith("Task timed out after 0.50 seconds")


async def test_each_line_of_the_console_has_its_time_request_and_level(tmp_path: Path) -> None:
    source = "exports.handler = async () => { console.log('a %s', 'b', { c: 1 }); console.warn('two\\nlines'); };"
    async with running(tmp_path, source) as function:
        result = await function.invoke(b"{}")
    first, second = (line for line in function.lines if line[:2] == "20")
    request_id = first.split("\t")[1]
    assert f"START RequestId: {request_id}" in result.log
    assert first.split("\t")[2:] == ["INFO", "a b { c: 1 }"]
    assert second.split("\t")[2:] == ["WARN", "two\nlines"]
    environment = {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "WARN"}
    async with running(tmp_path, source, environment=environment) as function:
        await function.invoke(b"{}")
    (event,) = (json.loads(line) for line in function.lines if line[:1] == "{")
    assert (event["level"], event["message"]) == ("WARN", "two\nlines")


def package(folder: Path, name: str, text: str) -> None:
    """Installs a package into a folder's `node_modules`."""
    at = folder / "node_modules" / name
    at.mkdir(parents=True)
    (at / "package.json").write_text(json.dumps({"name": name, "main": "index.js"}))
    (at / "index.js").write_text(f"exports.from = {text!r};\n")


BOTH_KINDS = [
    ("app.js", "const {{ from }} = require('{0}'); exports.handler = async () => from;"),
    ("app.mjs", "import found from '{0}'; export const handler = async () => found.from;"),
]


@pytest.mark.parametrize(("file", "source"), BOTH_KINDS, ids=["require", "import"])
async def test_packages_around_the_code_are_not_on_lambda_but_the_sdk_is(
    tmp_path: Path, file: str, source: str
) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/nodejs-package.html#nodejs-package-dependencies"""
    code = tmp_path / "code"
    code.mkdir()
    package(code, "own", "archive")
    for name in ("around", "@aws-sdk/client-s3"):
        package(tmp_path, name, "project")
    assert await answer(code, source.format("own"), file=file, project=tmp_path) == "archive"
    assert await answer(code, source.format("@aws-sdk/client-s3"), file=file, project=tmp_path) == "project"
    failed = await error(code, source.format("around"), file=file, project=tmp_path)
    assert "'around'" in failed["errorMessage"]


async def test_layers_are_on_the_path_of_require(tmp_path: Path) -> None:
    for layer in ("first", "second"):
        package(tmp_path / layer / "nodejs", "shared", layer)
    code = tmp_path / "code"
    code.mkdir()
    source = "exports.handler = async () => require('shared').from;"
    assert await answer(code, source, layers=[tmp_path / "first", tmp_path / "second"]) == "second"


async def test_a_streaming_handler_answers_with_all_that_it_wrote(tmp_path: Path) -> None:
    source = """
    exports.handler = awslambda.streamifyResponse(async (event, stream, context) => {
        const out = awslambda.HttpResponseStream.from(stream, { statusCode: 201 });
        out.write('a');
        out.write(context.functionName);
        out.end();
    });"""
    async with running(tmp_path, source) as function:
        result = await function.invoke(b"{}")
    assert result.payload == b'{"statusCode":201}' + bytes(8) + b"aecho"


class Pieces:
    """A sink that keeps the pieces, and lets the function go on by a file once it has one."""

    def __init__(self, go_on: Path) -> None:
        self.pieces: list[bytes] = []
        self._go_on = go_on

    def take(self, piece: bytes, source: asyncio.ReadTransport) -> None:
        self.pieces.append(piece)
        if b"first" in piece:
            self._go_on.touch()


WAITING = """
    const fs = require('node:fs');
    const until = async (file) => {
        while (!fs.existsSync(file)) { await new Promise((resolve) => setTimeout(resolve, 5)); }
    };"""


async def test_what_a_handler_streams_comes_before_it_is_done(tmp_path: Path) -> None:
    go_on = tmp_path / "go on"
    source = f"""{WAITING}
    exports.handler = awslambda.streamifyResponse(async (event, stream) => {{
        const out = awslambda.HttpResponseStream.from(stream, {{ statusCode: 201 }});
        out.write('first');
        await until({json.dumps(str(go_on))});
        out.end('last');
    }});"""
    sink = Pieces(go_on)
    async with running(tmp_path, source) as function:
        result = await function.invoke(b"{}", sink=sink)
    assert (result.payload, result.function_error) == (b"", None)
    assert b"".join(sink.pieces) == b'{"statusCode":201}' + bytes(8) + b"firstlast"
    assert sink.pieces[-1] == b"last"


async def test_a_stream_that_ends_in_an_error_says_which(tmp_path: Path) -> None:
    source = """
    exports.handler = awslambda.streamifyResponse(async (event, stream) => {
        stream.write('first');
        throw new TypeError('it broke');
    });"""
    sink = Pieces(tmp_path / "go on")
    async with running(tmp_path, source) as function:
        result = await function.invoke(b"{}", sink=sink)
        following = await function.invoke(b"{}")
    assert sink.pieces == [b"first"]
    assert result.function_error == following.function_error == "Unhandled"
    assert json.loads(result.payload)["errorMessage"] == "it broke"


async def test_a_stream_that_nothing_was_written_to_is_empty(tmp_path: Path) -> None:
    source = """
    exports.handler = awslambda.streamifyResponse(async (event, stream) => {
        awslambda.HttpResponseStream.from(stream, { statusCode: 201 }).end();
    });"""
    async with running(tmp_path, source) as function:
        result = await function.invoke(b"{}")
    assert (result.payload, result.function_error) == (b"", None)


async def test_a_response_over_six_megabytes_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path, "exports.handler = async (event) => 'a'.repeat(event);") as function:
        result = await function.invoke(b"6291555")
        following = await function.invoke(b"1")
    assert json.loads(result.payload)["errorType"] == "Function.ResponseSizeTooLarge"
    assert following.payload == b'"a"'


async def test_a_host_of_aws_is_not_even_looked_up(tmp_path: Path) -> None:
    source = """
    exports.handler = async () => {
        const failed = await fetch('https://dynamodb.eu-west-1.amazonaws.com/').catch((error) => error.cause);
        return [failed.code, failed.message];
    };"""
    code, message = await answer(tmp_path, source)
    assert code == "ENOTFOUND"
    assert message.startswith("a call to dynamodb.eu-west-1.amazonaws.com was stopped")


async def test_from_node_24_on_there_are_no_callbacks(tmp_path: Path) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html: removed in Node.js 24."""
    source = "exports.handler = (event, context, callback) => callback(null, 1);"
    failed = await error(tmp_path, source, runtime="nodejs24.x")
    assert failed["errorType"] == "Runtime.CallbackHandlerDeprecated"
    assert await answer(tmp_path, "exports.handler = (event, context) => 7;", runtime="nodejs24.x") == 7
    assert await answer(tmp_path, "exports.handler = async (e, c) => 'succeed' in c;", runtime="nodejs24.x") is False


async def test_another_version_is_noted(tmp_path: Path) -> None:
    async with running(tmp_path, "", runtime="nodejs99.x") as function:
        assert "declares nodejs99.x, and runs with Node.js " in function.note
        assert function.note.endswith(": install Node.js 99 for the same behaviour")


async def test_without_node_its_requests_fail_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    async with running(tmp_path, "") as function:
        with pytest.raises(LambdaUnavailableError, match=r"install Node\.js 20 and put it on the PATH"):
            await function.invoke(b"{}")


@pytest.mark.parametrize("place", [".nvm/versions/node/v20.9.0/bin", ".volta/tools/image/node/20.1.0/bin"])
def test_the_declared_version_is_found_at_a_version_manager(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    program = tmp_path / place / "node"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\necho v20.9.0\n")
    program.chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("NVM_DIR", "VOLTA_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert interpreter_of(20) == (program, 20)
