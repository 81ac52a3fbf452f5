"""Where a template's output stops being what its content type says, and which reference rendered it."""

import pytest

from parity.compare.case import Case
from parity.compare.diagnosis.broken_template import BrokenTemplate, broken_template, xml_fault
from parity.gateway.model.definition import Integration
from parity.jsonpath.json_fault import Fault
from tests.fuzz.fuzz_gateway import GatewayInProcess, function, mock


def broken(integration: Integration, query: str, *, body: bytes | None = None) -> BrokenTemplate | None:
    """What a request with this query string breaks."""
    case = Case(name="a", method="POST", path="/a", query_string=query, body=body)
    exchange = GatewayInProcess(integration).observe(0, case).replies[0].exchange
    assert exchange is not None
    return broken_template(exchange)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<a>é&amp;</a>", None),
        ("<a>é&</a>", Fault(message="not well-formed (invalid token)", offset=5)),
        ("<a>", Fault(message="no element found", offset=3)),
    ],
)
def test_xml_is_well_formed(text: str, fault: Fault | None) -> None:
    assert xml_fault(text) == fault


def test_the_line_the_column_and_the_reference_are_told() -> None:
    template = '{\n#set($who = $input.params("who"))\n  "of": "$context.httpMethod",\n  "who": "$who"\n}'

    found = broken(function(template), "who=%22ho")

    assert found is not None
    assert (found.stage, found.language) == ("request", "JSON")
    assert (found.line, found.column) == (3, 12)
    assert found.template.output.splitlines()[2] == '  "who": ""ho"'
    assert found.reference is not None
    assert (found.reference.literal, found.reference.line, found.reference.column) == ("$who", 4, 11)


def test_a_reference_in_a_loop_is_told_by_the_pass_that_broke() -> None:
    template = '[#foreach($name in $input.params().querystring.keySet())"$name"#if($foreach.hasNext),#end#end]'

    found = broken(function(template), "good=1&b%22d=2&fine=3")

    assert found is not None
    assert found.reference is not None
    assert found.template.output[found.reference.start : found.reference.end] == 'b"d'


def test_a_nan_that_api_gateway_prints_itself_is_no_fault_of_the_template() -> None:
    assert broken(function('{"body": $input.json("$")}'), "", body=b"[NaN]") is None
    found = broken(function('{"body": $input.params("a")}'), "a=NaN")

    assert found is not None
    assert found.fault.message == "NaN is not JSON"


def test_a_template_that_breaks_by_itself_blames_no_reference() -> None:
    found = broken(function('{"a": }'), "")

    assert found is not None
    assert found.reference is None


def test_a_response_template_is_looked_at_too() -> None:
    found = broken(mock('{"who": "$input.params("who")"}'), "who=%5C")

    assert found is not None
    assert found.stage == "response"
    assert found.reference is not None
    assert found.reference.literal == '$input.params("who")'


@pytest.mark.parametrize("content_type", ["application/xml", "text/xml; charset=utf-8", "application/soap+xml"])
def test_xml_is_looked_at_too(content_type: str) -> None:
    found = broken(mock('<a by="$input.params("who")"/>', content_type), "who=%22")

    assert found is not None
    assert found.language == "XML"


def test_what_a_service_with_a_json_protocol_is_sent_is_json() -> None:
    put = Integration(
        type="AWS",
        uri="arn:aws:apigateway:us-east-1:dynamodb:action/PutItem",
        credentials="arn:aws:iam::123456789012:role/gateway",
        request_templates={"application/json": '{"TableName": "orders", "Item": {"id": {"S": "$input.params("id")}}}'},
    )

    found = broken(put, "id=1")

    assert found is not None
    assert (found.stage, found.language) == ("request", "JSON")


def test_the_reference_is_told_of_a_template_that_reads_stage_variables() -> None:
    integration = function('{"table": "$stageVariables.table",\n "who": "$input.params("who")"}')
    observed = GatewayInProcess(integration, stage_variables={"table": "orders"})

    exchange = observed.observe(0, Case(name="a", method="POST", path="/a", query_string="who=%22")).replies[0].exchange

    assert exchange is not None
    found = broken_template(exchange)
    assert found is not None
    assert found.reference is not None
    assert (found.reference.literal, found.reference.line) == ('$input.params("who")', 2)


@pytest.mark.parametrize(
    ("output", "content_type"), [("", "application/json"), (" \n", "application/json"), ("{", "text/html")]
)
def test_nothing_and_what_is_said_to_be_neither_is_no_fault(output: str, content_type: str) -> None:
    assert broken(mock(output, content_type), "") is None


def test_the_lenient_request_template_of_a_mock_is_no_fault() -> None:
    loose = Integration(type="MOCK", request_templates={"application/json": "{statusCode: 200}"})

    assert broken(loose, "") is None
