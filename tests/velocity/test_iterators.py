"""Iterators, and what happens to them and to loops when a collection changes; as Apache Velocity 1.7 renders it."""

import pytest

from parity.velocity import RenderError, Template


def render(template: str) -> str:
    return Template(template).render({"l": ["p", "q", "r"], "m": {"a": 1, "b": 2, "c": 3}, "csv": "x,y"})


@pytest.mark.parametrize(
    ("template", "output"),
    [
        ("#set($i = $l.iterator())#foreach($x in $i)#if($x == 'q')$i.remove()#end#end$l $i.hasNext()", "[p, r] false"),
        ("#set($i = $m.entrySet().iterator())#foreach($e in $i)#if($e.key == 'b')$i.remove()#end#end$m", "{a=1, c=3}"),
        ("#set($i = $m.keySet().iterator())$i.next()$i.remove()$i.next() $m", "ab {b=2, c=3}"),
        ("#set($i = $m.values().iterator())$i.next()#set($m.b = 9)$i.next()", "19"),
        ("#set($i = $l.subList(0, 2).iterator())$i.next()$i.remove()$i.next()$i.hasNext() $l", "pqfalse [q, r]"),
        (
            "#set($i = $l.listIterator())$i.next()$i.set('k')$i.add('n')$i.previous()$i.nextIndex() $l",
            "pn1 [k, n, q, r]",
        ),
        ("#set($i = $l.listIterator(3))$i.previous()$i.previous()$i.remove()$i.hasPrevious() $l", "rqtrue [p, r]"),
        ("#set($i = $csv.split(',').listIterator())$i.next()$i.set('z')$i.previous()$i.previousIndex()", "xz-1"),
        ("#set($i = $l.iterator())$i.next()#foreach($x in $i)$x$foreach.hasNext#end$i.hasNext()", "pqtruerfalsefalse"),
        ("#set($i = $l.listIterator())#foreach($x in $i)$x#if($foreach.count < 3)$i.previous()#end#end", "pppppqr"),
        ("#foreach($e in $m.entrySet())#if($m.remove($e.key))$e.value#end#break#end $m", "1 {b=2, c=3}"),
        ("#set($e = $m.entrySet().iterator().next())$m.remove('a')$e.setValue(5)$e $m", "11a=5 {b=2, c=3}"),
        ("#foreach($x in $l)#if($foreach.last)$l.add(1)$l.remove(0)#end#end $l", "truep [q, r, 1]"),
        ("$m.keySet().iterator().class.name", "java.util.LinkedHashMap$LinkedKeyIterator"),
        (
            "$l.iterator().class.name $l.listIterator().class.name",
            "java.util.ArrayList$Itr java.util.ArrayList$ListItr",
        ),
        ("#set($k = [3, 1, 2])$k.sort($null)$k#set($k = [])$k.addAll($l)$k.sort($null)$k", "[1, 2, 3]true[p, q, r]"),
    ],
)
def test_an_iterator_changes_its_collection(template: str, output: str) -> None:
    assert render(template) == output


@pytest.mark.parametrize(
    ("template", "java_class"),
    [
        ("#foreach($x in $l)#set($q = $l.add('w'))#set($q = $l.remove(0))#end", "ConcurrentModificationException"),
        ("#foreach($x in $l)$l.addAll([])#end", "ConcurrentModificationException"),
        ("#foreach($x in $l)$l.sort($null)#end", "ConcurrentModificationException"),
        ("#foreach($k in $m.keySet())#set($m.w = 9)$m.remove('w')#end", "ConcurrentModificationException"),
        ("#set($i = $l.iterator())#foreach($x in $i)$l.add(1)#end", "ConcurrentModificationException"),
        ("#set($i = $l.iterator())$l.add(1)$l.remove(0)$i.next()", "MethodInvocationException"),
        ("#set($z = $l.subList(0, 2))$l.add(1)$l.remove(0)$z.size()", "MethodInvocationException"),
        ("$l.iterator().remove()", "MethodInvocationException"),
        ("$l.listIterator(4)", "MethodInvocationException"),
        ("#set($i = $csv.split(',').iterator())$i.next()$i.remove()", "MethodInvocationException"),
        ("#set($k = [3, 'a'])$k.sort($null)", "MethodInvocationException"),
        ("$l.forEach($null)", "MethodInvocationException"),
    ],
)
def test_a_change_by_others_is_noticed_even_when_the_size_is_the_same_again(template: str, java_class: str) -> None:
    with pytest.raises(RenderError) as caught:
        render(template)
    assert caught.value.java_class == java_class
