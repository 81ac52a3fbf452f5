"""Where the functions of a served program reach AWS."""

import asyncio
import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from parity.local.services import live_services
from parity.local.session import open_session
from tests.local.running_programs import write_program

PROGRAM = '''
import pulumi, pulumi_aws as aws
code = """
import os, boto3
def handler(event, context):
    try:
        boto3.client("dynamodb").list_tables()
    except Exception as error:
        raised = str(error)
    variables = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    return {"statusCode": 200, "body": __import__("json").dumps({"raised": raised, "variables": variables})}
"""
function = aws.lambda_.Function("f", runtime="python3.13", handler="app.handler", role="r", timeout=20,
    environment={"variables": {"AWS_ENDPOINT_URL_SQS": "http://own"}},
    code=pulumi.AssetArchive({"app.py": pulumi.StringAsset(code)}))
api = aws.apigateway.RestApi("api")
at = {"rest_api": api.id, "resource_id": api.root_resource_id}
method = aws.apigateway.Method("any", http_method="ANY", authorization="NONE", **at)
integration = aws.apigateway.Integration("any", http_method=method.http_method, type="AWS_PROXY",
    integration_http_method="POST", uri=function.invoke_arn, **at)
aws.lambda_.Permission("p", action="lambda:InvokeFunction", function=function.name,
    principal="apigateway.amazonaws.com", source_arn=api.execution_arn.apply(lambda arn: f"{arn}/*"))
deployment = aws.apigateway.Deployment("d", rest_api=api.id, opts=pulumi.ResourceOptions(depends_on=[integration]))
stage = aws.apigateway.Stage("s", rest_api=api.id, deployment=deployment.id, stage_name="dev")
pulumi.export("url", stage.invoke_url)
'''


async def answer_of(folder: Path, log: list[tuple[str, str]], aws_endpoints: dict[str, str]) -> dict[str, Any]:
    """What the function saw and caught."""
    write_program(folder, PROGRAM)
    sink = lambda group, line: log.append((group, line))  # noqa: E731
    async with open_session(folder, log_sink=sink, aws_endpoints=aws_endpoints) as session:

        def call() -> dict[str, Any]:
            with urllib.request.urlopen(session.outputs["url"], timeout=30) as response:
                answer: dict[str, Any] = json.load(response)
                return answer

        return await asyncio.to_thread(call)


async def test_without_an_endpoint_a_call_is_stopped_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_services, "emulator_is_installed", lambda: False)
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://dynamodb.us-east-1.amazonaws.com")
    log: list[tuple[str, str]] = []
    answer = await answer_of(tmp_path, log, {})
    assert "(NoAwsEndpoint)" in answer["raised"]
    assert "start parity with --aws-endpoint" in answer["raised"]
    assert next(line for group, line in log if group == "/aws").startswith(
        "a call to AWS was stopped: dynamodb ListTables; start parity with --aws-endpoint"
    )
    assert answer["variables"]["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
    assert "AWS_PROFILE" not in answer["variables"]


async def test_given_endpoints_reach_the_function_and_its_own_come_first(tmp_path: Path) -> None:
    given = {"": "http://127.0.0.1:9/all", "dynamodb": "http://127.0.0.1:9/tables", "sqs": "http://127.0.0.1:9/queues"}
    answer = await answer_of(tmp_path, [], given)
    assert "http://127.0.0.1:9/tables" in answer["raised"]
    assert answer["variables"]["AWS_ENDPOINT_URL"] == "http://127.0.0.1:9/all"
    assert answer["variables"]["AWS_ENDPOINT_URL_SQS"] == "http://own"
