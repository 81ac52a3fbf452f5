"""Deployments that changes of the API do not replace."""

from pathlib import Path

import pytest

from parity.lint.linter import lint_program
from parity.local.program.resource_index import ResourceIndex
from parity.local.rest_api.rest_apis import rest_apis
from tests.local.running_programs import run_program, write_program

PROGRAM = """
import hashlib, json, pulumi, pulumi_aws as aws
api = aws.apigateway.RestApi("api")
of_method = lambda verb: {"rest_api": api.id, "resource_id": api.root_resource_id, "http_method": verb}
methods = [aws.apigateway.Method(verb, **of_method(verb), authorization="NONE") for verb in ("GET", "PUT")]
integrations = [aws.apigateway.Integration(verb, **of_method(verb), type="MOCK",
                request_templates={"application/json": '{"statusCode": 200}'}) for verb in ("GET", "PUT")]
method, integration = methods[0], integrations[0]
def sha1(values): return hashlib.sha1(json.dumps(values).encode()).hexdigest()
def shape(resources): return pulumi.Output.json_dumps([each.request_templates for each in resources]).apply(sha1)
aws.apigateway.Deployment(NAME, rest_api=api.id, opts=pulumi.ResourceOptions(depends_on=integrations), ARGUMENTS)
"""


def found(folder: Path, arguments: str, name: str = '"deployment"') -> list[str]:
    """The messages about a deployment with these arguments."""
    program = write_program(folder, PROGRAM.replace("ARGUMENTS", arguments).replace("NAME", name))
    index = ResourceIndex(run_program(program).resources)
    return [finding.message for finding in lint_program(index, tuple(rest_apis(index)))]


@pytest.mark.parametrize(
    ("arguments", "missed"),
    [
        ("", "it has no triggers"),
        ("triggers={}", "it has no triggers"),
        ("triggers={'a': method.id, 'b': integration.id}", "computed from ids alone"),
        ("triggers={'a': pulumi.Output.json_dumps([method.id, integration.id])}", "computed from ids alone"),
        ("triggers={'a': pulumi.Output.all(method.id, integration.id).apply(sha1)}", "computed from ids alone"),
        ("triggers={'a': shape(integrations[:1])}", 'not computed from aws.apigateway.Integration "PUT"'),
    ],
)
def test_triggers_that_miss_a_part_of_the_api(tmp_path: Path, arguments: str, missed: str) -> None:
    (message,) = found(tmp_path, arguments)
    assert missed in message


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ("triggers={'a': shape(integrations)}", '"deployment"'),
        ("triggers={'a': sha1(['templates', 'and', 'mappings'])}", '"deployment"'),
        ("triggers={'version': '17'}", '"deployment"'),
        ("triggers={'a': api.execution_arn.apply(lambda arn: sha1([arn, 'templates']))}", '"deployment"'),
        ("variables={'shape': '1'}", '"deployment"'),
        ("", "'deployment-' + sha1(['templates'])[:8]"),
    ],
)
def test_triggers_that_may_see_every_part(tmp_path: Path, arguments: str, name: str) -> None:
    assert found(tmp_path, arguments, name) == []
