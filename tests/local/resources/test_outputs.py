"""Resources get the ids, names and ARNs that AWS would give them."""

import re
from pathlib import Path
from typing import Any

import pytest

from parity.local.program.records import ResourceRecord
from parity.local.resources.account import EmulatedAccount
from parity.local.resources.outputs import computed_outputs
from tests.local.running_programs import resource, run_program, write_program


def created(type_: str, logical_name: str = "it", *, given_id: str = "", **inputs: Any) -> dict[str, Any]:
    """The outputs of a resource that is created in us-east-1."""
    emulated_account = EmulatedAccount(project="p", stack="s", region="us-east-1", account_id="123456789012")
    urn = f"urn:pulumi:s::p::{type_}::{logical_name}"
    record = ResourceRecord(type=type_, name=logical_name, urn=urn, inputs=inputs)
    return computed_outputs(record, emulated_account, given_id)


@pytest.mark.parametrize(
    ("type_", "inputs", "property_name", "pattern"),
    [
        ("aws:apigateway/restApi:RestApi", {}, "id", r"[a-z0-9]{10}"),
        ("aws:apigateway/restApi:RestApi", {}, "executionArn", r"arn:aws:execute-api:us-east-1:\d{12}:[a-z0-9]{10}"),
        ("aws:apigateway/vpcLink:VpcLink", {}, "arn", r"arn:aws:apigateway:us-east-1::/vpclinks/[a-z0-9]{6}"),
        ("aws:lambda/function:Function", {}, "name", r"it-[0-9a-f]{7}"),
        ("aws:lambda/function:Function", {"name": "f"}, "arn", r"arn:aws:lambda:us-east-1:123456789012:function:f"),
        (
            "aws:lambda/function:Function",
            {"name": "f"},
            "invokeArn",
            r"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:"
            r"function:f/invocations",
        ),
        ("aws:lambda/function:Function", {"name": "f", "publish": True}, "qualifiedArn", r".*:function:f:1"),
        ("aws:lambda/function:Function", {"name": "f"}, "version", r"\$LATEST"),
        ("aws:lambda/alias:Alias", {"functionName": "f", "name": "live"}, "arn", r".*:function:f:live"),
        ("aws:iam/role:Role", {"name": "r"}, "arn", r"arn:aws:iam::123456789012:role/r"),
        ("aws:iam/role:Role", {"namePrefix": "r-"}, "name", r"r-[0-9a-f]{7}"),
        ("aws:ecr/repository:Repository", {"name": "e"}, "repositoryUrl", r"123456789012\.dkr\.ecr\.us-east-1\..*/e"),
        ("aws:ec2/vpc:Vpc", {}, "id", r"vpc-[0-9a-f]{17}"),
        ("aws:ec2/subnet:Subnet", {}, "id", r"subnet-[0-9a-f]{17}"),
        ("aws:lb/loadBalancer:LoadBalancer", {"internal": True}, "dnsName", r"internal-it-.*\.elb\.amazonaws\.com"),
        ("aws:lb/loadBalancer:LoadBalancer", {}, "arn", r"arn:aws:elasticloadbalancing:.*:loadbalancer/app/it-.*/.*"),
        ("aws:ecs/taskDefinition:TaskDefinition", {"family": "f"}, "arn", r".*:task-definition/f:1"),
        ("aws:s3/bucket:Bucket", {"bucket": "b"}, "arn", r"arn:aws:s3:::b"),
        ("aws:sqs/queue:Queue", {"fifoQueue": True}, "name", r"it-[0-9a-f]{7}\.fifo"),
        ("docker-build:index:Image", {"tags": ["r:latest"]}, "ref", r"r:latest@sha256:[0-9a-f]{64}"),
        ("random:index/randomString:RandomString", {"length": 60, "special": False}, "result", r"[A-Za-z0-9]{60}"),
        ("random:index/randomId:RandomId", {"byteLength": 4}, "hex", r"[0-9a-f]{8}"),
        ("random:index/randomPet:RandomPet", {}, "id", r"[a-z]+-[a-z]+"),
    ],
)
def test_identities(type_: str, inputs: dict[str, Any], property_name: str, pattern: str) -> None:
    assert re.fullmatch(pattern, created(type_, **inputs)[property_name])


def test_inputs_are_never_overwritten() -> None:
    assert "url" not in created("aws:sqs/queue:Queue", url="mine")


def test_another_resource_gets_another_identity() -> None:
    type_ = "aws:apigateway/restApi:RestApi"
    assert created(type_, "one")["id"] != created(type_, "two")["id"]


def test_a_resource_that_exists_already_keeps_its_id() -> None:
    assert created("aws:s3/bucket:Bucket", given_id="theirs")["arn"] == "arn:aws:s3:::theirs"
    assert created("aws:ec2/vpc:Vpc", given_id="vpc-1")["arn"] == "arn:aws:ec2:us-east-1:123456789012:vpc/vpc-1"
    assert created("aws:lambda/function:Function", given_id="f")["arn"].endswith(":function:f")
    assert created("aws:apigateway/restApi:RestApi", given_id="abc123")["id"] == "abc123"


def test_a_type_that_nothing_is_known_of_has_what_its_class_promises(tmp_path: Path) -> None:
    source = "import pulumi_aws as aws\naws.kinesis.Stream('events', shard_count=1, tags={'a': 'b'})\n"
    stream = resource(run_program(write_program(tmp_path, source)), "aws:kinesis/stream:Stream", "events")
    assert stream.outputs["arn"].startswith("arn:aws:kinesis:us-east-1:123456789012:")
    assert re.fullmatch(r"events-[0-9a-f]{7}", stream.outputs["name"])
    assert stream.outputs["tagsAll"] == {"a": "b"}
    assert "retentionPeriod" not in stream.outputs, "an optional property stays empty"


def test_default_tags_of_a_provider_reach_its_resources(tmp_path: Path) -> None:
    source = (
        "import pulumi, pulumi_aws as aws\n"
        "provider = aws.Provider('p', region='cn-north-1', default_tags={'tags': {'team': 'a'}})\n"
        "topic = aws.kinesis.Stream('s', tags={'own': 'b'}, opts=pulumi.ResourceOptions(provider=provider))\n"
        "pulumi.export('tags', topic.tags_all)\npulumi.export('arn', topic.arn)\n"
    )
    outputs = run_program(write_program(tmp_path, source)).outputs
    assert outputs["tags"] == {"team": "a", "own": "b"}
    assert outputs["arn"].startswith("arn:aws-cn:kinesis:cn-north-1:")


def test_paths_and_invoke_urls(tmp_path: Path) -> None:
    source = (
        "import pulumi, pulumi_aws as aws\n"
        "api = aws.apigateway.RestApi('api')\n"
        "a = aws.apigateway.Resource('a', rest_api=api.id, parent_id=api.root_resource_id, path_part='a')\n"
        "b = aws.apigateway.Resource('b', rest_api=api.id, parent_id=a.id, path_part='{proxy+}')\n"
        "d = aws.apigateway.Deployment('d', rest_api=api.id)\n"
        "s = aws.apigateway.Stage('s', rest_api=api.id, deployment=d.id, stage_name='live')\n"
        "pulumi.export('path', b.path)\npulumi.export('url', s.invoke_url)\npulumi.export('arn', s.execution_arn)\n"
    )
    result = run_program(write_program(tmp_path, source))
    api = resource(result, "aws:apigateway/restApi:RestApi", "api")
    assert result.outputs["path"] == "/a/{proxy+}"
    assert result.outputs["url"] == "http://local.test/live"
    assert result.outputs["arn"] == f"{api.outputs['executionArn']}/live"
