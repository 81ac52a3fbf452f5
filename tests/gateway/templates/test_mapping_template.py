"""Mapping templates: `$input`, `$context`, `$stageVariables` and null, as AWS was seen to render them.

The answers named "recorded" are those of LocalStack's AWS-validated snapshot tests.
"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.gateway.templates.mapping_template import MappingTemplate, TemplateError, TemplateInput


def render(source: str, body: bytes | str = b"", **fields: Any) -> str:
    return MappingTemplate(source, name="test").render(TemplateInput(body=body, **fields))


def context(**fields: Any) -> dict[str, Any]:
    overrides: dict[str, Any] = {
        "requestOverride": {"header": {}, "path": {}, "querystring": {}},
        "responseOverride": {"header": {}},
    }
    return {**overrides, **fields}


FORMATTING = [
    ('#set($result = $input.path("$.json"))$result', {"foo": "bar"}, "{foo=bar}"),
    ('#set($result = $input.path("$.json"))$result', [{"foo": "bar"}], '[{"foo":"bar"}]'),
    ('#set($result = $input.path("$.json"))$result.nested', {"nested": {"foo": "bar"}}, "{foo=bar}"),
    ('#set($result = $input.path("$.json"))$result.nested', {"nested": [{"foo": "bar"}]}, '[{"foo":"bar"}]'),
    ('#set($result = $input.path("$.json"))$result[0]', [{"foo": "bar"}], "{foo=bar}"),
    ('#set($result = $input.path("$.json"))$result[0]', [[{"foo": "bar"}]], '[{"foo":"bar"}]'),
    ('#set($result = $input.path("$.json"))$result', {"foo": [{"nested": "bar"}]}, '{foo=[{"nested":"bar"}]}'),
    ('#set($result = $input.path("$.json"))$result', {"a": "b", "to": "c"}, "{a=b, to=c}"),
    ('#set($result = $input.path("$.json"))$result.toString()', {"list": [{"a": 1}]}, '{list=[{"a":1}]}'),
]


@pytest.mark.parametrize(("source", "value", "expected"), FORMATTING)
def test_what_input_path_prints_is_as_recorded(source: str, value: object, expected: str) -> None:
    assert render(source, json.dumps({"json": value})) == expected


NULLS = (
    '{"body": $result, "nested": $result.nested, "isNull": #if( $result == $null )"true"#else"false"#end, '
    '"isEmptyString": #if( $result == "" )"true"#else"false"#end}'
)
MISSING = '{"body": , "nested": , "isNull": "true", "isEmptyString": "true"}'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", MISSING),
        ('{"json": {"listValue": null}}', MISSING),
        ('{"json": {"listValue": []}}', '{"body": [], "nested": , "isNull": "false", "isEmptyString": "false"}'),
    ],
)
def test_null_is_the_empty_string_as_recorded(body: str, expected: str) -> None:
    assert render('#set($result = $input.path("$.json.listValue"))' + NULLS, body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "EncodedBody=%7B%7D&EncodedBodyAccess="),
        (b'{"some": "value"}', "EncodedBody=%7B%22some%22%3A+%22value%22%7D&EncodedBodyAccess="),
        (b"some raw data", "EncodedBody=some+raw+data&EncodedBodyAccess="),
    ],
)
def test_the_body_is_raw_text_and_braces_when_it_is_empty_as_recorded(body: bytes, expected: str) -> None:
    source = "EncodedBody=$util.urlEncode($input.body)&EncodedBodyAccess=$util.urlEncode($input.body.testAccess)"
    assert render(source, body) == expected


def test_the_context_has_keys_and_prints_nothing_as_recorded() -> None:
    source = (
        '#foreach($key in $context.keySet())$key="$context.get($key)"#if($foreach.hasNext),#end#end'
        ' #foreach($key in $context.identity.keySet())$key="$context.identity.get($key)"#end'
        ' #foreach($key in $context.requestOverride.keySet())$key="$context.requestOverride.get($key)"#end'
        " #foreach($key in $context.authorizer.keySet())$key#end."
    )
    values = context(stage="dev", identity={"sourceIp": "192.0.2.1", "user": None})
    expected = (
        'requestOverride="",responseOverride="",stage="dev",identity=""'
        ' sourceIp="192.0.2.1"user="" header=""path=""querystring="" .'
    )
    assert render(source, context=values) == expected


def test_a_range_over_the_size_of_a_list_as_recorded_for_kinesis() -> None:
    source = (
        "#set($count = $input.path('$.records').size())#if($count > 0)#set($last = $count - 1)"
        '#foreach($i in [0..$last])#set($elem = $input.path("$.records[${i}]"))'
        "#set($data = $util.base64Encode($elem.data))$data:$data.length()#if($foreach.hasNext),#end#end#end"
    )
    body = json.dumps({"records": [{"data": '{"foo": "bar1"}'}, {"data": "x"}]})
    assert render(source, body) == "eyJmb28iOiAiYmFyMSJ9:20,eA==:4"


def test_the_apostrophe_idiom_as_recorded_for_eventbridge() -> None:
    source = """#set($root = $input.path('$'))#foreach($e in $root.items)\
{"Detail": "$util.escapeJavaScript($e.Detail).replaceAll("\\\\'","'")"}#end"""
    body = json.dumps({"items": [{"Detail": '{"data":"it\'s"}'}]})
    assert json.loads(render(source, body)) == {"Detail": '{"data":"it\'s"}'}


