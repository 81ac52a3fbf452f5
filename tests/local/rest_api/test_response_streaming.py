"""A function that streams its answer, from the Pulumi program to the client."""

import http.client
import shutil
from pathlib import Path

import pytest

from parity.local.session import running
from tests.local.running_programs import write_program

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs node on the PATH")

PROGRAM = '''
import pulumi, pulumi_aws as aws
SOURCE = """
const fs = require("node:fs");
exports.handler = awslambda.streamifyResponse(async (event, stream) => {
  const metadata = {statusCode: 201, headers: {"Content-Type": "text/event-stream"}, cookies: ["a=1"]};
  stream = awslambda.HttpResponseStream.from(stream, metadata);
  stream.write("data: " + event.path + "\\\\n");
  while (!fs.existsSync(event.queryStringParameters.until)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  stream.end("data: end\\\\n");
});
"""
function = aws.lambda_.Function("f", runtime="nodejs20.x", handler="index.handler", role="arn:aws:iam::1:role/r",
    code=pulumi.AssetArchive({"index.js": pulumi.StringAsset(SOURCE)}))
permission = aws.lambda_.Permission("p", function=function.name, action="lambda:InvokeFunction",
    principal="apigateway.amazonaws.com")
api = aws.apigateway.RestApi("api", endpoint_configuration={"types": "REGIONAL"})
common = {"rest_api": api.id, "resource_id": api.root_resource_id, "http_method": "GET"}
method = aws.apigateway.Method("m", **common, authorization="NONE")
integration = aws.apigateway.Integration("i", **common, type="AWS_PROXY", integration_http_method="POST",
    uri=function.response_streaming_invoke_arn, response_transfer_mode="STREAM", timeout_milliseconds=60000)
deployment = aws.apigateway.Deployment("d", rest_api=api.id, triggers={"a": "b"},
    opts=pulumi.ResourceOptions(depends_on=[integration]))
aws.apigateway.Stage("s", rest_api=api.id, deployment=deployment.id, stage_name="dev")
'''


def test_a_streamed_answer_comes_as_the_function_writes_it(tmp_path: Path) -> None:
    received = tmp_path / "received"
    with running(write_program(tmp_path, PROGRAM)) as session:
        connection = http.client.HTTPConnection(session.apis[0].origin.removeprefix("http://"))
        connection.request("GET", f"/dev/?until={received}")
        answer = connection.getresponse()
        first = answer.readline()  # which the function waits for
        received.touch()
        rest = answer.read()
        connection.close()
        notices = session.notices
    assert (answer.status, first, rest) == (201, b"data: /\n", b"data: end\n")
    assert (answer.headers["Content-Type"], answer.headers["Set-Cookie"]) == ("text/event-stream", "a=1")
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert notices == []
