"""API Gateway's null rule: a reference without a value is the empty string."""

from typing import Any

import pytest

from parity.velocity import NullRule, Template


def render(template: str, **variables: Any) -> str:
    return Template(template, null_rule=NullRule.API_GATEWAY).render(variables)


@pytest.mark.parametrize(
    ("template", "output"),
    [
        ("[$missing][${missing}][$!missing][$missing.a.b()]", "[][][][]"),
        ("#if($missing == '')empty#end", "empty"),
        ("#if($missing == $null)null#end", "null"),
        ("#if($missing)true#{else}false#end", "true"),
        ("#set($x = $missing)[$x]", "[]"),
        ('#set($x = "a${missing}b")$x', "ab"),
        ("$m.n|$m.get('zz')|$m['zz']|", "|||"),
        ("#foreach($x in $missing)x#end.", "."),
        ("#foreach($x in [$missing, 1])[$x]#end", "[][1]"),
        ("#macro(a $p)[$p][$q]#end#a($missing)", "[][]"),
        ("\\$missing", "$missing"),
    ],
)
def test_null_is_the_empty_string(template: str, output: str) -> None:
    assert render(template, m={"n": None}) == output


def test_a_foreach_ends_after_a_thousand_iterations() -> None:
    assert render("#foreach($x in [1..5000])#set($n = $foreach.count)#end$n") == "1000"
    assert render("#foreach($x in $l)$foreach.hasNext #end", l=list(range(1001))).split()[-1] == "true"
    assert render("#macro(a)#foreach($x in $l).#end#end#a()", l=list(range(1001))) == "." * 1000


def test_entries_and_outer_loops_work_as_in_velocity() -> None:
    template = "#foreach($e in $m.entrySet())#foreach($x in [1])$e.key=$e.value@$foreach.parent.index;#end#end"
    assert render(template, m={"a": 1, "b": 2}) == "a=1@0;b=2@1;"