OVERRIDES = """#set($name = "foo")
#set($context.requestOverride.querystring[$name] = "bar")
#set($putName = "putfoo")
$context.requestOverride.querystring.put($putName, "putBar")
#set($context["requestOverride"].querystring["nestedfoo"] = "nestedFoo")
#set($context.requestOverride.header.X-Amz-Target = "AWSEvents.PutEvents")
#set($context.requestOverride.header.several = ["1", "2"])
#set($context.responseOverride.status = 400)
#set($context.responseOverride.custom = "passed around")"""


def test_overrides_are_found_in_the_context_afterwards() -> None:
    values = context()
    render(OVERRIDES, context=values)
    assert values["requestOverride"] == {
        "header": {"X-Amz-Target": "AWSEvents.PutEvents", "several": ["1", "2"]},
        "path": {},
        "querystring": {"foo": "bar", "putfoo": "putBar", "nestedfoo": "nestedFoo"},
    }
    assert values["responseOverride"] == {"header": {}, "status": 400, "custom": "passed around"}


def test_overrides_of_the_request_are_readable_in_the_response() -> None:
    values = context()
    render(OVERRIDES, context=values)
    source = (
        "$context.requestOverride.querystring.foo $context.responseOverride.status $context.responseOverride.custom"
    )
    assert render(source, context=values) == "bar 400 passed around"


def test_parameters_are_looked_for_in_path_then_query_then_header() -> None:
    fields: dict[str, Any] = {
        "path": {"a": "path"},
        "querystring": {"a": "query", "b": "query"},
        "header": {"a": "header", "b": "header", "C": "header"},
    }
    assert render("$input.params('a') $input.params('b') $input.params('C') [$input.params('c')]", **fields) == (
        "path query header []"
    )
    assert render("$input.params()", path={"a": "1"}) == "{path={a=1}, querystring={}, header={}}"
    assert render("$input.params().path.a $input.params().get('header').isEmpty()", path={"a": "1"}) == "1 true"


@pytest.mark.parametrize(
    "lookup",
    [
        "$input.params('none')",
        "$input.params().header.none",
        "$input.params().header.get('none')",
        "$input.params().none.get('a')",
        "$input.path('$.none')",
        "$input.path('$.none').deeper",
        "$context.none",
        "$context.none.deeper",
        "$context.get('none')",
        "$context.authorizer.stringkey",
        "$context.error.validationErrorString",
        "$stageVariables.none",
        "$stageVariables.get('none')",
        "$util.escapeJavaScript($input.params('none'))",
        "$util.urlEncode($stageVariables.none)",
        "$util.base64Encode($context.none)",
        "$none",
        "$none.get('a')",
    ],
)
def test_a_name_that_is_not_set_is_the_empty_string_wherever_it_is_looked_up(lookup: str) -> None:
    """Recorded for `$stageVariables` and `$context.authorizer`; so is null everywhere, as above."""
    source = f"[{lookup}]#if({lookup} == '')empty#end #if({lookup} == $null)null#end #if({lookup})true#end"
    assert render(source, "{}", header={"a": "1"}, context=context()) == "[]empty null true"


JSON_OF = [
    ('{"a": {"b": [1, 2.50, "x/y"]}}', "$", '{"a":{"b":[1,2.5,"x/y"]}}'),
    ('{"a": {"b": 1}}', "$.a", '{"b":1}'),
    ('{"a": {"b": 1}}', "a.b", "1"),
    ('{"a": "text"}', "$.a", '"text"'),
    ('{"a": true}', "$.a", "true"),
    ('{"a": [{"b": 1}, {"b": 2}]}', "$.a[*].b", "[1,2]"),
    ('{"a": 1}', "$.missing", '""'),
    ('{"a": null}', "$", '{"a":null}'),
    ("[-1, -2]", "$.max()", "4.9E-324"),
    ("[1e10, 0.001]", "$", "[1.0E10,0.001]"),
    ("", "$", "{}"),
    ("a=b&c=d", "$", '"a=b&c=d"'),
    ('{"unfinished": ', "$", '""'),
    ('{"a": 1}', "$[", '""'),
]


@pytest.mark.parametrize(("body", "path", "expected"), JSON_OF)
def test_input_json_is_json_text(body: str, path: str, expected: str) -> None:
    assert render(f"$input.json('{path}')", body) == expected


