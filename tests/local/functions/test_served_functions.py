"""A program with functions of each kind, served: what runs, what fails as on AWS, and what startup says."""

import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from parity.local import Session, running
from tests.local.running_programs import PROGRAMS, write_program


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    """The program of programs/functions, served."""
    with running(PROGRAMS / "functions") as served:
        yield served


def get(session: Session, path: str) -> tuple[int, str]:
    """The status and the body that a path answers."""
    try:
        with urllib.request.urlopen(f"{session.outputs['url']}{path}", timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.parametrize(
    ("path", "body"), [("/python", "boto3"), ("/nodejs", "/nodejs"), ("/image", "image"), ("/future", "ran")]
)
def test_what_runs(session: Session, path: str, body: str) -> None:
    if path == "/nodejs" and shutil.which("node") is None:
        pytest.skip("needs node on the PATH")
    assert get(session, path) == (200, body)


def test_a_package_that_the_archive_lacks_is_a_502(session: Session) -> None:
    assert get(session, "/foreign") == (502, '{"message":"Internal server error"}')


def test_a_runtime_that_is_not_emulated_fails_only_its_own_requests(session: Session) -> None:
    assert get(session, "/java")[0] == 500
    (java,) = (state for state in session.backends if "java" in state.name)
    assert "uses the runtime 'java21', which is not emulated: its requests fail, and all others are served" in (
        java.unavailable
    )


def test_startup_says_which_python_runs_instead(session: Session) -> None:
    (note,) = (note for note in session.notices if "python3.99" in note)
    assert note.startswith('aws.lambda.Function "future" (__main__.py:')
    assert "declares python3.99, and runs with Python 3." in note


RETRIES = """
import pulumi, pulumi_aws as aws
for name in ("default", "once"):
    aws.lambda_.Function(name, name=name, role="r", runtime="python3.13", handler="app.handler",
        code=pulumi.AssetArchive({"app.py": pulumi.StringAsset("def handler(*_): pass")}))
aws.lambda_.FunctionEventInvokeConfig("config", function_name="once", maximum_retry_attempts=0, qualifier="$LATEST")
"""


def test_the_retries_of_a_function_are_its_invoke_configurations(tmp_path: Path) -> None:
    with running(write_program(tmp_path, RETRIES), on_progress=None) as served:
        functions = served._current.backends._functions.values()
        assert {each.configuration.name: each.asynchronous_retries for each in functions} == {"default": 2, "once": 0}
        assert "aws.lambda.FunctionEventInvokeConfig" not in served.unsupported_resources


NAMED = """
import pulumi, pulumi_aws as aws
code = "def handler(event, context): return {'statusCode': 200, 'body': context.invoked_function_arn}"
function = aws.lambda_.Function("plain", name="plain", role="r", runtime="python3.13", handler="app.handler",
    publish=True, code=pulumi.AssetArchive({"app.py": pulumi.StringAsset(code)}))
alias = aws.lambda_.Alias("live", name="live", function_name=function.name, function_version=function.version)
by_variable = function.invoke_arn.apply(lambda arn: arn.replace(":plain/", ":${stageVariables.name}/"))
uris = {"plain": function.invoke_arn, "alias": alias.invoke_arn, "version": function.qualified_invoke_arn}
uris["variable"] = by_variable
api = aws.apigateway.RestApi("api")
waits = []
for name, uri in uris.items():
    resource = aws.apigateway.Resource(name, rest_api=api.id, parent_id=api.root_resource_id, path_part=name)
    at = {"rest_api": api.id, "http_method": "GET", "resource_id": resource.id}
    method = aws.apigateway.Method(name, authorization="NONE", **at)
    waits.append(aws.apigateway.Integration(name, type="AWS_PROXY", integration_http_method="POST", uri=uri, **at,
        opts=pulumi.ResourceOptions(depends_on=[method])))
for name, qualifier in (("plain", None), ("alias", alias.name), ("version", function.version)):
    aws.lambda_.Permission(name, action="lambda:InvokeFunction", function=function.name, qualifier=qualifier,
        principal="apigateway.amazonaws.com")
deployment = aws.apigateway.Deployment("d", rest_api=api.id, opts=pulumi.ResourceOptions(depends_on=waits))
stage = aws.apigateway.Stage("s", rest_api=api.id, deployment=deployment.id, stage_name="dev",
    variables={"name": "plain:live"})
pulumi.export("url", stage.invoke_url)
"""


def test_a_function_is_invoked_by_whatever_names_it(tmp_path: Path) -> None:
    """AWS's guide: the invoked ARN has the version or alias with which a function was invoked."""
    with running(write_program(tmp_path, NAMED)) as served:
        answers = {name: get(served, f"/{name}") for name in ("plain", "alias", "version", "variable")}
    arn = "arn:aws:lambda:us-east-1:123456789012:function:plain"
    qualified = {"plain": arn, "alias": f"{arn}:live", "version": f"{arn}:1", "variable": f"{arn}:live"}
    assert answers == {name: (200, body) for name, body in qualified.items()}
