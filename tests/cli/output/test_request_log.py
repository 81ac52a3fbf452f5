"""The line that `serve` prints for each request."""

import asyncio
import io
from pathlib import Path

from parity.cli.output.request_log import RequestLog
from parity.gateway.model.exchange import (
    EndpointResponse,
    Exchange,
    GatewayResponse,
    IntegrationRequest,
    MethodRequest,
    MethodResponse,
    RenderedTemplate,
    Request,
)

TEMPLATE = '{\n  "a": "$input.params(\'a\')"\n}'


def printed(*exchanges: Exchange, program: Path = Path()) -> list[str]:
    """The lines, without the time of day."""

    async def run() -> str:
        stream = io.StringIO()
        log = RequestLog(stream, program)
        for exchange in exchanges:
            log.add(exchange)
        log.flush()
        return stream.getvalue()

    return [line[9:] for line in asyncio.run(run()).splitlines()]


def exchange(status: int, **stages: object) -> Exchange:
    request = Request(method="POST", path="/orders", query_string="token=secret", headers=(("Authorization", "key"),))
    response = MethodResponse(status=status)
    return Exchange(request=request, request_id="r", response=response, timings_ms={"a": 1.2, "b": 2.0}, **stages)  # type: ignore[arg-type]


def test_a_request_is_a_line_with_method_path_status_and_time() -> None:
    assert printed(exchange(200, endpoint_response=EndpointResponse(status=200))) == ["POST /orders 200 3 ms"]


def test_an_error_has_its_reason() -> None:
    failure = GatewayResponse(response_type="THROTTLED", message="Too Many Requests", reason="")
    assert printed(exchange(429, gateway_response=failure)) == ["POST /orders 429 3 ms  THROTTLED: Too Many Requests"]


def test_a_template_that_broke_is_named_with_its_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "orders.vtl").write_text(TEMPLATE)
    rendered = RenderedTemplate(content_type="application/json", source=TEMPLATE, output='{\n  "a": "say "hi""\n}')
    request = IntegrationRequest(type="AWS", method="POST", uri="arn:aws:lambda:x", template=rendered)
    method = MethodRequest(request_id="r", resource_path="/orders", http_method="POST", query={"a": 'say "hi"'})
    broken = exchange(
        500,
        method_request=method,
        integration_request=request,
        endpoint_response=EndpointResponse(status=400, body=b"{}"),
    )
    line, place = printed(broken, program=tmp_path)
    assert line.startswith("POST /orders 500 3 ms  the request template for application/json does not give JSON:")
    assert place == "orders.vtl:2: $input.params('a') rendered say \"hi\""


def test_nothing_of_a_request_acts_on_the_terminal() -> None:
    failure = GatewayResponse(response_type="DEFAULT_5XX", message=None, reason="bad \x1b[2J\x9b31m")
    (line,) = printed(exchange(500, gateway_response=failure))
    assert line.endswith("DEFAULT_5XX: bad ␛[2J�31m")
