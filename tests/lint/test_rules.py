"""What can be seen in templates and mappings without a request."""

import pytest

from parity.gateway.model.definition import (
    Integration,
    IntegrationResponse,
    Method,
    RequestValidator,
    Resource,
    RestApi,
    Stage,
)
from parity.lint.linter import Finding, lint

STAGE = Stage(name="dev", variables={"version": "1"})


def findings(
    template: str = "{}",
    *,
    content_type: str = "application/json",
    response: str = "{}",
    request_parameters: dict[str, bool] | None = None,
    mappings: dict[str, str] | None = None,
    validator: RequestValidator | None = None,
) -> list[Finding]:
    integration = Integration(
        type="HTTP",
        uri="http://backend.example",
        request_templates={content_type: template},
        request_parameters=mappings or {},
        responses=(IntegrationResponse(status_code="200", response_templates={content_type: response}),),
        declared_by='Integration "http"',
    )
    method = Method(
        http_method="GET",
        request_parameters=request_parameters or {},
        request_validator=validator,
        integration=integration,
        declared_by='Method "get"',
    )
    resource = Resource(id="1", path="/pets", methods={"GET": method})
    return lint(RestApi(id="abc", name="pets", resources=(resource,)), {"dev": STAGE})


def rules(template: str, *, content_type: str = "application/json") -> list[str]:
    return [finding.rule for finding in findings(template, content_type=content_type)]


@pytest.mark.parametrize(
    ("template", "rule"),
    [
        ("""{"id": "$input.params('id')"}""", "unescaped"),
        ("""{"id": $input.params('id')}""", "unquoted"),
        ("""{"id": "$util.escapeJavaScript($input.params('id'))"}""", "apostrophe"),
        ("""{"pet": $input.path('$.pet')}""", "java-text"),
        ("""{"pet": "$input.path('$.pet')"}""", "unescaped"),
        ("""{"pet": "$input.json('$.pet')"}""", "quoted-json"),
        ("""{"body": "$input.body"}""", "unescaped"),
        ("""{"agent": "$context.identity.userAgent"}""", "unescaped"),
        ("""#set($id = $input.params('id')){"id": "$id"}""", "unescaped"),
        ("""#set($id = "pet-$input.params('id')"){"id": "$id"}""", "unescaped"),
        ("""#set($id = 'pet-' + $input.params('id')){"id": "$id"}""", "unescaped"),
        ("""#define($id)$input.params('id')#end{"id": "$id"}""", "unescaped"),
        ("""#if($context.stage)#set($id = $input.params('id'))#else#set($id = '')#end{"id": "$id"}""", "unescaped"),
        ("""{"ip": "$context.identity.sourceip"}""", "unknown-name"),
        ("""{"x": "$util.escapeJson('a')"}""", "unknown-name"),
        ("""{"x": "$stageVariables.colour"}""", "stage-variable"),
        ("""#if($a)""", "syntax"),
    ],
)
def test_a_template_that_a_request_can_break_is_found(template: str, rule: str) -> None:
    assert rules(template) == [rule]


@pytest.mark.parametrize(
    "template",
    [
        """{"id": "$util.escapeJavaScript($input.params('id')).replaceAll("\\\\'","'")"}""",
        """{"pet": $input.json('$.pet')}""",
        """{"count": $input.params().header.size()}""",
        """#foreach($type in $input.params().keySet())"$type",#end""",
        """{"token": "$util.base64Encode($input.body)"}""",
        """{"version": "$stageVariables.version", "id": "$context.requestId", "who": "$context.authorizer.x"}""",
        """#set($context.requestOverride.header.accept = $input.params('accept')){}""",
        """#if($input.params('id') == 'a'){"a": 1}#end""",
        """\\$input.params('id')""",
    ],
)
def test_a_template_that_no_request_can_break_is_not(template: str) -> None:
    assert rules(template) == []


def test_the_article_s_template_escapes_no_key() -> None:
    template = """#set($params = $input.params())
{#foreach($type in $params.keySet())#set($one = $params.get($type))
"$type": {#foreach($name in $one.keySet())
"$name": "$util.escapeJavaScript($one.get($name)).replaceAll("\\\\'","'")"#end}#end}"""
    found = findings(template)
    assert [(f.rule, f.line, f.column) for f in found] == [("unescaped", 4, 2)]
    assert "$util.escapeJavaScript($name)" in found[0].fix


def test_text_that_is_not_json_may_hold_what_it_likes() -> None:
    assert rules("id=$input.params('id')", content_type="text/plain") == []


def test_a_response_template_s_data_is_the_backend_s() -> None:
    (found,) = findings(response="""{"message": "$input.path('$.message')"}""")
    assert found.rule == "unescaped"
    assert "the backend's text" in found.message


def test_a_name_that_is_nearly_right_is_suggested() -> None:
    (found,) = findings("""{"ip": "$context.identity.sourceip"}""")
    assert found.fix == "did you mean sourceIp?"


def test_a_declared_parameter_that_nothing_uses_is_found() -> None:
    (found,) = findings(request_parameters={"method.request.querystring.colour": False})
    assert found.rule == "unused-parameter"
    assert found.declared_by == 'Method "get"'


@pytest.mark.parametrize(
    "how",
    [
        {"mappings": {"integration.request.header.c": "method.request.querystring.colour"}},
        {"mappings": {"integration.request.querystring.c": "method.request.multivaluequerystring.colour"}},
        {"template": "$input.params('colour')", "content_type": "text/plain"},
        {"template": "$input.params().size()", "content_type": "text/plain"},
    ],
)
def test_a_declared_parameter_that_is_mapped_or_read_is_not(how: dict[str, object]) -> None:
    assert findings(request_parameters={"method.request.querystring.colour": False}, **how) == []  # type: ignore[arg-type]


def test_a_required_parameter_that_is_validated_is_used() -> None:
    required = {"method.request.querystring.colour": True}
    validator = RequestValidator(id="v", validate_request_parameters=True)
    assert findings(request_parameters=required, validator=validator) == []
    assert [found.rule for found in findings(request_parameters=required)] == ["unused-parameter"]
