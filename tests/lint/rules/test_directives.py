"""Directives that Velocity prints as text, and loops that never run."""

import pytest

from parity.velocity import Template
from tests.lint.checked import findings, rules


@pytest.mark.parametrize(
    ("template", "rule"),
    [
        ("""#if($context.stage == "a")one#else if($context.stage == "b")two#end""", "else-if"),
        ("""#if($context.stage == "a")one#{else} if ($context.stage == "b")two#end""", "else-if"),
        ("""{"a": #return(1)}""", "unknown-directive"),
        ("""#if($context.stage)#return#end{}""", "unknown-directive"),
        ("""#elsif($context.stage){}""", "unknown-directive"),
        ("""#for(1){}""", "unknown-directive"),
        ("""#if($context.stage)a#endif #end""", "unknown-directive"),
        ("""[#foreach($x in $input.json("$.l"))1#end]""", "loop-over-text"),
        ("""[#foreach($x in $input.body)1#end]""", "loop-over-text"),
        ("""#set($l = $input.json("$.l"))[#foreach($x in $l)1#end]""", "loop-over-text"),
        ("""[#foreach($x in $input.params("ids"))1#end]""", "loop-over-text"),
        ("""[#foreach($x in $util.urlDecode($input.body))1#end]""", "loop-over-text"),
        ("""#set($l = "$input.json('$.l')")[#foreach($x in $l)1#end]""", "loop-over-text"),
    ],
)
def test_what_velocity_does_not_read_as_meant_is_found(template: str, rule: str) -> None:
    assert rules(template) == [rule]


@pytest.mark.parametrize(
    "template",
    [
        """#if($context.stage == "a")one#elseif($context.stage == "b")two#else three#end""",
        """#if($context.stage == "a")one#else if you like#end""",
        """#if($context.stage == "a")one#else#if($context.stage == "b")two#end#end""",
        """#foreach($x in $input.path("$.l"))1#break#end""",
        """#foreach($x in $util.parseJson($input.body))1#end""",
        """#foreach($x in $input.json("$.l").split(","))1#end""",
        """#set($l = $input.json("$.l"))#set($l = [1])#foreach($x in $l)1#end""",
        """#foreach($x in $input.params().keySet())1#end#foreach($x in $input.params("ids").split(","))1#end""",
        """#foreach($x in [1..3])1#end#foreach($x in {"a": 1})1#end#stop""",
        """{"colour": "#fff", "ref": "#/definitions/return", "tag": "#1"}""",
        """#macro(pair $k $v)"$k": $v#end{#pair("a" 1)}""",
        """## #return(1) #endif
{}""",
    ],
)
def test_what_velocity_reads_as_meant_is_not(template: str) -> None:
    assert rules(template) == []


def test_an_else_if_is_printed() -> None:
    """The rule's reason, by the engine itself: the condition is text, and the branch is taken."""
    assert Template("#if($a == 1)one#else if($a == 2)two#end").render({"a": 3}) == " if(3 == 2)two"


def test_the_fix_is_velocity_s_directive() -> None:
    (found,) = findings("#foreach($x in [1])#if($x == 1)a#else if($x == 2)b#end#end")
    assert found.fix == "write #elseif(...)"
