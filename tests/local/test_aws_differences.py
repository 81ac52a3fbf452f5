"""What would fail on AWS alone is reported at start."""

from pathlib import Path

import pytest

from parity.lint.linter import lint_program
from parity.local.aws_differences import differences
from parity.local.program.resource_index import ResourceIndex
from parity.local.rest_api.rest_apis import rest_apis
from tests.local.running_programs import PROGRAMS, run_program, write_program

PROGRAM = """
import pulumi, pulumi_aws as aws
function = aws.lambda_.Function("f", code=pulumi.AssetArchive({}), handler="a.b", runtime="python3.12", role="r")
api = aws.apigateway.RestApi("api", endpoint_configuration={"types": "REGIONAL"})
of_method = {"rest_api": api.id, "resource_id": api.root_resource_id, "http_method": "GET"}
method = aws.apigateway.Method("get", **of_method, authorization="NONE")
integration = aws.apigateway.Integration("get", **of_method, type="AWS", integration_http_method="POST",
                                         uri=function.invoke_arn)
PERMISSION
deployment = aws.apigateway.Deployment("d", rest_api=api.id, WAITS)
aws.apigateway.Stage("s", rest_api=api.id, deployment=deployment.id, stage_name="dev")
"""
PERMISSION = (
    'aws.lambda_.Permission("p", function=%s, action="lambda:InvokeFunction", principal="apigateway.amazonaws.com")'
)
WAITS = "opts=pulumi.ResourceOptions(depends_on=[integration])"


def told(folder: Path, *, permission: str = "", waits: str = "") -> list[str]:
    """What is reported of the program above."""
    source = PROGRAM.replace("PERMISSION", permission).replace("WAITS", waits)
    resource_index = ResourceIndex(run_program(write_program(folder, source)).resources)
    return list(differences(resource_index, rest_apis(resource_index)))


@pytest.mark.parametrize("function", ["function.name", "function.arn"])
def test_nothing_is_told_of_a_program_that_is_right(tmp_path: Path, function: str) -> None:
    assert told(tmp_path, permission=PERMISSION % function, waits=WAITS) == []


def test_a_function_that_may_not_be_invoked(tmp_path: Path) -> None:
    (text,) = told(tmp_path, waits=WAITS)
    assert text.startswith('aws.apigateway.Integration "get" (__main__.py:7): nothing permits API Gateway to invoke')


AUTHORIZER = """
aws.apigateway.Authorizer("a", rest_api=api.id, type="REQUEST", authorizer_uri=function.invoke_arn, ROLE)
"""


@pytest.mark.parametrize(
    ("source", "role", "expected"),
    [
        ("/*/GET/", "", True),
        ("/*/GET/", "authorizer_credentials='arn:aws:iam::123456789012:role/r'", False),
        ("/*", "", False),
        ("/authorizers/*", "", False),
    ],
)
def test_an_authorizer_whose_function_may_not_be_invoked(
    tmp_path: Path, source: str, role: str, expected: bool
) -> None:
    both = PERMISSION % "function.name" if source == "/authorizers/*" else ""
    own = SOURCE % source + "\n" + both.replace('"p"', '"p2"')
    found = told(tmp_path, permission=own + AUTHORIZER.replace("ROLE", role), waits=WAITS)

    refused = [text.partition(" (")[0] for text in found if "may invoke the function" in text]
    assert refused == (['aws.apigateway.Authorizer "a"'] if expected else [])


def test_what_fails_on_aws_alone_is_an_error_of_lint(tmp_path: Path) -> None:
    source = PROGRAM.replace("PERMISSION", "").replace("WAITS", "")
    resource_index = ResourceIndex(run_program(write_program(tmp_path, source)).resources)

    found = lint_program(resource_index, tuple(rest_apis(resource_index)))

    assert [(finding.rule, finding.severity, finding.declared_by.partition(" (")[0]) for finding in found] == [
        ("fails-on-aws", "error", 'aws.apigateway.Integration "get"'),
        ("fails-on-aws", "error", 'aws.apigateway.Deployment "d"'),
        ("deployment-triggers", "warning", 'aws.apigateway.Deployment "d"'),
    ]
    assert found[0].fix.startswith("declare an aws.lambda_.Permission with principal=")


SOURCE = (
    'aws.lambda_.Permission("p", function=function.name, action="lambda:InvokeFunction", '
    'principal="apigateway.amazonaws.com", source_arn=pulumi.Output.concat(api.execution_arn, "%s"))'
)


@pytest.mark.parametrize("source", ["/*", "/*/*", "/*/GET/", "/dev/*", "/dev/GET/", "/*/?ET/*"])
def test_a_source_that_covers_the_method(tmp_path: Path, source: str) -> None:
    assert told(tmp_path, permission=SOURCE % source, waits=WAITS) == []


@pytest.mark.parametrize("source", ["/*/POST/", "/prod/GET/", "/*/GET/pets", "/*/*/pets/*", ""])
def test_a_source_that_does_not_cover_the_method(tmp_path: Path, source: str) -> None:
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html"""
    (text,) = told(tmp_path, permission=SOURCE % source, waits=WAITS)
    assert f"{source} may invoke the function f-" in text
    assert text.endswith('source_arn=pulumi.Output.concat(api.execution_arn, "/*/GET/")')


def test_path_parameters_and_any_are_wildcards_of_a_source(tmp_path: Path) -> None:
    program = """
