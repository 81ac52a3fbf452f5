"""The language by example; what each renders is what Apache Velocity 1.7 renders."""

from copy import deepcopy
from typing import Any

import pytest

from parity.velocity import ParseError, RenderError, Template, VelocityError, parse
from parity.velocity.syntax.nodes import Directive, IfStatement, Reference, SetDirective

CONTEXT: dict[str, Any] = {"s": "Hello", "i": 7, "l": ["p", "q"], "m": {"a": 1, "n": None}, "t": True}


def render(template: str, **variables: Any) -> str:
    return Template(template).render(deepcopy({**CONTEXT, **variables}))


@pytest.mark.parametrize(
    ("template", "output"),
    [
        ("$s ${s}x $!u| $u ${u.a()}", "Hello Hellox | $u ${u.a()}"),
        ("\\$s \\\\$s \\$u \\#if \\#foo", "$s \\Hello \\$u #if \\#foo"),
        ("$m.a $m['a'] $m.get('a') $l[0] $l[-1]", "1 1 1 p q"),
        ("#set($m.k = [1..3])$m.k#set($l[0] = 'z')$l", "[1, 2, 3][z, q]"),
        ("#foreach($x in $l)$foreach.count$x#if($foreach.hasNext),#end#end", "1p,2q"),
        ("a\n  #set($x=1)  \nb", "a\n  b"),
        ("#if($i > 5 && $t)yes#{else}no#end", "yes"),
        ("#macro(hi $who)Hi $who$bodyContent#end#@hi($s)!#end", "Hi Hello!"),
        ("#define($d)<$s>#end#set($s='x')$d", "<x>"),
        ("#evaluate('#set($y = 2)')$y", "2"),
        ("#[[ $s ]]# #* $s *#.## $s", " $s  ."),
        ("#set($x = 2147483647 + 1)$x #set($x = 7 / 2)$x #set($x = 1 / 0)$x", "214748364833"),
        ('#set($x = "$s${i}!")$x', "Hello7!"),
        ("$s.replaceAll('(l+)', '[$1]') $s.matches('\\w++')", "He[ll]o true"),
        ("$en.key-", "$en.key-"),
        ("#foreach($x in $l)$foreach#set($foreach.own = $x)$foreach.own#end", "{}p{own=p}q"),
        (
            "#foreach($x in [1])$foreach.putAll({'nest': 1, 'a': 2, 'n': 3})$foreach.keySet() $foreach#end",
            "[a, nest, n] {a=2, nest=1, n=3}",
        ),
        (
            "#foreach($x in [1])#set($foreach.a = 1)#foreach($y in [1])$!foreach.put('a', 2)$foreach.a#end#end",
            "2",
        ),
        ("#define($k)#set($q = 5)#end#if($k == $u)#end$q #define($k)Hello#end#if($k == $s)T#end", "5 T"),
        (
            "#define($k)[$k.toString()$s.valueOf($k)]#end$k",
            "[[$k.toString()$s.valueOf($k)][$k.toString()$s.valueOf($k)]]",
        ),
        (
            "#set($x = [-2147483648..2147483647])$x #set($x = [2147483647..-2147483648])$x",
            "[-2147483648, -2147483647][2147483647, 2147483646]",
        ),
        ("#set($x = 9223372036854775808 * -0.0)$x #set($x = -0.0 * 9223372036854775808)$x", "00"),
        ("$s.class.simpleName $s.class.valueOf(5) $i.class.max(1, 2)", "String 5 2"),
        ("$s.split('l').isEmpty() $s.split('l').empty", "false $s.split('l').empty"),
        ("#set($foreach = 5)#foreach($foreach in [1..3])$foreach#end$foreach", "1235"),
        ("#set($x = 16777217 - $i.floatValue())$x #if($i.floatValue() + 16777209 == 16777217)T#end", "1.6777209E7 T"),
        ('#set($x = "it\\\\\'s")$x.replaceAll("\\\\\'", "\'")', "it\\'s"),
    ],
)
def test_renders(template: str, output: str) -> None:
    assert render(template) == output


