"""Requests that ask for more work than they should get: each ends within its budget, and nobody else waits for it.

The bounds are the budget's: the processor's time, in steps, and memory, both counted; no test looks at the clock. What
AWS answers is known where a row says so.
"""

import asyncio
import gc
import json
import tracemalloc

import pytest

from parity.gateway.gateway import Gateway
from parity.gateway.lifecycle.models import BodyValidator
from parity.gateway.lifecycle.request_work import BudgetSize
from parity.gateway.lifecycle.selection_pattern import JavaPattern, JavaPatternError
from parity.gateway.model.definition import Integration, IntegrationResponse, Model
from parity.gateway.templates.mapping_template import MappingTemplate, TemplateError, TemplateInput
from parity.velocity import Budget, BudgetError
from tests.gateway.support import answer, gateway, rest_api, send

SECONDS = 0.25
MEGABYTE = 1024 * 1024
LETTERS = "ab" * 100
SLOW = "(?:(a|b|ab)*)*(?<!b)"
"""A pattern that takes exponential time to find that it does not match `LETTERS`."""
ITEMS = json.dumps([{"a": number} for number in range(3000)])
NUMBERS = json.dumps({"a": list(range(3000)), "x": [{"a": number} for number in range(3000)]})

USED_UP = [
    # JSONPath
    (f"$input.json('$[?(@.a =~ /{SLOW}/)]')", json.dumps([{"a": LETTERS}])),
    ("$input.path('$[?(@.a in $..a)]')", ITEMS),
    ("$input.path('$[?([1] subsetof $..a)]')", ITEMS),
    ("#foreach($i in [1..1000])$input.path('$..a').size()#end", NUMBERS),
    ("#foreach($i in [1..1000])$input.json('$.x')#end", NUMBERS),
    ("#foreach($i in [1..1000])$input.path('$.a.concat($.a, $.a, $.a)').length()#end", NUMBERS),
    # texts that grow
    ("#set($s = '/')#foreach($i in [1..60])#set($s = $util.escapeJavaScript($s))#end$s.length()", ""),
    ("#set($s = 'é')#foreach($i in [1..60])#set($s = $util.urlEncode(\"$s$s\"))#end$s.length()", ""),
    ("#set($s = $input.body)#foreach($i in [1..1000])#set($l = $util.base64Encode($s))#end", "a" * 10 * MEGABYTE),
    ("#set($l = [])#foreach($i in [1..1000])#set($x = $l.add($util.base64Encode($input.body)))#end", "a" * MEGABYTE),
    ("#set($s = 'xx')#foreach($i in [1..60])#set($s = \"$s$s\")#end$s.length()", ""),
    ("#foreach($i in [1..1000])$input.body#end", "a" * MEGABYTE),
    ("#foreach($i in [1..1000])x${input.body}x$input.body#end", "a" * MEGABYTE),
    ("#set($s = 'x')$s.format('%99999999999999999999s', 1)", ""),
    ("#set($s = 'x')$s.format('%2000000000s', 1)", ""),
    # texts that are long
    ("$input.body.toCharArray().size()", "a" * 10 * MEGABYTE),
    ("$input.body.getBytes().size()", "a" * 10 * MEGABYTE),
    ("$input.body.hashCode()#foreach($i in [1..9])$input.body.concat('x').hashCode()#end", "a" * 5 * MEGABYTE),
    ("#foreach($i in [1..1000])$input.body.length()#end", "😀" * MEGABYTE),
    ("#foreach($i in [1..1000])$input.body.compareTo(\"$input.body\")#end", "😀" * MEGABYTE),
    ("#foreach($i in [1..1000])$input.body.equalsIgnoreCase($input.body.concat(''))#end", "é😀" * MEGABYTE),
    ("#foreach($i in [1..1000])$input.body.toUpperCase()#end", "é😀" * MEGABYTE),
    ("$input.path('$').x", "[" + "a:" * 5 * MEGABYTE),
    ("#foreach($i in [1..1000])$util.parseJson($input.body).size()#end", NUMBERS),
    ("#foreach($i in [1..1000])$util.parseJson($input.body).size()#end", "{a:" + "[1,'x']," * 9999 + "}"),
    # patterns
    (f"$input.body.matches('{SLOW}')", LETTERS),
    (f"$input.body.replaceAll('^{SLOW}$', 'x')", LETTERS),
    (f"$input.body.replaceFirst('^{SLOW}$', 'x')", LETTERS),
    (f"$input.body.split('^{SLOW}$').size()", LETTERS),
    ("#foreach($i in [1..1000])$input.body.split('').size()#end", "a" * MEGABYTE),
    ("#foreach($i in [1..1000])$input.body.replaceAll('.', '$0')#end", "a" * MEGABYTE),
    # loops, macros and collections
    ("#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..9])$c#end#end#end", ""),
    ("#macro(m $n)#m($n)#m($n)#end#foreach($a in [1..1000])#m(1)#end", ""),
    ("#macro(m $n)#foreach($a in [1..1000])#foreach($b in [1..1000])$n#end#end#end#m($input.body)", ""),
    ("#set($l = [1])#foreach($i in [1..60])#set($x = $l.addAll($l))#end$l.size()", ""),
    ("#foreach($i in [1..1000])#set($l = [1..1000000])#end", ""),
    ("#set($l = [0])#foreach($i in [1..99])#set($l = [$l, $l])#end#set($d = $input.path('$'))#set($d.l = $l)"
     "$input.json('$')", ""),
    ("#set($l = [0])#foreach($i in [1..99])#set($l = [$l, $l])#end$l", ""),
    ("#set($l = [0])#foreach($i in [1..99])#set($l = [$l, $l])#end$l.hashCode()", ""),
]  # fmt: skip


