"""The Lambda functions of a program, from their records."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from parity.local.functions.assets import AssetStore
from parity.local.functions.concurrency import AccountConcurrency
from parity.local.functions.function import LambdaFunction
from parity.local.functions.functions import UnavailableFunctionError, lambda_function
from parity.local.program.resource_index import ResourceIndex
from tests.local.running_programs import resource, run_program, write_program

PROGRAM = """
import pulumi, pulumi_aws as aws
code = pulumi.AssetArchive({"handler.py": pulumi.StringAsset("def handler(event, context): return event")})
common = {"handler": "handler.handler", "runtime": "python3.12", "role": "r"}
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AssetStore]:
    """A store for the program's folder."""
    opened = AssetStore(tmp_path)
    yield opened
    opened.close()


def function_of(folder: Path, store: AssetStore, source: str, log: list[str] | None = None) -> LambdaFunction:
    """The function `f` of a program that begins as above."""
    result = run_program(write_program(folder, PROGRAM + source))
    record = resource(result, "aws:lambda/function:Function", "f")
    lines = [] if log is None else log
    return lambda_function(
        record, ResourceIndex(result.resources), store, log=lines.append, account=AccountConcurrency()
    )


def test_settings_and_their_defaults(tmp_path: Path, store: AssetStore) -> None:
    plain = function_of(tmp_path, store, 'aws.lambda_.Function("f", code=code, **common)').configuration
    assert (plain.timeout_seconds, plain.memory_size_mb, dict(plain.environment)) == (3, 128, {})
    source = """aws.lambda_.Function("f", code=code, name="named", timeout=7, memory_size=512, region="eu-west-1",
    environment={"variables": {"A": "b", "SECRET": pulumi.Output.secret("s")}}, **common)"""
    own = function_of(tmp_path, store, source).configuration
    assert (own.name, own.timeout_seconds, own.memory_size_mb, own.region) == ("named", 7, 512, "eu-west-1")
    assert own.environment == {"A": "b", "SECRET": "s"}


def test_logging_reaches_the_runtime(tmp_path: Path, store: AssetStore) -> None:
    source = """aws.lambda_.Function("f", code=code, logging_config={"log_format": "JSON",
    "application_log_level": "WARN", "log_group": "/own"}, **common)"""
    own = function_of(tmp_path, store, source).configuration
    assert own.log_group == "/own"
    assert own.environment == {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "WARN"}
    text = 'aws.lambda_.Function("f", name="n", code=code, logging_config={"log_format": "Text"}, **common)'
    plain = function_of(tmp_path, store, text).configuration
    assert (plain.log_group, plain.environment) == ("/aws/lambda/n", {})


def test_code_in_a_bucket_of_the_program(tmp_path: Path, store: AssetStore) -> None:
    source = """
bucket = aws.s3.Bucket("code")
stored = aws.s3.BucketObject("code.zip", bucket=bucket.id, key="code.zip", source=code)
aws.lambda_.Function("f", s3_bucket=bucket.id, s3_key=stored.key, **common)
"""
    function = function_of(tmp_path, store, source)
    assert [path.name for path in function.configuration.code.iterdir()] == ["handler.py"]


def test_code_in_a_bucket_of_others_is_not_here(tmp_path: Path, store: AssetStore) -> None:
    source = 'aws.lambda_.Function("f", s3_bucket="theirs", s3_key="code.zip", **common)'
    with pytest.raises(UnavailableFunctionError, match=r"s3://theirs/code\.zip, which this program does not declare"):
        function_of(tmp_path, store, source)


def test_layers_of_the_program_are_used_and_others_left_out(tmp_path: Path, store: AssetStore) -> None:
    source = """
layer = aws.lambda_.LayerVersion("l", layer_name="own", code=pulumi.AssetArchive({
    "python/tool.py": pulumi.StringAsset("")}))
aws.lambda_.Function("f", code=code, layers=[layer.arn, "arn:aws:lambda:us-east-1:1:layer:theirs:3"], **common)
"""
    log: list[str] = []
    (layer,) = function_of(tmp_path, store, source, log).configuration.layers
    assert (layer / "python" / "tool.py").is_file()
    (line,) = log
    assert "uses the layer arn:aws:lambda:us-east-1:1:layer:theirs:3, which this program does not declare" in line
