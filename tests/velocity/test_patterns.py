"""Regular expressions, and characters beyond U+FFFF; as Apache Velocity 1.7 renders it."""

import pytest

from parity.velocity import RenderError, Template
from tests.velocity.examples import CONTEXT


@pytest.mark.parametrize(
    ("template", "output"),
    [
        (
            "$s.replaceAll('l*?', '-') $s.replaceAll('(|l)', '<$1>') $s.replaceAll('[a-z]??', '.')",
            "-H-e-l-l-o- <>H<>e<>l<>l<>o<> .H.e.l.l.o.",
        ),
        (
            "#set($x = 'a1')#foreach($part in $x.split('a*?'))[$part]#end#foreach($part in $x.split(''))[$part]#end",
            "[a][1][a][1]",
        ),
        ("$s.replaceAll('l{1}{2}', 'L') $s.replaceAll('{2}', '.')", "HeLLo .H.e.l.l.o."),
        ("$s.replaceAll('l{1}+{2}?', 'L') $s.replaceAll('^*e', 'E')", "HeLLo HEllo"),
        ("$s.replaceAll('(?i){2}h', 'x') $s.replaceAll('\\b{2}', '|')", "xello |Hello|"),
        ("$s.replaceAll('\\X', 'g') $s.replaceAll('\\N{LATIN SMALL LETTER E}', 'E')", "ggggg HEllo"),
        (
            "$s.replaceAll('[a-z&&]', 'x') $s.replaceAll('[&&l]', 'x') $s.replaceAll('\\G[A-Z]', 'x')",
            "Hxxxx Hexxo xello",
        ),
        ("#set($x = '😀a')$x.split('').size() $x.charAt(0)$x.charAt(1) $x.substring(1)", "3 😀 ?a"),
        ("#set($x = '😀a')$s.format('%.2s|%4s', $x, $x)", "😀| 😀a"),
        ("#set($x = \"a\r\nb\")$x.replaceAll('\\R', '-') $x.matches('a\\R{2}b')", "a-b false"),
        ("#set($x = 'İi')$x.compareToIgnoreCase('É') $x.equalsIgnoreCase('ii')", "-128 true"),
    ],
)
def test_a_pattern_matches_what_it_matches_in_java(template: str, output: str) -> None:
    assert Template(template).render(CONTEXT) == output


@pytest.mark.parametrize(
    "template",
    [
        "$s.replaceAll('l**', '-')",
        "$s.replaceAll('l{1}*', '-')",
        "$s.replaceAll('(?i)*', '-')",
        "$s.replaceAll('[&&]', '-')",
        "$s.replaceAll('l{2,1}', '-')",
        "$s.replaceAll('\\k<x>(?<x>l)', '-')",
        "$s.replaceAll('\\N{NO SUCH LETTER}', '-')",
        "$s.replaceAll('(?<x>l)(?<x>l)', '-')",
    ],
)
def test_refuses_what_java_refuses(template: str) -> None:
    with pytest.raises(RenderError) as caught:
        Template(template).render(CONTEXT)
    assert caught.value.java_class == "MethodInvocationException"