@pytest.mark.parametrize(("source", "body"), USED_UP, ids=[f"{at}-{row[0][:60]}" for at, row in enumerate(USED_UP)])
def test_a_template_that_asks_for_too_much_ends_within_its_budget(source: str, body: str) -> None:
    budget = Budget(SECONDS, 128 * MEGABYTE)
    with pytest.raises(TemplateError):
        MappingTemplate(source).render(TemplateInput(body=body), budget)
    assert budget.steps_left > -4 * SECONDS * 6_000_000, "an operation took far more than was left"


ANSWERED = [
    ("$input.body.length()", "😀" * MEGABYTE, str(2 * MEGABYTE)),
    ("$input.body.compareTo($input.body.concat('x'))", "😀" * MEGABYTE, "-1"),
    ("$input.body.equalsIgnoreCase($input.body.toUpperCase())", "é😀" * MEGABYTE, "true"),
    ("$input.path('$.a').size()", "{a:[1," + " ," * 2 * MEGABYTE + "2]}", "2"),
    ("$util.base64Encode($input.body).length()", "a" * 3 * MEGABYTE, str(4 * MEGABYTE)),
    ("$util.escapeJavaScript($input.body).length()", "/" * MEGABYTE, str(2 * MEGABYTE)),
    ("$input.json('$').length()", '{"a":' * 399 + "1" + "}" * 399, "2395"),
    ("$input.json('$')", '{"a":' * 100_000 + "1" + "}" * 100_000, '""'),
    ("$input.json('$')", "9" * 5000, "9" * 5000),
    ("$input.path('$.a').size()", NUMBERS, "3000"),
    ("$input.path('$..a').size()", NUMBERS, "3001"),
    ("$input.json('$.x[?(@.a =~ /x+/)]')", NUMBERS, "[]"),
    ("$input.json('$[?(@.a =~ /(?<n>A)\\p{Lower}*+/i)]')", '[{"a":"aab"},{"a":"b"}]', '[{"a":"aab"}]'),
    ("$input.body.split('').size()", "a" * MEGABYTE, str(MEGABYTE)),
    (
        "$input.path('$.x').toString().length()",
        NUMBERS,
        str(len(NUMBERS.partition('"x": ')[2].replace(" ", "")) - 1),
    ),
]


