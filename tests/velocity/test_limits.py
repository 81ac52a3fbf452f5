"""No template runs away, and none reaches into Python."""

import itertools
import time
from collections.abc import Mapping
from typing import Any, ClassVar

import pytest

from parity.velocity import HostObject, Limits, RenderError, Template, VelocityError, java_string

RUNAWAYS = [
    "#set($l = [1, 2])#set($i = $l.listIterator())#foreach($x in $i)#set($q = $i.previous())#end",
    "#set($s = 'x')$s.format('%99999999d', 1)",
    "#set($s = 'x')$s.format('%16000000d%16000000d', 1, 2)",
    "#set($n = 99999999999999999999)$n.shiftLeft(2000000000)",
    "#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..1000])$c#end#end#end",
    "#foreach($a in [1..2000000000])$a#end",
    "#set($r = [1..2000000000])$r.size()",
    "#set($s = 'xxxxxxxxxx')#foreach($i in [1..60])#set($s = $s + $s)#end$s.length()",
    "#set($s = 'xxxxxxxxxx')#foreach($i in [1..60])#set($s = \"$s$s\")#end$s.length()",
    "#set($s = 'x')$s.repeat(2000000000)",
    "#set($n = 2147483647)#foreach($i in [1..60])#set($n = $n * $n)#end$n",
    "#set($l = ['x'])#foreach($i in [1..60])#set($l = [$l, $l, $l])#end$l",
    "#macro(m $n)#if($n.size() < 19)#set($k = $n.subList(0, 0))#m([$n, $n])#m([$n, $n])#m([$n])#end#end#m([1])",
    "#set($l = ['x'])#foreach($i in [1..60])#set($l = [$l, $l])#end$l.hashCode()",
    "#set($l = ['x'])#set($k = ['x'])#foreach($i in [1..60])#set($l = [$l, $l])#set($k = [$k, $k])#end$l.equals($k)",
    "#macro(m $x)#m(\"$x$x\")#end#m('abc')",
    "#set($e = '#evaluate($e)')#evaluate($e)",
    "#define($a)$b$b$b$b$b$b$b$b#end#define($b)$c$c$c$c$c$c$c$c#end#define($c)$d$d$d$d$d$d$d$d#end"
    "#define($d)$e$e$e$e$e$e$e$e#end#define($e)$f$f$f$f$f$f$f$f#end#define($f)$g$g$g$g$g$g$g$g#end"
    "#define($g)$h$h$h$h$h$h$h$h#end#define($h)$i$i$i$i$i$i$i$i#end#define($i)0123456789#end$a",
    "#set($s = 'a')#set($s = $s.repeat(60) + 'zzz')#foreach($i in [1..99])#set($q = $s.matches('(a|aa)+[^z]'))#end",
    "#set($s = 'a')#set($s = $s.repeat(9000000))#foreach($i in [1..1000])#set($q = $s.toUpperCase())#end",
    "#foreach($a in [1..1000])#foreach($b in [1..1000])$a.toString().substring(0)#end#end",
    "#set($l = [1..100000])#set($k = [1..100000])$l.removeAll($k)",
    "#set($l = [1..999])#set($k = [1..999])#foreach($a in [1..1000])#foreach($b in [1..1000])#if($l == $k)#end#end#end",
    "#set($s = 'a')#set($s = $s.repeat(1900))#foreach($a in [1..1000])#foreach($b in [1..1000])$s.split('')#end#end",
    "#set($s = '$s')#set($s = $s.repeat(1000))#foreach($i in [1..1000])#evaluate($s)#end",
    "#set($p = 'a{1000}')#set($p = \"($p){1000}\")#set($s = 'a')$s.matches(\"($p){1000}\")",
    "#set($m = {})#set($k = {})#set($m.a = $k)#set($k.a = $m)$m",
    "#set($l = [1])$l.add($l)#set($k = [$l])$l.add($k)$l",
]


@pytest.mark.parametrize("template", RUNAWAYS)
@pytest.mark.timeout(20)
def test_a_runaway_ends_in_an_error(template: str) -> None:
    with pytest.raises(VelocityError):
        Template(template, limits=Limits(seconds=0.25)).render({})


