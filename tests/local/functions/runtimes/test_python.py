"""What a Python function finds: the version it declares, its archive, its layers, the runtime's SDK, and no more."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from parity.local.functions.runtimes.python import OLDEST_PYTHON, interpreter_of
from parity.local.functions.runtimes.python_client.bootstrap import allowed_hosts
from tests.local.functions.running_functions import OWN_PYTHON, running_function

OTHERS = [
    f"python3.{minor}"
    for minor in range(9, 15)
    if f"python3.{minor}" != OWN_PYTHON and interpreter_of((3, minor)) is not None
]
"""The other versions that this machine has."""


@pytest.fixture(autouse=True)
def interpreters_are_sought_anew() -> Iterator[None]:
    """A test may change where they are sought."""
    interpreter_of.cache_clear()
    yield
    interpreter_of.cache_clear()


async def answer(folder: Path, source: str, **settings: Any) -> Any:
    """What the function answers to an empty event."""
    async with running_function(folder, source, **settings) as function:
        result = await function.invoke(b"{}")
    return json.loads(result.payload)


@pytest.mark.parametrize("module", ["requests", "yaml", "pulumi", "fastapi", "rich", "pytest", "parity", "tests"])
async def test_a_package_that_the_archive_lacks_is_lambdas_import_error(tmp_path: Path, module: str) -> None:
    source = f"import {module}\ndef handler(event, context):\n    return 1\n"
    async with running_function(tmp_path, source) as function:
        result = await function.invoke(b"{}")
    error = json.loads(result.payload)
    assert result.function_error == "Unhandled"
    assert error["errorType"] == "Runtime.ImportModuleError"
    assert error["errorMessage"] == f"Unable to import module 'app': No module named '{module}'"


RUNTIME = """
import importlib.metadata, sys
import boto3, botocore.session, dateutil, jmespath, s3transfer, six, urllib3
def handler(event, context):
    names = {distribution.metadata["Name"] for distribution in importlib.metadata.distributions()}
    return {"version": sys.version_info[:2], "boto3": importlib.metadata.version("boto3"), "names": sorted(names),
        "remaining": context.get_remaining_time_in_millis(), "client": context.client_context}
"""


@pytest.mark.parametrize("runtime", [OWN_PYTHON, *(name for name in OTHERS if name != "python3.9")])
async def test_the_sdk_is_there_in_each_version_and_nothing_else(tmp_path: Path, runtime: str) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/python-package.html#python-package-dependencies"""
    told = await answer(tmp_path, RUNTIME, runtime=runtime, timeout_seconds=30)
    assert told["version"] == [3, int(runtime.rpartition(".")[2])]
    assert told["boto3"][0] == "1"
    assert told["names"] == [
        *("awslambdaric", "boto3", "botocore", "jmespath", "python-dateutil"),
        *("s3transfer", "simplejson", "six", "snapshot-restore-py", "urllib3"),
    ]
    assert 20_000 < told["remaining"] <= 30_000
    assert told["client"] is None


@pytest.mark.parametrize("runtime", OTHERS)
async def test_another_version_reports_errors_and_large_answers_as_its_own_does(tmp_path: Path, runtime: str) -> None:
    source = """
def handler(event, context):
    if event:
        return event * 1000
    raise KeyError("\\u00e9")
"""
    async with running_function(tmp_path, source, runtime=runtime) as function:
        raised = await function.invoke(b"0")
        again = await function.invoke('"é"'.encode())
        large = await function.invoke(b'"' + b"x" * 6292 + b'"')
        after = await function.invoke(b'"y"')
    error = json.loads(raised.payload)
    assert (raised.function_error, error["errorType"], error["errorMessage"]) == ("Unhandled", "KeyError", "'é'")
    assert json.loads(again.payload) == "é" * 1000
    assert json.loads(large.payload)["errorType"] == "Function.ResponseSizeTooLarge"
    assert json.loads(after.payload) == "y" * 1000


async def test_a_version_that_is_not_installed_runs_with_another_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "python3.99").write_text("#!/bin/sh\nexit 127\n")  # a launcher without a Python behind it
    (tmp_path / "python3.99").chmod(0o755)
    async with running_function(tmp_path, "def handler(*_): return 1\n", runtime="python3.99") as function:
        assert (await function.invoke(b"{}")).payload == b"1"
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert function.note == (
        f"Lambda function 'echo' declares python3.99, and runs with Python {own}: there is no Python 3.99 here; "
        "install it, for example by `uv python install 3.99`"
    )
    assert function.lines[0] == f"INIT_START Runtime Version: python:{own}"


@pytest.mark.parametrize("place", ["uv/python/cpython-3.98.1-linux/bin", "pyenv/versions/3.98.2/bin", "path"])
def test_an_interpreter_is_found_where_it_was_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    program = tmp_path / place / "python3.98"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\necho 3 98\n")
    program.chmod(0o755)
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path / "uv" / "python"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("PATH", str(tmp_path / "path"), prepend=":")
    assert interpreter_of((3, 98)) == program


def test_a_python_too_old_for_the_client_is_not_used() -> None:
    assert interpreter_of((3, OLDEST_PYTHON[1] - 1)) is None


async def test_the_archive_comes_before_what_is_installed(tmp_path: Path) -> None:
    (tmp_path / "boto3.py").write_text("__version__ = 'own'\n")
    source = "import boto3, sys\ndef handler(event, context):\n    return [boto3.__version__, sys.path[0]]\n"
    assert await answer(tmp_path, source) == ["own", str(tmp_path)]


async def test_the_shells_built_ins_are_there(tmp_path: Path) -> None:
    source = "def handler(event, context):\n    return [callable(exit), callable(help), __name__]\n"
    assert await answer(tmp_path, source) == [True, True, "app"]


CALLS = """
import socket, urllib.request
def handler(event, context):
    told = []
    for call in (
        lambda: socket.getaddrinfo("dynamodb.eu-west-1.amazonaws.com", 443),
        lambda: socket.gethostbyname("S3.amazonaws.com."),
        lambda: socket.create_connection(("169.254.169.254", 80), 1),
        lambda: urllib.request.urlopen("https://sts.amazonaws.com.cn/", timeout=1),
    ):
        try:
            told.append(call())
        except OSError as error:
            told.append(str(error))
    return [*told, bool(socket.getaddrinfo("localhost", 80)), socket.getaddrinfo("127.0.0.1", 1)[0][4]]
"""


async def test_a_host_of_aws_is_not_even_looked_up(tmp_path: Path) -> None:
    async with running_function(tmp_path, CALLS) as function:
        *calls, localhost, loopback = json.loads((await function.invoke(b"{}")).payload)
    assert len(calls) == 4
    assert all("was stopped: nothing here calls AWS unless it is given as an endpoint" in call for call in calls)
    assert (localhost, loopback) == (True, ["127.0.0.1", 1])
    assert "a call to dynamodb.eu-west-1.amazonaws.com was stopped" in "\n".join(function.lines)


def test_a_host_of_aws_that_is_given_as_an_endpoint_may_be_called() -> None:
    given = {
        "AWS_ENDPOINT_URL_S3": "https://s3.amazonaws.com:443/x",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "A": "b",
    }
    assert allowed_hosts(given) == {"s3.amazonaws.com", "127.0.0.1"}
