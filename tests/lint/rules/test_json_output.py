"""A template whose content type is JSON and whose text is not: a form for SQS or SNS, or a body that is passed on."""

import pytest

from tests.lint.checked import findings, rules

FORM = {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"}


@pytest.mark.parametrize(
    "template",
    [
        "Action=SendMessage&MessageBody=$input.body",
        "#set($topic = 'arn')Action=Publish&TopicArn=$topic&Message=$input.params('m')",
        "## a form\n  Action=SendMessage&MessageBody=$input.json('$')",
        "#if($context.stage)Action=A#{else}Action=B#end&MessageBody=$input.body",
        "$input.body",
        "$input.json('$')",
        "## as it came\n$input.body\n",
        "$input.path('$.errorMessage')",
    ],
)
def test_what_is_not_json_is_left_alone(template: str) -> None:
    assert rules(template) == []


def test_a_template_whose_content_type_header_is_mapped_is_not_json() -> None:
    assert rules("$context.stage=$input.body", request_parameters=FORM) == []


@pytest.mark.parametrize(
    ("template", "rule"),
    [
        ('#if($context.stage){"a": "$input.body"}#end', "unescaped"),
        ("$input.path('$')", "java-text"),
        ("[$input.params('a')]", "unquoted"),
        ("$input.params('a'), 1", "unquoted"),
    ],
)
def test_what_is_json_is_not(template: str, rule: str) -> None:
    assert rules(template) == [rule]


@pytest.mark.parametrize(
    ("template", "place"),
    [
        ('{"a": "$context.stage}\n', (1, 7)),
        ('{\n  "a": "b,\n  "c": "d"\n}', (2, 8)),
        ('{"a": "b}', (1, 7)),
        ('{\n"a": "#if($context.stage)b#{else}c#end\n}', (2, 6)),
        ('[#foreach($k in $input.params().querystring.keySet())\n{"k": "$util.urlEncode($k)}\n#end]', (2, 7)),
        ('{"a": "\\"}', (1, 7)),
        ('[#foreach($k in [1, 2]){"k": "$util.urlEncode($k)}#if($foreach.hasNext),#end#end]', (1, 30)),
    ],
)
def test_a_string_that_its_line_does_not_close_is_told_where_it_begins(template: str, place: tuple[int, int]) -> None:
    (found,) = findings(template)

    assert (found.rule, (found.line, found.column)) == ("unclosed", place)


@pytest.mark.parametrize(
    "template",
    [
        '{"a": "#if($context.stage)\nb#end"}',
        '{"a": "b" ## it\'s "here\n}',
        '{"a": #set($q = \'"\')$q$context.stage"}',
        '["#foreach($k in [1, 2])$k#if($foreach.hasNext)", "#end#end"]',
        '[#foreach($k in [1, 2])#if($foreach.count == 1)"#end$k#end"]',
        '#macro(text $v)"$v#end{"a": #text($context.stage)"}',
        '{"a": #if($context.stage)"b#{else}"c#end"}',
        '#if($context.stage){"a": "#end$context.stage#if($context.stage)"}#end',
        '{"a": "say \\"hi\\""}',
        '#[[{"a": 1}]]#',
    ],
)
def test_a_string_that_is_closed_or_may_be_is_not(template: str) -> None:
    assert rules(template) == []


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain"])
def test_the_event_of_a_function_is_json_whatever_the_template_is_for(content_type: str) -> None:
    function = "arn:aws:lambda:us-east-1:123456789012:function:f"
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"
    form = {"content_type": content_type, "type": "AWS", "uri": uri}

    assert rules('{"body": "$input.body"}', **form) == ["unescaped"]
    assert rules('{"body": "$util.base64Encode($input.body)"}', **form) == []
    assert rules('{"body": "$input.body"}', content_type=content_type) == []
    assert rules("body=$input.body", **form) == ["event-not-json"]
    assert rules("$input.body", **form) == []


def test_a_service_that_is_sent_json_is_looked_at_as_json() -> None:
    mapped = {"integration.request.header.Content-Type": "'application/x-amz-json-1.1'"}

    assert rules('{"id": "$input.params(\'id\')"}', request_parameters=mapped) == ["unescaped"]
