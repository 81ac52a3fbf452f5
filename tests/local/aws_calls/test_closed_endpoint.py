"""The endpoint that stops calls to AWS: the real SDK raises its own client error, whatever the service's protocol."""

import asyncio
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from typing import Any

import boto3
import botocore.exceptions
import pytest
import pytest_asyncio

from parity.local.aws_calls.closed_endpoint import ClosedEndpoint

HINT = "start parity with --aws-endpoint"


@pytest_asyncio.fixture
async def endpoint() -> AsyncIterator[tuple[str, list[str]]]:
    """The URL of a closed endpoint, and its log."""
    log: list[str] = []
    closed = ClosedEndpoint(log.append)
    await closed.start()
    yield closed.url, log
    closed.close()


CALLS = {
    "JSON": ("dynamodb", "scan", "Scan", {"TableName": "items"}),
    "JSON or CBOR": ("sqs", "list_queues", "ListQueues", {}),
    "query": ("sns", "list_topics", "ListTopics", {}),
    "EC2": ("ec2", "describe_vpcs", "DescribeVpcs", {}),
    "CBOR or query": ("cloudwatch", "list_metrics", "ListMetrics", {}),
    "REST with JSON": ("lambda", "list_functions", "GET /2015-03-31/functions", {}),
    "REST with XML": ("route53", "list_hosted_zones", "GET /2013-04-01/hostedzone", {}),
    "S3": ("s3", "get_object", "GET /bucket/key", {"Bucket": "bucket", "Key": "key"}),
    "S3 with a body": ("s3", "put_object", "PUT /bucket/key", {"Bucket": "bucket", "Key": "key", "Body": b"x"}),
}


@pytest.mark.parametrize(("service", "method", "operation", "arguments"), CALLS.values(), ids=CALLS.keys())
async def test_a_call_is_an_error_of_the_sdk_that_says_what_to_do(
    endpoint: tuple[str, list[str]], service: str, method: str, operation: str, arguments: dict[str, Any]
) -> None:
    url, log = endpoint
    credentials = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "eu-west-1"}
    client = boto3.client(service, endpoint_url=url, **credentials)
    with pytest.raises(botocore.exceptions.ClientError) as raised:
        await asyncio.to_thread(getattr(client, method), **arguments)
    assert raised.value.response["Error"]["Code"] == "NoAwsEndpoint"
    assert HINT in raised.value.response["Error"]["Message"]
    signed_for = "monitoring" if service == "cloudwatch" else service
    (line,) = log
    assert line.startswith(f"a call to AWS was stopped: {signed_for} {operation}; {HINT}")
    assert line.endswith("python -m pip install 'parity[aws]'")


async def test_what_is_not_signed_is_refused_too(endpoint: tuple[str, list[str]]) -> None:
    url, log = endpoint
    with pytest.raises(urllib.error.HTTPError) as raised:
        await asyncio.to_thread(urllib.request.urlopen, f"{url}/%1b[2J", timeout=5)
    assert raised.value.code == 400
    assert log[0].startswith("a call to AWS was stopped: unsigned GET /%1b[2J")