@pytest.mark.parametrize(
    "template",
    [
        "(" * 5000,
        "#if(" + "(" * 3000 + "1" + ")" * 3000 + ")#end",
        "#if(true)" * 2000 + "#end" * 2000,
        "#set($x = " + "[" * 3000 + "]" * 3000 + ")",
        "$a" + ".b($a" * 2000 + ")" * 2000,
        "#set($x = " + "!" * 5000 + "true)$x",
        "#set($x = 1" + " + 1" * 3000 + ")$x",
        "$a" + ".b" * 3000,
        "\\" * 200_000,
        "#if(1)a" + "#elseif(2)b" * 800 + "#end",
        "#set($x = " + "1" * 10_000 + ")$x",
    ],
)
@pytest.mark.timeout(20)
def test_long_and_deep_templates_render_or_end_in_an_error(template: str) -> None:
    try:
        assert isinstance(Template(template).render({}), str)
    except VelocityError as error:
        assert error.message  # noqa: PT017 - either end is right


def test_a_sum_may_be_long() -> None:
    assert Template("#set($x = 1" + " + 1" * 400 + ")$x").render({}) == "401"


def test_an_iterator_that_the_loop_moves_back_is_bounded_too() -> None:
    template = "#set($l = [1, 2])#set($i = $l.listIterator())#foreach($x in $i)$i.previous()#end"
    rendered = Template(template, limits=Limits(foreach_iterations=5)).render({})
    assert rendered == "11111"


def test_limits_can_be_set() -> None:
    assert Template("#foreach($x in [1..9])$x#end").render({}) == "123456789"
    with pytest.raises(RenderError, match="budget of 1e-05 seconds"):
        Template("#foreach($x in [1..99])$x#end", limits=Limits(seconds=0.00001)).render({})
    with pytest.raises(RenderError, match="output is longer"):
        Template("$x$x.a", limits=Limits(output=10)).render({"x": "12345678"})


class Greeter(HostObject):
    java_methods: ClassVar[Mapping[str, Any]] = {"greet": lambda self, name: f"Hi {name}{self.secret}"}

    def __init__(self) -> None:
        self.secret = "!"

    def java_property(self, name: str) -> object:
        return {"mood": "good"}.get(name)

    def java_string(self) -> str:
        return "greeter"


@pytest.mark.parametrize(
    ("template", "output"),
    [
        ("$g", "greeter"),
        ("$g.greet('you')", "Hi you!"),
        ("$g.mood $g['mood'] ${g.moods}", "good good ${g.moods}"),
        ("$g.greet() $g.greet(1, 2) $g.wave()", "$g.greet() $g.greet(1, 2) $g.wave()"),
        ("$g.secret $g.__class__ $g.java_methods", "$g.secret greeter.__class__ $g.java_methods"),
        ("$s.__len__() $s.format_map($m) $s.encode()", "s.__len__() $s.format_map($m) $s.encode()"),
        ("$m.pop('a') $m.items() $l.append(1) $o.x $o.f()", "$m.pop('a') $m.items() $l.append(1) $o.x $o.f()"),
    ],
)
def test_only_what_a_host_object_declares_is_reachable(template: str, output: str) -> None:
    class Opaque:
        x = 1

        def f(self) -> int:
            return 1

    assert Template(template).render({"g": Greeter(), "s": "s", "m": {"a": 1}, "l": [], "o": Opaque()}) == output


def test_collections_can_print_otherwise_than_javas() -> None:
    class Json(list[Any]):
        def java_string(self) -> str:
            return "JSON"

    context = {"j": Json([1]), "m": {"a": Json()}}
    assert Template('$j $m $j.toString() "$j" $j.size()').render(context) == 'JSON {a=JSON} JSON "JSON" 1'
    assert java_string([Json(), 1.0, None, True, "x"]) == "[JSON, 1.0, null, true, x]"


CALLS = "#foreach($number in [1..50])$text.toUpperCase()#end"


def test_waiting_for_the_processor_uses_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = itertools.count()
    monkeypatch.setattr(time, "perf_counter", lambda: float(next(seconds)))
    monkeypatch.setattr(time, "thread_time", lambda: 1.0)
    assert Template(CALLS).render({"text": "a"}) == "A" * 50


def test_work_uses_up_what_a_template_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = itertools.count()
    monkeypatch.setattr(time, "perf_counter", lambda: float(next(seconds)))
    monkeypatch.setattr(time, "thread_time", lambda: float(next(seconds)))
    with pytest.raises(VelocityError, match="used up its budget"):
        Template(CALLS).render({"text": "a"})
