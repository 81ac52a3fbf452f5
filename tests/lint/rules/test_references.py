"""References that render as nothing: misspelt, never set, or used as what they are not."""

import pytest

from tests.lint.checked import findings, rules


@pytest.mark.parametrize(
    ("template", "rule"),
    [
        ("""{"a": "$Input.params('a')"}""", "unset-reference"),
        ("""{"a": "$inpt.params('a')"}""", "unset-reference"),
        ("""{"a": "$stagevariables.version"}""", "unset-reference"),
        ("""{"$ref": "#/definitions/x"}""", "unset-reference"),
        ("""{"a": "$undefined"}""", "unset-reference"),
        ("""{"a": $!{undefined}}""", "unset-reference"),
        ("""#if($undefined)a#end""", "unset-reference"),
        ("""#set($a = "x-$undefined"){"a": "$a"}""", "unset-reference"),
        ("""#set($map.x = 1){}""", "unset-reference"),
        ("""{"a": "$inputRoot.name"}""", "unset-reference"),
        ("""{"a": "$ctx.args.id"}""", "unset-reference"),
        ("""{"a": "$input.params.querystring.q"}""", "missing-parentheses"),
        ("""{"a": "$input.params.q"}""", "missing-parentheses"),
        ("""{"a": $input.json}""", "missing-parentheses"),
        ("""{"a": "$util.urlEncode"}""", "missing-parentheses"),
        ("""#set($x = $util.toJson("a")){"a": 1}""", "unknown-name"),
        ("""{"a": "$util.time.nowISO8601()"}""", "unknown-name"),
        ("""{"a": "$context.authoriser.x"}""", "unknown-name"),
        ("""#set($a = "$context.requestid"){"a": "$a"}""", "unknown-name"),
        ("""#set($a = $input.body.name){"a": "$a"}""", "text-has-no-fields"),
        ("""#set($a = $input.json('$.o').name){"a": 1}""", "text-has-no-fields"),
        ("""#set($b = $input.json('$'))#set($n = $b.name){"a": $n}""", "text-has-no-fields"),
        ("""#set($b = $input.body)#if($b.kind == "x"){}#end""", "text-has-no-fields"),
        ("""{"a": "$method.request.querystring.q"}""", "unset-reference"),
        ("""{"a": "$input.params['q']"}""", "missing-parentheses"),
        ("""{"a": "$context.arguments.id"}""", "unknown-name"),
    ],
)
def test_a_reference_that_renders_nothing_is_found(template: str, rule: str) -> None:
    assert [name for name in rules(template) if name not in ("unescaped", "unquoted")] == [rule]


@pytest.mark.parametrize(
    "template",
    [
        """#set($a = 1){"a": $a}""",
        """#if($context.stage)#set($a = 1)#end{"a": "$!a"}""",
        """#foreach($x in [1..3])$x$foreach.count$velocityCount#if($foreach.hasNext),#end#end""",
        """#define($part)"x"#end{"a": $part}""",
        """#macro(twice $x)$x$x#end{"a": #twice(1)}""",
        """#if($context.stage == $null){}#end""",
        """#set($D = '$'){"${D}ref": "#/definitions/x"}""",
        """{"price": "$5.00", "path": "\\$ref", "cost": "5$"}""",
        """#set($a = $input.path('$.items[?(@.name == "x")]'))$a.size()""",
        """{"n": $input.body.length(), "v": "$stageVariables.version"}""",
        """#set($a = {})$a.put('b', 1){}""",
        """#set($b = $input.json('$'))$b.length()$b.empty""",
        """#set($b = $input.json('$'))#set($b = $input.path('$'))#set($n = $b.name){"a": 1}""",
        """#set($b = "x")#foreach($b in [{"name": 1}])$b.name#end""",
        """## $comment #return
{"a": 1}""",
        """#*$comment*#{"a": 1}""",
        """#[[$literal]]#""",
    ],
)
def test_a_reference_that_has_a_value_is_not(template: str) -> None:
    assert rules(template) == []


@pytest.mark.parametrize(
    ("template", "fix"),
    [
        ("$Input.body", "did you mean $input?"),
        ("#set($order = 1)$oder", "did you mean $order?"),
        ("$input.params.header.Accept", "write $input.params('Accept')"),
        ("$input.path.a.b", "write $input.path('$.a.b')"),
        ("$input.body.a.b", "read it with $input.path, such as $input.path('$.a.b')"),
        ("$input.json('$.o').a", "read it with $input.path, such as $input.path('$.a')"),
        ("$input.params['q']", "write $input.params('q')"),
        ("$context.args.id", "that is AppSync's; write $input.path('$') or $input.params('name')"),
        ("$context.identity.sourceIP", "did you mean sourceIp?"),
        ("$util.autoId()", "that is AppSync's; use $context.requestId"),
        (
            "{'$schema': 1}",
            "set it with #set($schema = ...); to print a dollar sign, #set($D = '$') and write ${D}schema",
        ),
    ],
)
def test_the_fix_is_what_to_write(template: str, fix: str) -> None:
    assert [finding.fix for finding in findings(template, content_type="text/plain")] == [fix]


def test_findings_come_in_the_order_of_the_template() -> None:
    found = findings('{\n"b": "$Input",\n"a": "$context.foo",\n"c": "$input.body"}')
    assert [finding.line for finding in found] == [2, 3, 4]