@pytest.mark.parametrize(
    ("template", "line", "column", "message"),
    [
        ("a\n#if($x", 2, 7, 'expected ")", found the end of the template'),
        ("#set($x 1)", 1, 9, "expected \"=\", found '1'"),
        ("x\n  #foreach($x in $l)\n", 2, 3, "the #foreach of line 2 has no #end"),
        ("#foreach($x in $l)\n#if($x)\n#end\n", 1, 1, "the #foreach of line 1 has no #end"),
        ("#if($x)\n#{foreach}($x in $l)\n#else\n#end", 3, 1, "the #foreach of line 2 has no #end before this #else"),
        ("a #if($x) b #else c", 1, 3, "the #if of line 1 has no #end"),
        ("a\n#end", 2, 1, "#end belongs to no #if, #foreach, #macro, #define or @ block"),
        ("#elseif($x)a#end", 1, 1, "#elseif belongs to no #if"),
        ("#set(x = 1)", 1, 6, "expected a reference such as $x, found 'x'"),
        ("#foreach(x in $l)#end", 1, 10, "expected a reference such as $x as argument 1 of #foreach, found 'x'"),
        ("#if($x == b)#end", 1, 11, "expected a value, which is a reference such as $x or quoted as 'x', found 'b'"),
        ("#set($x = [a])", 1, 12, "expected a value, which is a reference such as $x or quoted as 'x', found 'a'"),
        ("#set($x = {a: 1})", 1, 12, "a key must be quoted: 'a'"),
        ("#set($x = {'a': 1, b: 2})", 1, 20, "a key must be quoted: 'b'"),
        (
            '#set($x = "say "hi"")',
            1,
            17,
            'expected ")", found \'hi\'; a " inside "…" is written twice: ""',
        ),
        ("#set($x = 'it's')", 1, 15, "expected \")\", found 's'; a ' inside '…' is written twice: ''"),
        ("#macro('q')x#end", 1, 8, "expected the macro's name, found \"'q'\""),
    ],
)
def test_a_parse_error_tells_place_and_expectation(template: str, line: int, column: int, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        Template(template, name="mapping")
    error = caught.value
    assert (error.template, error.line, error.column, error.message) == ("mapping", line, column, message)
    assert str(error) == f"mapping, line {line}, column {column}: {message}"


@pytest.mark.parametrize(
    ("template", "output"),
    [
        ("#foreach($v in $m)$v#set($m.b = 9)#end|$m", "193|{a=1, b=9, c=3}"),
        ("#foreach($v in $m.values())$v#set($m.b = 9)#end", "193"),
        ("#foreach($e in $m.entrySet())$e.value#set($m.b = 9)#end", "193"),
        ("#foreach($v in $l)$v#set($l[1] = 9)#end", "193"),
        ("#set($s = $l.subList(0,3))#foreach($v in $s)$v#set($l[1] = 9)#end", "193"),
        ("#set($a = $l.toArray())#foreach($v in $a)$v#set($a[1] = 9)#end", "193"),
        ("#set($i = $m.values().iterator())$i.next()#set($m.b = 9)#foreach($x in $i)$x#set($m.c = 8)#end", "198"),
        ("#set($i = $l.iterator())$i.next()#set($l[1] = 7)$i.next()", "17"),
        ("#set($i = $l.iterator())#foreach($x in $i)$x#set($l[2] = 'z')#end", "12z"),
        ("#foreach($v in $m)#set($m.b = 9)$v#break#end|#foreach($v in $m)$v#set($m.c=$v)#end", "1|199"),
    ],
)
def test_a_loop_shows_what_its_block_changed(template: str, output: str) -> None:
    """As rendered by Apache Velocity 1.7."""
    assert Template(template).render({"m": {"a": 1, "b": 2, "c": 3}, "l": [1, 2, 3]}) == output


@pytest.mark.parametrize("call", ["class.size()", "class.hasNext()", "info.class.getLine()"])
def test_a_method_of_a_loops_scope_needs_the_scope_and_not_its_class(call: str) -> None:
    """As Apache Velocity 1.7 has it."""
    with pytest.raises(RenderError) as caught:
        Template(f"#foreach($v in [1])$foreach.{call}#end").render({})
    assert caught.value.java_class == "MethodInvocationException"


@pytest.mark.parametrize(
    ("template", "java_class"),
    [
        ("#define($k)$s.substring(9)#end#if($k)#end", "VelocityException"),
        ("#define($k)$s.substring(9)#end$k", "MethodInvocationException"),
        ("#define($k)#evaluate($k)#end$k", "NullPointerException"),
        ("#foreach($foreach in $l)$foreach#end", "NullPointerException"),
        ("#set($x = [0..-2147483648])", "IllegalArgumentException"),
        ("#set($x = $l.subList(0, 1))$l.add(1)#set($x[-1] = 1)", "VelocityException"),
    ],
)
def test_an_error_is_of_the_class_that_velocity_ends_in(template: str, java_class: str) -> None:
    with pytest.raises(RenderError) as caught:
        render(template)
    assert caught.value.java_class == java_class


def test_a_render_error_tells_the_line_and_what_java_threw() -> None:
    with pytest.raises(RenderError, match=r"line 3.*substring.*StringIndexOutOfBounds") as caught:
        render("a\n\n$s.substring(9)")
    assert caught.value.line == 3
    assert caught.value.java_class == "MethodInvocationException"


def test_debug_output_shows_the_python_with_the_lines_of_the_template() -> None:
    python = Template("a\n#if($x)\n$x\n#end").python
    assert any(line.startswith("    2 | ") and " if " in line for line in python.splitlines())


def test_the_context_keeps_its_variables_but_its_collections_can_change() -> None:
    context: dict[str, object] = {"m": {"a": 1}}
    assert Template("#set($x = $m.put('b', 2))#set($m.c = 3)#set($m = 'gone')$m").render(context) == "gone"
    assert context == {"m": {"a": 1, "b": 2, "c": 3}}


def test_a_template_renders_the_same_again() -> None:
    template = Template("#set($n = 0)#foreach($x in $l)#set($n = $n + 1)#end$n$x#evaluate('#set($q = 1)$q')$q")
    assert [template.render({"l": [1, 2]}) for _ in range(2)] == ["2$x11", "2$x11"]


def test_nodes_have_types_and_places() -> None:
    tree = parse("$a\n#set($b = 1)#if($c)\n  #foo($d)#end")
    kinds = [(type(node), node.line, node.column) for node in tree.walk()]
    assert (SetDirective, 2, 1) in kinds
    assert (IfStatement, 2, 13) in kinds
    assert (Directive, 3, 3) in kinds
    names = [node.root for node in tree.walk() if isinstance(node, Reference)]
    assert names == ["a", "b", "c", "d"]


def test_errors_are_velocity_errors() -> None:
    assert issubclass(ParseError, VelocityError)
    assert issubclass(RenderError, VelocityError)
