"""When the emulator of AWS services is started, and what is used in its place."""

import asyncio
import json
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from parity.gateway.model.backends import LambdaResult
from parity.gateway.model.exchange import Request
from parity.local.program.records import ResourceRecord
from parity.local.services import live_services
from parity.local.services.live_services import LiveServices
from parity.local.session import open_session
from tests.gateway.support import http_backend, reply
from tests.local.running_programs import write_program

TABLE = ResourceRecord(
    type="aws:dynamodb/table:Table", name="items", urn="items", outputs={"name": "items-1", "arn": "arn:items-1"}
)
PROGRAM = """
import pulumi, pulumi_aws as aws
api = aws.apigateway.RestApi("api")
at = {"rest_api": api.id, "resource_id": api.root_resource_id, "http_method": "POST"}
method = aws.apigateway.Method("m", authorization="NONE", **at)
role = "arn:aws:iam::123456789012:role/gateway"
integration = aws.apigateway.Integration("i", type="AWS", integration_http_method="POST", credentials=role,
    uri="arn:aws:apigateway:us-east-1:dynamodb:action/ListTables",
    opts=pulumi.ResourceOptions(depends_on=[method]), **at)
response = aws.apigateway.MethodResponse("r", status_code="200", opts=pulumi.ResourceOptions(depends_on=[method]), **at)
answer = aws.apigateway.IntegrationResponse("a", status_code="200",
    opts=pulumi.ResourceOptions(depends_on=[integration, response]), **at)
deployment = aws.apigateway.Deployment("d", rest_api=api.id, opts=pulumi.ResourceOptions(depends_on=[answer]))
stage = aws.apigateway.Stage("s", rest_api=api.id, deployment=deployment.id, stage_name="dev")
pulumi.export("url", stage.invoke_url)
"""


async def no_function(function: str, payload: bytes, *, asynchronous: bool = False) -> LambdaResult:
    raise AssertionError(function)


async def started(records: list[ResourceRecord], environment: dict[str, str] | None = None) -> bool:
    """Whether the emulator is started by these resources, and a function with these environment variables."""
    services = LiveServices(Path(), {}, invoke=no_function, log=print)
    try:
        for record in records:
            services.add(record)
        services.serve(environment or {})
        return services.needed
    finally:
        await services.aclose()


async def test_a_table_alone_starts_nothing() -> None:
    assert not await started([TABLE])


async def test_a_function_that_is_given_the_tables_name_starts_it() -> None:
    assert not await started([TABLE], {"LOG": "items"})
    assert await started([TABLE], {"TABLE": "items-1"})


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        ("aws:apigateway/integration:Integration", {"uri": "arn:aws:apigateway:us-east-1:sqs:path/1/q"}),
        ("aws:apigateway/restApi:RestApi", {"body": '{"uri": "arn:aws:apigateway:us-east-1:s3:path/b/k"}'}),
        ("aws:lambda/eventSourceMapping:EventSourceMapping", {}),
        ("aws:sns/topicSubscription:TopicSubscription", {"protocol": "lambda"}),
    ],
)
async def test_what_starts_it(type_: str, inputs: dict[str, str]) -> None:
    assert await started([ResourceRecord(type=type_, name="x", urn="x", inputs=inputs)])


async def test_what_does_not_start_it() -> None:
    function = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:::function:f/invocations"
    integration = {"uri": function}
    assert not await started(
        [
            ResourceRecord(type="aws:apigateway/integration:Integration", name="i", urn="i", inputs=integration),
            ResourceRecord(
                type="aws:sns/topicSubscription:TopicSubscription", name="s", urn="s", inputs={"protocol": "sqs"}
            ),
        ]
    )


async def test_without_the_extra_a_request_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_services, "emulator_is_installed", lambda: False)
    log: list[str] = []
    program = write_program(tmp_path, PROGRAM)
    async with open_session(program, record=True, log_sink=lambda _, line: log.append(line)) as session:
        (api,) = session.apis
        exchange = await api.gateways["dev"].handle(_post())
    assert exchange.gateway_response is not None
    assert "pip install 'parity[aws]'" in exchange.gateway_response.reason
    assert any("pip install 'parity[aws]'" in line for line in log)


async def test_an_endpoint_takes_the_emulators_place(tmp_path: Path) -> None:
    program = write_program(tmp_path, PROGRAM)
    async with (
        http_backend(reply('{"TableNames": []}')) as backend,
        open_session(program, aws_endpoints={"dynamodb": backend.url}) as session,
    ):
        exchange = await session.apis[0].gateways["dev"].handle(_post())
    assert exchange.response is not None
    assert exchange.response.body == b'{"TableNames": []}'
    assert backend.requests[0].header("X-Amz-Target") == "DynamoDB_20120810.ListTables"


async def test_the_programs_resources_are_created_at_the_endpoint(tmp_path: Path) -> None:
    table = """
aws.dynamodb.Table("items", name="items", hash_key="id", billing_mode="PAY_PER_REQUEST",
    attributes=[{"name": "id", "type": "S"}])
aws.sns.Topic("news", name="news")
"""
    program = write_program(tmp_path, PROGRAM + table)
    server = ThreadedMotoServer(port=0)
    await asyncio.to_thread(server.start)
    try:
        host, port = server.get_host_and_port()
        log: list[str] = []
        for _ in range(2):  # what is there already stays
            endpoints = {"": f"http://{host}:{port}"}
            async with open_session(
                program, aws_endpoints=endpoints, log_sink=lambda _, line: log.append(line)
            ) as session:
                exchange = await session.apis[0].gateways["dev"].handle(_post())
            assert exchange.response is not None
            assert json.loads(exchange.response.body) == {"TableNames": ["items"]}
        assert log == []
    finally:
        await asyncio.to_thread(server.stop)


def _post() -> Request:
    return Request(method="POST", path="/", headers=(("Host", "localhost"),), body=b"{}")