@pytest.mark.parametrize(("source", "body", "expected"), ANSWERED, ids=[row[0] for row in ANSWERED])
def test_what_is_long_and_not_too_long_is_answered(source: str, body: str, expected: str) -> None:
    assert MappingTemplate(source).render(TemplateInput(body=body), Budget()) == expected


MISTAKES = [
    "$input.body.matches('a{" + "9" * 5000 + "}')",
    "$input.body.format('%" + "9" * 5000 + "d', 1)",
    "$input.body.format('%." + "9" * 5000 + "s', 1)",
    "$input.body.format('%" + "9" * 5000 + "$s', 1)",
    "$input.body.matches('\\x{" + "9" * 5000 + "}')",
    "$input.path('$.a').valueOf(\"$input.body\")",
]


@pytest.mark.parametrize("source", MISTAKES, ids=[source[:40] for source in MISTAKES])
def test_numbers_of_thousands_of_digits_are_no_crash(source: str) -> None:
    try:
        MappingTemplate(source).render(TemplateInput(body="9" * 5000), Budget(SECONDS))
    except TemplateError as error:
        assert error.line == 1  # noqa: PT017 - either end is right


def objects(count: int) -> bytes:
    return json.dumps([{"id": number, "of": {"x": [number]}} for number in range(count)]).encode()


def validator(**schemas: object) -> BodyValidator:
    models = {name: Model(name=name, schema=json.dumps(schema)) for name, schema in schemas.items()}
    return BodyValidator(models, "api1234567")


def test_unique_items_take_time_in_proportion_to_their_number() -> None:
    unique = validator(Unique={"uniqueItems": True})
    assert unique.validate("Unique", b'[{"a":[1]},{"a":[1.0]}]') != []
    assert unique.validate("Unique", b'[1,true,"1",[1],{"1":1},null,0,false]') == []
    entered = (budget := Budget(20)).enter()
    try:
        assert unique.validate("Unique", objects(20_000)) == []
    finally:
        budget.leave(entered)


PATTERNS = [SLOW, ".*a.*a.*a.*a.*a.*a.*c", ".*ab.*", "a*b*a*b*"]


@pytest.mark.parametrize("source", PATTERNS)
def test_a_selection_pattern_ends_within_the_budget(source: str) -> None:
    pattern = JavaPattern(source)
    budget = Budget(SECONDS)
    entered = budget.enter()
    try:
        assert not pattern.fullmatch("ab" * 5000 + "\n")
    except JavaPatternError as error:
        assert "takes too long" in str(error)  # noqa: PT017 - either end is right
    finally:
        budget.leave(entered)
    assert budget.steps_left > -SECONDS * 6_000_000


SLOW_IN_JAVASCRIPT = "^(?:(a|b|ab)*)*[^ab]$"
SCHEMAS = [
    {"pattern": SLOW_IN_JAVASCRIPT},
    {"patternProperties": {SLOW_IN_JAVASCRIPT: {}}},
    {"additionalProperties": False, "patternProperties": {SLOW_IN_JAVASCRIPT: {}}},
    {"anyOf": [{"$ref": "#"}, {"$ref": "#"}]},
]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_schema_that_takes_too_long_uses_up_the_budget(schema: dict[str, object]) -> None:
    slow = validator(Slow=schema)
    budget = Budget(SECONDS)
    entered = budget.enter()
    try:
        result = slow.validate("Slow", json.dumps(LETTERS if "pattern" in schema else {LETTERS: 1}).encode())
    except BudgetError as error:
        assert "by the model Slow" in error.message  # noqa: PT017 - endless recursion may end in another way
    else:
        assert result == ["Unknown error parsing request body"]
    finally:
        budget.leave(entered)


def attacked(template: str, **arguments: object) -> Gateway:
    """A gateway whose `POST /slow` renders a template, and whose `GET /quick` answers at once."""
    responses = (IntegrationResponse(status_code="200"),)
    templates = {"application/json": '{"statusCode": 200}'}
    quick = Integration(type="MOCK", request_templates=templates, responses=responses, declared_by="quick")
    slow = Integration(
        type="MOCK",
        request_templates={"application/json": template + '{"statusCode": 200}'},
        responses=responses,
        declared_by="slow",
        **arguments,  # type: ignore[arg-type]
    )
    return gateway(rest_api({"/slow": slow, "/quick": quick}), budget=BudgetSize(SECONDS))


