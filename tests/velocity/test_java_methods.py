"""Methods of strings, characters, numbers, arrays and classes; as Apache Velocity 1.7 renders it."""

from copy import deepcopy

import pytest

from parity.velocity import RenderError, Template
from tests.velocity.examples import CONTEXT


@pytest.mark.parametrize(
    ("template", "output"),
    [
        (
            "$i.reverse(5) $i.reverseBytes(1) $i.rotateLeft(1, 33) $i.rotateRight(1, 1)",
            "-1610612736 16777216 2 -2147483648",
        ),
        ("$i.highestOneBit(100) $i.lowestOneBit(100)", "64 4"),
        (
            "$i.numberOfLeadingZeros(1) $i.numberOfTrailingZeros(0) $i.toUnsignedLong(-1) $i.toUnsignedString(-1, 16)",
            "31 32 4294967295 ffffffff",
        ),
        ("$i.divideUnsigned(-1, 2) $i.remainderUnsigned(-1, 7)", "2147483647 3"),
        ("$i.compareUnsigned(-1, 1) $i.parseUnsignedInt('4294967295')", "1 -1"),
        ("$i.decode('0x1F') $i.decode('-010') $i.decode('#ff') $i.hashCode(5)", "31 -8 255 5"),
        ("$i.class.decode('7') $i.parseInt('x12', 1, 3, 10)", "7 12"),
        (
            "$long.reverse(5) $long.rotateLeft(1, 65) $long.bitCount(-1) $long.parseLong('12', 3)",
            "-6917529027641081856 2 64 5",
        ),
        ("$long.toUnsignedString(-1)", "18446744073709551615"),
        (
            "$d.doubleToLongBits(1.5) $d.longBitsToDouble(4609434218613702656) $d.hashCode(1.5)",
            "4609434218613702656 1.5 1073217536",
        ),
        (
            "$big.and($big.negate()) $big.shiftRight(90) $big.shiftLeft(3) $big.testBit(1) $big.bitCount() $big.sqrt()",
            "2 99 987654312098765431209876543120 true 54 351364182882014",
        ),
        (
            "$big.shiftRight(90).intValueExact() $big.shiftRight(90).longValueExact().class.simpleName",
            "99 Long",
        ),
        ("#set($c = $s.charAt(0))$c.isLetter($c) $c.isDigit(178) $c.isWhitespace(32)", "true false true"),
        (
            "#set($c = $s.charAt(0))$c.digit($c, 36) $c.forDigit(11, 16) $c.getName(65)",
            "17 b LATIN CAPITAL LETTER A",
        ),
        ("#set($c = $s.charAt(0))$c.toUpperCase(223) $c.toChars(128512).size()", "223 2"),
        ("#set($c = $s.charAt(0))$c.getType($c) $c.isJavaIdentifierStart(36) $c.hashCode($c)", "1 true 72"),
        (
            "$s.codePointBefore(1) $s.offsetByCodePoints(0, 2) $s.compare('a', 'b') $s.getBytes('UTF-16').size()",
            "72 2 -1 12",
        ),
        ("#set($x = ' a\\tb \\101')$x.translateEscapes() $x.stripIndent()", " a	b A a\\tb \\101"),
        (
            "$s.valueOf() $s.valueOf($u) $s.valueOf($s.charAt(0), $s.charAt(1)) $s.copyValueOf($s.toCharArray(), 1, 2)",
            " null He el",
        ),
        (
            "$s.join(',', $s.split('l')) $s.join(',', $l) $s.join(',', 'a', $u) $s.join(',', $u)",
            "He,,o p,q a,null $s.join(',', $u)",
        ),
        ("$l.toArray(1).size() $l.toArray(1, 2, 3).get(2)", "2 $l.toArray(1, 2, 3).get(2)"),
        ("$s.replaceAll('x', $u)", "Hello"),
        ("$s.split('l').class.simpleName $s.bytes.class.simpleName", "String[] byte[]"),
        (
            "$s.split('l').class.typeName $s.split('l').class.componentType",
            "java.lang.String[] class java.lang.String",
        ),
        (
            "$l.subList(0, 1).iterator().class.simpleName|$m.entrySet().class.canonicalName",
            "|java.util.LinkedHashMap.LinkedEntrySet",
        ),
        ("#set($x = $i.floatValue())$x.hashCode() #set($x = $big + 0.5)$x.hashCode()", "10884218881113278083"),
        ("#set($x = $s.bytes)$x[0].class.simpleName #set($x[0] = $i.byteValue())$x[0]", "Byte7"),
        (
            "$t.hashCode(false) $neg.shortValue().toUnsignedInt($neg.shortValue()) $i.parseInt('٣')",
            "1237 65533 3",
        ),
    ],
)
def test_a_method_gives_what_it_gives_in_java(template: str, output: str) -> None:
    assert Template(template).render(deepcopy(CONTEXT)) == output


@pytest.mark.parametrize(
    "template",
    [
        "$i.divideUnsigned(1, 0)",
        "$i.decode('08')",
        "$i.parseUnsignedInt('-1')",
        "$i.parseInt('12', 0)",
        "$big.intValueExact()",
        "$big.negate().sqrt()",
        "$s.copyValueOf($u)",
        "$s.toLowerCase($u)",
        "$s.getBytes('nope')",
        "$s.replaceAll('H', $u)",
        "$l.toArray($u)",
        "$l.wait(0)",
        "#set($x = $s.bytes)#set($x[0] = 5)",
        "#set($x = $s.toCharArray())$x.set(0, 'x')",
        "#set($q = $m.put($m, 1))$m.keySet().hashCode()",
    ],
)
def test_a_method_throws_where_it_throws_in_java(template: str) -> None:
    with pytest.raises(RenderError) as caught:
        Template(template).render(deepcopy(CONTEXT))
    assert caught.value.java_class == "MethodInvocationException"
