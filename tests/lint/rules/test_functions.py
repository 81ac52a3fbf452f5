"""Functions that Lambda refuses, or that only Lambda runs."""

import pytest

from parity.lint.linter import lint_program
from parity.local.program.resource_index import ResourceIndex
from tests.local.running_programs import run_program, write_program

PROGRAM = """
import pulumi, pulumi_aws as aws
code = pulumi.AssetArchive({"index.js": pulumi.StringAsset("")})
for number, arguments in enumerate(FUNCTIONS):
    aws.lambda_.Function(f"f{number}", role="r", **{"code": code, **arguments})
"""
ZIP = {"handler": "index.handler", "runtime": "python3.13"}
RIGHT = [
    *({**ZIP, "runtime": name} for name in ("python3.9", "python3.14", "nodejs18.x", "nodejs24.x", "provided.al2023")),
    {"package_type": "Image", "image_uri": "image"},
    {**ZIP, "timeout": 900, "memory_size": 10240, "environment": {"variables": {"LONG": "x" * 4092}}},
    {**ZIP, "environment": {"variables": {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/wrapper", "TABLE": "t"}}},
]
REFUSED = [
    {**ZIP, "environment": {"variables": {"AWS_REGION": "x"}}},
    {"runtime": "python3.13"},
    {"handler": "index.handler"},
    {**ZIP, "timeout": 901},
    {**ZIP, "memory_size": 64},
    {**ZIP, "environment": {"variables": {"LONG": "x" * 4093}}},
    {**ZIP, "layers": [f"arn:aws:lambda:us-east-1:1:layer:l{number}:1" for number in range(6)]},
]
ELSEWHERE = [{**ZIP, "runtime": name} for name in ("java21", "dotnet8", "ruby3.4", "go1.x")]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, str]]:
    """The rule, function and message of each finding."""
    source = PROGRAM.replace("FUNCTIONS", repr([*RIGHT, *REFUSED, *ELSEWHERE]))
    resources = run_program(write_program(tmp_path_factory.mktemp("program"), source)).resources
    findings = lint_program(ResourceIndex(resources), ())
    return [(finding.rule, finding.declared_by.split('"')[1], finding.message) for finding in findings]


def test_what_lambda_refuses_is_an_error_and_nothing_else_is(found: list[tuple[str, str, str]]) -> None:
    assert [(name, message) for rule, name, message in found if rule == "function-refused"] == [
        ("f8", "Lambda reserves the environment variable AWS_REGION"),
        ("f9", "a function of a Zip archive has a handler, and this one has none"),
        ("f10", "a function of a Zip archive has a runtime, and this one has none"),
        ("f11", "its timeout is 901 seconds, and Lambda takes 1 to 900"),
        ("f12", "its memorySize is 64 MB, and Lambda takes 128 to 10240"),
        ("f13", "its environment variables have 4097 bytes, and Lambda takes 4096"),
        ("f14", "it has 6 layers, and Lambda takes 5"),
    ]


def test_a_runtime_that_is_not_emulated_is_said(found: list[tuple[str, str, str]]) -> None:
    assert [name for rule, name, _ in found if rule == "function-runtime"] == ["f15", "f16", "f17", "f18"]