LONG = "#set($x = 1)\n#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..9])#end#end#end"


@pytest.mark.parametrize(
    ("template", "place"),
    [
        (LONG, "slow application/json:2:51: #foreach($c in [1..9])"),
        (
            f"\n  $input.body.matches('........{SLOW}...')",
            f"slow application/json:2:3: $input.body.matches('........{SLOW}...')",
        ),
        (f"#set($x = $input.json('$[?(@.a =~ /{SLOW}/)]'))", f"$input.json('$[?(@.a =~ /{SLOW}/)]')"),
    ],
)
async def test_the_reason_names_the_template_the_line_and_the_expression(template: str, place: str) -> None:
    served = attacked(template)
    exchange = await send(served, "POST", "/slow", body=json.dumps([{"a": LETTERS}]))
    status, _, body = answer(exchange)
    assert (status, json.loads(body)) == (500, {"message": "Internal server error"})
    assert exchange.gateway_response is not None
    assert place in exchange.gateway_response.reason
    assert "used up its budget of 0.25 seconds" in exchange.gateway_response.reason
    assert "--template-seconds" in exchange.gateway_response.reason
    await served.aclose()


@pytest.mark.parametrize(
    "template", [LONG, f"$input.body.matches('........{SLOW}...')", f"$input.json('$[?(@.a =~ /{SLOW}/)]')"]
)
async def test_a_second_client_is_answered_while_a_template_runs(template: str) -> None:
    served = attacked(template)
    slow = [asyncio.create_task(send(served, "POST", "/slow", body=json.dumps([{"a": LETTERS}]))) for _ in range(3)]
    await asyncio.sleep(0)
    for _ in range(20):
        status, _, _ = answer(await send(served, path="/quick"))
        assert status == 200
        await asyncio.sleep(0)
    assert not any(task.done() for task in slow)
    assert [answer(await task)[0] for task in slow] == [500] * 3
    await served.aclose()


async def test_a_template_that_begins_anew_finds_everything_as_it_was() -> None:
    served = attacked(
        "#set($n = $context.requestOverride.header.size())#set($context.requestOverride.header.x = 'y')"
        '#foreach($a in [1..300])#foreach($b in [1..300])#end#end#set($context.responseOverride.header.n = "$n")'
    )
    exchange = await send(served, "POST", "/slow")
    assert answer(exchange)[1].get("n") == "0"
    await served.aclose()


async def test_a_second_override_is_found_in_a_template_that_begins_anew() -> None:
    long = "#foreach($a in [1..300])#foreach($b in [1..300])#end#end"
    once = "#set($context.responseOverride.header.x = 'y')"
    for template, status in ((once + long, 200), (once + long + once, 500)):
        served = attacked(template)
        assert answer(await send(served, "POST", "/slow"))[0] == status
        await served.aclose()


async def test_requests_that_use_up_their_memory_leave_none_used() -> None:
    served = attacked("#set($l = [])#foreach($i in [1..1000])#set($x = $l.add($util.base64Encode($input.body)))#end")
    tracemalloc.start()
    try:
        for _ in range(3):
            assert answer(await send(served, "POST", "/slow", body="a" * MEGABYTE))[0] == 500
        gc.collect()
        current, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 700 * MEGABYTE
    assert current < 20 * MEGABYTE
    await served.aclose()


async def test_a_status_that_takes_long_to_read_uses_up_the_budget() -> None:
    served = attacked("$input.body.substring(0)")
    exchange = await send(served, "POST", "/slow", body="[" + "[1,'x']," * MEGABYTE)
    assert answer(exchange)[0] == 500
    assert exchange.gateway_response is not None
    assert exchange.gateway_response.reason.startswith("Unable to parse statusCode: it used up its budget of")
    await served.aclose()
