"""What the mapping templates make of a request and of a failure, rendered by the gateway's own engine."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.configuration.settings import read_settings
from infra.rest_api.mapping_templates import http_error_template, http_request_template, read_template
from parity.gateway.templates.mapping_template import MappingTemplate, TemplateInput

PLAIN = read_settings(dict[str, str]().get, "parity", "dev")
EVERY_NAME = read_settings({"queryStrings": "*", "headers": "*"}.get, "parity", "dev")
texts = st.text(st.characters(codec="utf-8"), max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda values: st.lists(values, max_size=3) | st.dictionaries(texts, values, max_size=3),
)
parameters = st.dictionaries(texts.filter(bool), texts, max_size=4)


def render(source: str, **request: Any) -> tuple[str, dict[str, Any]]:
    """A template's output, and the context afterwards."""
    template_input = TemplateInput(**{"context": overrides(), **request})
    return MappingTemplate(source).render(template_input), template_input.context


def overrides() -> dict[str, Any]:
    return {"httpMethod": "POST", "requestOverride": {"header": {}, "path": {}, "querystring": {}}}


def event(**request: Any) -> dict[str, Any]:
    """The event of the function."""
    found: dict[str, Any] = json.loads(render(read_template("lambda_request"), **request)[0])
    return found


def test_the_event_holds_the_whole_request() -> None:
    received = event(
        body='{"keybody":"valuebody"}',
        path={"proxy": "path1/path2"},
        querystring={"query1": "a", "query2": "b"},
        header={"header1": "value1"},
    )
    assert received == {
        "method": "POST",
        "authcontext": "",
        "body-json": {"keybody": "valuebody"},
        "params": {
            "path": {"proxy": "path1/path2"},
            "querystring": {"query1": "a", "query2": "b"},
            "header": {"header1": "value1"},
        },
    }


def test_the_authorizers_string_is_the_authcontext() -> None:
    context = {**overrides(), "authorizer": {"stringkey": 'it\'s "me"'}}
    assert event(context=context)["authcontext"] == 'it\'s "me"'


@given(path=texts, querystring=parameters, header=parameters)
def test_any_value_and_any_name_reaches_the_function_as_it_was(
    path: str, querystring: dict[str, str], header: dict[str, str]
) -> None:
    params = event(path={"proxy": path}, querystring=querystring, header=header)["params"]
    assert params == {"path": {"proxy": path}, "querystring": querystring, "header": header}


@given(json_values)
def test_both_backends_receive_the_same_json_body(body: Any) -> None:
    text = json.dumps(body)
    received = event(body=text)["body-json"]
    assert json.loads(render(http_request_template(PLAIN), body=text)[0]) == received
    if body is not None:  # which $input.json answers as an empty string
        assert received == body


def test_the_body_is_all_that_is_sent() -> None:
    for settings in (PLAIN, EVERY_NAME):
        sent, _ = render(http_request_template(settings), body='{"a":1}', querystring={"q": "1"}, header={"h": "2"})
        assert sent == '{"a":1}'


def test_a_star_maps_every_query_string_and_every_header_that_may_be_mapped() -> None:
    header = {"X-A": "it's", "Accept": "text/html", "Host": "api", "X-Amzn-Trace-Id": "Root=1", "content-length": "2"}
    _, context = render(http_request_template(EVERY_NAME), querystring={"a b": "1", "c[]": "é"}, header=header)
    assert context["requestOverride"]["querystring"] == {"a b": "1", "c[]": "é"}
    assert context["requestOverride"]["header"] == {"X-A": "it's", "Accept": "text/html"}


@pytest.mark.parametrize(
    ("error", "message"),
    [
        ("[404] Not Found", "Not Found"),
        ('[418] it\'s\n"gone" \\ for [good]', 'it\'s\n"gone" \\ for [good]'),
        ("[500]", ""),
        ("division by zero", "Internal server error"),
        ("", "Internal server error"),
        ("see [404] there", "Internal server error"),
        ("2026-01-01 Task timed out after 10.00 seconds", "Endpoint request timed out"),
    ],
)
def test_a_function_tells_the_client_what_it_said_on_purpose(error: str, message: str) -> None:
    failure = {"errorMessage": error, "errorType": "Exception", "requestId": "1", "stackTrace": ["secret"]}
    answer, _ = render(read_template("lambda_error"), body=json.dumps(failure))
    assert json.loads(answer) == {"message": message}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('{"message": "Not Found"}', "Not Found"),
        ('{"message": "it\'s \\"gone\\"", "status_code": 404}', 'it\'s "gone"'),
        ("<html>503 Service Unavailable at 10.0.0.7:8080</html>", "hidden"),
        ('{"detail": "none"}', "hidden"),
        ('{"message": null}', "hidden"),
        ("Traceback (most recent call last):\n  File 'app.py'\n", "hidden"),
        ("", "hidden"),
        ("[]", "hidden"),
    ],
)
def test_a_service_tells_the_client_its_message_and_nothing_else(body: str, message: str) -> None:
    answer, _ = render(http_error_template("hidden"), body=body)
    assert json.loads(answer) == {"message": message}
