"""Templates, JSONPath, patterns and bodies together, at random: each ends within its budget, and none in a crash.

`PARITY_ATTACKS=100000 python -m pytest tests/gateway/test_attacks_at_random.py` tries as many.
"""

import json
import os

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from parity.gateway.templates.mapping_template import MappingTemplate, TemplateError, TemplateInput
from parity.velocity import Budget
from parity.velocity.budget import STEPS_A_SECOND

SECONDS = 0.05
MEMORY = 32 * 1024 * 1024
OVERSHOOT = 20
"""How many times the budget one operation may take at most: a text of the largest size is handled at once."""

ATOMS = [
    "a",
    "b",
    "é",
    ".",
    r"\d",
    r"\w",
    "[ab]",
    "[^b]",
    "(a|b)",
    "(?:ab|a)",
    "(?=a)",
    "(?<!b)",
    r"\b",
    "^",
    "$",
]
QUANTIFIERS = ["", "", "*", "+", "?", "{2}", "{1,3}", "{50}", "{99999}", "*+", "+?"]


def repeated(pattern: str, quantifier: str) -> str:
    return f"({pattern}){quantifier}"


patterns = st.recursive(
    st.lists(st.tuples(st.sampled_from(ATOMS), st.sampled_from(QUANTIFIERS)), min_size=1, max_size=3).map(
        lambda parts: "".join(map("".join, parts))
    ),
    lambda inner: st.builds(repeated, inner, st.sampled_from(QUANTIFIERS)) | st.tuples(inner, inner).map("|".join),
    max_leaves=4,
)
names = st.sampled_from(["a", "b", "x", "list", "deep"])
filters = st.one_of(
    st.builds("@.{} =~ /{}/i".format, names, patterns),
    st.builds("@.{} in $..{}".format, names, names),
    st.builds("$..{} subsetof $..{}".format, names, names),
    st.builds("@.{} > {}".format, names, st.integers(-9, 9)),
    st.builds("@..{} && !(@.{} == 'a')".format, names, names),
)
steps = st.one_of(
    names.map(".{}".format),
    names.map("..{}".format),
    st.sampled_from(
        ["[*]", "..*", "[0]", "[-1:]", "[1,2]", ".length()", ".sum()", ".concat($..*)", ".keys()", ".append(1)"]
    ),
    filters.map("[?({})]".format),
)
paths = st.lists(steps, max_size=4).map(lambda parts: "$" + "".join(parts).replace("'", '"'))

TEXTS = ["$input.body", "$s", "$input.path('$.a')", "$util.urlDecode('%F0%9F%98%80')"]
texts = st.sampled_from(TEXTS)
CALLS = [
    "$util.escapeJavaScript({0})",
    "$util.base64Encode({0})",
    "$util.base64Decode({0})",
    "$util.urlEncode({0})",
    "$util.urlDecode({0})",
    "$util.parseJson({0})",
    "{0}.toCharArray()",
    "{0}.length()",
    "{0}.concat({0})",
    "{0}.toUpperCase()",
    "{0}.compareTo({0})",
    "{0}.equalsIgnoreCase({0})",
    "{0}.repeat(500)",
    "{0}.format('%9999s', {0})",
    "{0}.hashCode()",
    '"$s$s"',
    "$l.add($l)",
    "$l.addAll($l)",
    "$l.toString()",
    "$l.hashCode()",
    "[$l, $l]",
    "$document.put('x', $l)",
    "$input.json('$')",
]
calls = st.builds(str.format, st.sampled_from(CALLS), texts)
values = st.one_of(
    calls,
    paths.map("$input.json('{}')".format),
    paths.map("$input.path('{}')".format),
    st.builds("$s.replaceAll('{}', '$0$0')".format, patterns),
    st.builds("$input.body.matches('{}')".format, patterns),
    st.builds("$input.body.split('{}')".format, patterns),
)
sets = st.builds("#set(${} = {})".format, st.sampled_from(["s", "l", "t"]), values)
statements = st.recursive(
    st.one_of(values, sets, sets),
    lambda inner: st.one_of(
        st.builds("#foreach($i in [1..{}]){}#end".format, st.sampled_from([3, 40, 1000, 1000000]), inner),
        st.builds("#if({}){}#else{}#end".format, st.sampled_from(["$s", "$l.isEmpty()", "$x"]), inner, inner),
        st.lists(inner, min_size=2, max_size=4).map("".join),
        st.builds("#foreach($v in $l){}#end".format, inner),
    ),
    max_leaves=8,
)
START = "#set($document = $input.path('$'))#set($l = [1, 'b'])#set($s = 'ab')"

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(["ab" * 99, "😀" * 9999]),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(names, inner, max_size=5),
    max_leaves=20,
)
bodies = st.one_of(
    json_values.map(json.dumps),
    st.integers(1, 3000).map(lambda count: json.dumps([{"a": at, "b": "ab" * 9, "list": [at]} for at in range(count)])),
    st.sampled_from(["", "ab" * 5000, '{"a":' * 9999, "[" * 300 + "]" * 300, "{a:1,", "9" * 5000, "é😀" * 50_000]),
)


@settings(
    max_examples=int(os.environ.get("PARITY_ATTACKS", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(statements, bodies)
@example("#foreach($i in [1..1000])#set($l = [$l, $l])#end$document.put('x', $l)$input.json('$')", "{}")
@example('#foreach($i in [1..1000])#set($s = "$s$s")#set($t = $s.toCharArray())#end', "")
def test_any_template_ends_within_its_budget(template: str, body: str) -> None:
    budget = Budget(SECONDS, MEMORY)
    try:
        output = MappingTemplate(START + template).render(TemplateInput(body=body), budget)
    except TemplateError as error:
        assert error.message  # noqa: PT017 - either end is right
    else:
        assert isinstance(output, str)
    assert budget.steps_left > -OVERSHOOT * SECONDS * STEPS_A_SECOND