import pulumi, pulumi_aws as aws
function = aws.lambda_.Function("f", code=pulumi.AssetArchive({}), handler="a.b", runtime="python3.12", role="r")
api = aws.apigateway.RestApi("api", endpoint_configuration={"types": "REGIONAL"})
pet = aws.apigateway.Resource("pet", rest_api=api.id, parent_id=api.root_resource_id, path_part="{pet}")
rest = aws.apigateway.Resource("rest", rest_api=api.id, parent_id=pet.id, path_part="{proxy+}")
of_method = {"rest_api": api.id, "resource_id": rest.id, "http_method": "ANY"}
method = aws.apigateway.Method("any", **of_method, authorization="NONE")
integration = aws.apigateway.Integration("any", **of_method, type="AWS", integration_http_method="POST",
                                         uri=function.invoke_arn)
aws.lambda_.Permission("p", function=function.name, action="lambda:InvokeFunction",
    principal="apigateway.amazonaws.com", source_arn=pulumi.Output.concat(api.execution_arn, "SOURCE"))
deployment = aws.apigateway.Deployment("d", rest_api=api.id, opts=pulumi.ResourceOptions(depends_on=[integration]))
aws.apigateway.Stage("s", rest_api=api.id, deployment=deployment.id, stage_name="dev")
"""
    counts = []
    for source in ("/*/*/*", "/dev/POST/*/*", "/dev/*/*/pets"):
        records = run_program(write_program(tmp_path, program.replace("SOURCE", source))).resources
        resource_index = ResourceIndex(records)
        counts.append(len(list(differences(resource_index, rest_apis(resource_index)))))
    assert counts == [0, 0, 1]


def test_a_function_that_the_program_does_not_declare(tmp_path: Path) -> None:
    source = PROGRAM.replace("PERMISSION", "").replace("WAITS", WAITS)
    uri = '"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:1:function:other'
    source = source.replace("function.invoke_arn", f'{uri}/invocations"')
    resource_index = ResourceIndex(run_program(write_program(tmp_path, source)).resources)
    (text,) = differences(resource_index, rest_apis(resource_index))
    assert text.startswith('aws.apigateway.Integration "get" (__main__.py:7): it invokes the function arn:aws:lambda:')
    assert "function:other, which the program does not declare" in text


@pytest.mark.parametrize(
    ("qualifier", "declared", "reported"),
    [("live", False, True), ("live", True, False), ("$LATEST", False, False), ("3", False, False)],
)
def test_an_alias_that_the_program_does_not_declare(
    tmp_path: Path, qualifier: str, declared: bool, reported: bool
) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html"""
    source = PROGRAM.replace("PERMISSION", "").replace("WAITS", WAITS)
    uri = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/", function.arn, "'
    source = source.replace("function.invoke_arn", f'pulumi.Output.concat("{uri}:{qualifier}/invocations")')
    if declared:
        source += 'aws.lambda_.Alias("live", name="live", function_name=function.name, function_version="1")\n'
    resource_index = ResourceIndex(run_program(write_program(tmp_path, source)).resources)
    told = [text for text in differences(resource_index, rest_apis(resource_index)) if "it invokes" in text]
    assert len(told) == reported
    assert all("it invokes the alias live of the function arn:aws:lambda:" in text for text in told)


def test_a_deployment_that_waits_for_nothing(tmp_path: Path) -> None:
    (text,) = told(tmp_path, permission=PERMISSION % "function.arn")
    assert text.startswith('aws.apigateway.Deployment "d" (__main__.py:10): it waits for no integration')


def test_triggers_make_a_deployment_wait(tmp_path: Path) -> None:
    waits = 'triggers={"uri": integration.id}'
    assert told(tmp_path, permission=PERMISSION % "function.arn", waits=waits) == []


def test_a_deployment_may_wait_through_other_resources() -> None:
    resource_index = ResourceIndex(run_program(PROGRAMS / "two_apis").resources)
    assert not [text for text in differences(resource_index, rest_apis(resource_index)) if "Deployment" in text]


CANARY = """
import pulumi, pulumi_aws as aws
api = aws.apigateway.RestApi("api", endpoint_configuration={"types": "REGIONAL"})
deployments = [aws.apigateway.Deployment(name, rest_api=api.id) for name in ("old", "new")]
aws.apigateway.Stage("s", rest_api=api.id, deployment=deployments[0].id, stage_name="dev", canary_settings={
    "deployment_id": deployments[INDEX].id, "percent_traffic": 10, "stage_variable_overrides": {"a": "b"}})
"""


@pytest.mark.parametrize(("index", "expected"), [("0", False), ("1", True)])
def test_a_canary_of_another_deployment(tmp_path: Path, index: str, expected: bool) -> None:
    resources = run_program(write_program(tmp_path, CANARY.replace("INDEX", index))).resources
    apis = rest_apis(ResourceIndex(resources))
    canary = apis[0].stages["dev"].canary
    assert canary is not None
    assert (canary.percent_traffic, canary.stage_variable_overrides) == (10.0, {"a": "b"})
    found = list(differences(ResourceIndex(resources), apis))
    assert any("its canary has another deployment than the stage" in text for text in found) is expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("", True),
        ('endpoint_configuration={"types": "EDGE"}', True),
        ('endpoint_configuration={"types": "REGIONAL"}', False),
        ('endpoint_configuration={"types": "PRIVATE"}', False),
    ],
)
def test_an_edge_optimized_api(tmp_path: Path, arguments: str, expected: bool) -> None:
    source = f'import pulumi_aws as aws\naws.apigateway.RestApi("api", {arguments})'
    index = ResourceIndex(run_program(write_program(tmp_path, source)).resources)
    assert any("edge-optimized" in text for text in differences(index, rest_apis(index))) is expected