LIVE = [
    (
        "#set($part = $input.path('$.a'))#set($part.b = 2)$part $input.json('$.a')",
        '{b=2, c=[1,{"d":2}]} {"b":2,"c":[1,{"d":2}]}',
    ),
    ("#set($all = $input.path('$'))#set($all.new = \"x\")$input.json('$.new') $input.path('$.new')", '"x" x'),
    ("#set($all = $input.path('$'))#set($all.a.c[1].d = true)$input.json('$.a.c')", '[1,{"d":true}]'),
    ("$input.path('$').put('n', [1, 'two']) $input.json('$.n') $input.path('$.n')", ' [1,"two"] [1, two]'),
    ("#set($x = $input.path('$.a').remove('b'))$x $input.json('$.a') $input.json('$.a.b')", '1 {"c":[1,{"d":2}]} ""'),
    ("#set($x = $input.path('$.a.c').add({'e': 3}))$input.json('$.a.c[-1]') $input.path('$..e')", '{"e":3} [3]'),
    ("#set($x = $input.path('$.a.c').remove(0))$input.path('$.a.c') $input.json('$.a.c')", '[{"d":2}] [{"d":2}]'),
    ("#foreach($one in $input.path('$.a.c[?(@.d)]'))#set($one.d = 9)#end$input.json('$.a.c')", '[1,{"d":9}]'),
    ("#set($x = $input.path('$..c').add(5))$x $input.json('$.a.c')", 'true [1,{"d":2}]'),
    ("#set($all = $input.path('$'))#set($all.a = 1.0E10)$input.json('$') $input.body.length()", '{"a":1.0E10} 35'),
    (
        "#set($x = $input.path('$').put(1, $input.path('$').keySet()))$input.json('$.a.b') $input.json('$')",
        '1 {"a":{"b":1,"c":[1,{"d":2}]},"1":["a",1]}',
    ),
    ("#set($copy = $util.parseJson($input.body))#set($copy.a = 0)$input.json('$.a.b')", "1"),
]


@pytest.mark.parametrize(("source", "expected"), LIVE)
def test_input_path_is_the_document_that_input_json_prints(source: str, expected: str) -> None:
    """Templates that are deployed on AWS put a field into the body so, and rely on it."""
    assert render(source, '{"a": {"b": 1, "c": [1, {"d": 2}]}}') == expected


def test_each_rendering_has_a_document_of_its_own() -> None:
    template = MappingTemplate("#set($all = $input.path('$'))$input.json('$')#set($all.seen = true)")
    assert [template.render(TemplateInput(body='{"a":[]}')) for _ in range(2)] == ['{"a":[]}'] * 2


def test_a_slash_is_escaped_where_a_list_is_printed_and_nowhere_else() -> None:
    assert render("$input.path('$') $input.path('$.a') $input.json('$')", '{"a": ["x/y"]}') == (
        '{a=["x\\/y"]} ["x\\/y"] {"a":["x/y"]}'
    )


def test_stage_variables_are_a_map() -> None:
    source = "$stageVariables.color $stageVariables.get('color') [$stageVariables.none] $stageVariables.keySet().size()"
    assert render(source, stage_variables={"color": "blue"}) == "blue blue [] 1"
    assert render("#foreach($name in $stageVariables.keySet())$name#end") == ""


def test_a_foreach_ends_after_a_thousand_items() -> None:
    body = json.dumps(list(range(1500)))
    assert render("#foreach($i in $input.path('$'))x#end", body) == "x" * 1000


def test_single_surrogates_become_question_marks_as_in_java() -> None:
    assert render("$input.path('$.a')", '{"a": "\\ud83d\\ude00 \\ud83d"}') == "😀 ?"


def test_bytes_that_are_not_utf8_become_replacement_characters() -> None:
    assert render("$input.body", b"a\xffb") == "a\ufffdb"


def test_a_template_that_does_not_compile_names_itself_and_the_place() -> None:
    with pytest.raises(TemplateError) as caught:
        MappingTemplate("fine\n#if($a", name="the integration")
    assert (caught.value.template, caught.value.line) == ("the integration", 2)
    assert str(caught.value).startswith("the integration:2:")


def test_deeply_nested_bodies_are_no_crash() -> None:
    assert render("$input.json('$.a')", '{"a":' * 10_000) == '""'
    nested = '{"a":' * 300 + "1" + "}" * 300
    assert render("$input.json('$')", nested) == nested


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON_VALUES)
def test_input_json_keeps_every_value(value: Any) -> None:
    printed = render("$input.json('$')", json.dumps(value))
    assert json.loads(printed) == ("" if value is None else value)


@given(st.text())
def test_the_passthrough_of_a_parameter_keeps_every_text(text: str) -> None:
    source = """{"q": "$util.escapeJavaScript($input.params('q')).replaceAll("\\\\'","'")"}"""
    assert json.loads(render(source, querystring={"q": text})) == {"q": text}
