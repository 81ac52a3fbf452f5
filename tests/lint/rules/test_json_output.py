"""A template whose content type is JSON and whose text is not: a form for SQS or SNS, or a body that is passed on."""

import pytest

from tests.lint.checked import rules

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
