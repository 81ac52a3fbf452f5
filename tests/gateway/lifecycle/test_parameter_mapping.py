"""Parameter mappings: what a source yields, and what is no mapping."""

import pytest

from parity.gateway.lifecycle.gateway_response import GatewayResponseError
from parity.gateway.lifecycle.parameter_mapping import (
    MappingExpressionError,
    Value,
    compile_request_mappings,
    compile_response_mappings,
)
from parity.gateway.model.exchange import EndpointResponse, MethodRequest

REQUEST = MethodRequest(
    request_id="1",
    resource_path="/{id}",
    http_method="GET",
    path_parameters={"id": "a b"},
    query={"q": "2", "one": ""},
    multi_value_query={"q": ("1", "2"), "one": ("",)},
    headers={"X-A": "y"},
    multi_value_headers={"X-A": ("x", "y")},
    body=b'{"a": {"b": [1, "two", null]}, "t": true}',
    context={"stage": "dev", "identity": {"sourceIp": "::1"}, "flag": True, "nothing": None},
)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("method.request.path.id", "a b"),
        ("method.request.querystring.q", "2"),
        ("method.request.querystring.one", ""),
        ("method.request.multivaluequerystring.q", ("1", "2")),
        ("method.request.multivaluequerystring.one", ""),
        ("method.request.multivaluequerystring.none", None),
        ("method.request.header.X-A", "y"),
        ("method.request.header.x-a", None),
        ("method.request.multivalueheader.X-A", "x,y"),
        ("method.request.body", '{"a": {"b": [1, "two", null]}, "t": true}'),
        ("method.request.body.a.b[1]", "two"),
        ("method.request.body.a.b", '[1,"two",null]'),
        ("method.request.body.t", "true"),
        ("method.request.body.none", None),
        ("context.stage", "dev"),
        ("context.identity.sourceIp", "::1"),
        ("context.flag", "true"),
        ("context.identity", None),
        ("context.nothing", None),
        ("stageVariables.v", "blue"),
        ("stageVariables.none", None),
        ("'constant'", "constant"),
        ("''", ""),
    ],
)
def test_sources_of_a_request(source: str, value: Value) -> None:
    [mapping] = compile_request_mappings({"integration.request.header.H": source}, {"v": "blue"})
    assert mapping.apply(REQUEST).value == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("integration.response.header.X-A", "y"),
        ("integration.response.header.x-a", None),
        ("integration.response.multivalueheader.X-A", "x,y"),
        ("integration.response.body.id", "7"),
        ("integration.response.body", '{"id": 7}'),
        ("context.stage", "dev"),
        ("'constant'", "constant"),
    ],
)
def test_sources_of_a_response(source: str, value: Value) -> None:
    response = EndpointResponse(status=200, headers=(("X-A", "x"), ("X-A", "y")), body=b'{"id": 7}')
    [mapping] = compile_response_mappings({"method.response.header.H": source}, {})
    assert mapping.apply(response, REQUEST.context).value == value


@pytest.mark.parametrize(
    ("target", "source"),
    [
        ("integration.request.body.a", "'x'"),
        ("integration.request.header.", "'x'"),
        ("header.a", "'x'"),
        ("integration.request.header.A", "method.request.cookie.a"),
        ("integration.request.header.A", "method.request.header."),
        ("integration.request.header.A", "unquoted"),
        ("integration.request.header.A", ""),
    ],
)
def test_what_is_no_mapping_is_told_with_what_is_allowed(target: str, source: str) -> None:
    with pytest.raises(MappingExpressionError, match=r"write integration\.request\.header\.NAME|write method\.request"):
        compile_request_mappings({target: source}, {})


@pytest.mark.parametrize(("body", "fails"), [(b"{", True), (b"'x", True), (b"plain text", False), (b"", False)])
def test_a_body_that_begins_as_json_must_be_json(body: bytes, fails: bool) -> None:
    [mapping] = compile_request_mappings({"integration.request.header.H": "method.request.body.a"}, {})
    request = MethodRequest(request_id="1", resource_path="/", http_method="GET", body=body)
    if fails:
        with pytest.raises(GatewayResponseError) as raised:
            mapping.apply(request)
        assert (raised.value.response_type, raised.value.message) == ("DEFAULT_4XX", "Invalid JSON in request body")
    else:
        assert mapping.apply(request).value is None
