"""`String.format` by example; as Apache Velocity 1.7 renders it."""

import pytest

from parity.velocity import RenderError, Template
from tests.velocity.examples import CONTEXT


@pytest.mark.parametrize(
    ("template", "output"),
    [
        (
            "$s.format('%05.2f|%,d|%-5s|%x|%X|%o', 3.14159, 1234567, 'a', 255, 255, 8)",
            "03.14|1,234,567|a    |ff|FF|10",
        ),
        (
            "$s.format('%e|%g|%E|%G|%a', 12345.678, 0.00012345, 1e10, 1.0, 0.1)",
            "1.234568e+04|0.000123450|1.000000E+10|1.00000|0x1.999999999999ap-4",
        ),
        (
            "$s.format('%+d|% d|%(d|%08d|%-8d|%+,d|%(08d', 5, 5, -5, -5, -5, 1234567, -5)",
            "+5| 5|(5)|-0000005|-5      |+1,234,567|(000005)",
        ),
        (
            "$s.format('%x %X %o %#x %#o %08x', -1, $long, -8, 255, 8, -255)",
            "ffffffff B2D05E00 37777777770 0xff 010 ffffff01",
        ),
        ("$s.format('%x %x', $neg.byteValue(), $neg.shortValue())", "fd fffd"),
        (
            "$s.format('%x %,d', $big, $big)",
            "18ee90ff6c373e0ee4e3f0ad2 123,456,789,012,345,678,901,234,567,890",
        ),
        (
            "$s.format('%(d %+d %035x', $big.negate(), $big, $big.negate())",
            "(123456789012345678901234567890) +123456789012345678901234567890 -00000000018ee90ff6c373e0ee4e3f0ad2",
        ),
        ("$s.format('%.0f %.0f %.0f %.1f %.2f', 0.5, 1.5, 2.5, 0.25, 1.005)", "1 2 3 0.3 1.01"),
        (
            "$s.format('%f %f %.0f %#.0f', 1e21, 1e-7, 1e15, 3.0)",
            "1000000000000000000000.000000 0.000000 1000000000000000 3.",
        ),
        ("$s.format('%e %.0e %.3e', 0.0, 12345.0, 9999.5)", "0.000000e+00 1e+04 1.000e+04"),
        (
            "$s.format('%g %g %g %g %.0g', 0.0, 123456.0, 1234567.0, 0.00001, 5.5)",
            "0.00000 123456 1.23457e+06 1.00000e-05 6",
        ),
        (
            "$s.format('%,.2f %(,.2f %+.1f %010.3f', 1234567.891, -1234567.891, 2.25, -3.14159)",
            "1,234,567.89 (1,234,567.89) +2.3 -00003.142",
        ),
        ("$s.format('%5.1f|%010f|%(f', 1e400, 1e400, -1e400)", "Infinity|  Infinity|(Infinity)"),
        ("$s.format('%S %.2s|%10.3s|%-10s|', 'abc', 'abc', 'abcdef', 'x')", "ABC ab|       abc|x         |"),
        ("$s.format('%c %C %c|%-5c|', $s.charAt(0), $s.charAt(1), 97, 98)", "H E a|b    |"),
        (
            "$s.format('%b %b %B %5b %h %H', true, $u, 'x', false, 'hello', $l)",
            "true false TRUE false 5e918d2 11C2",
        ),
        ("$s.format('%%|%5%|%-5%|%n')", "%|    %|%    |\n"),
        ("$s.format('%s %<s %s %<S %1$s', 'a', 'b')", "a a b B a"),
        ("$s.format('%05d|%5d|%.2f|%c|%s', $u, $u, $u, $u, $u)", " null| null|nu|null|null"),
        (
            "$s.format('%s %3$s', $u) $s.format('%s', $l.toArray()) $s.format('%s-%s', $l.toArray())",
            "null null p p-q",
        ),
        (
            "#set($b = $big + 1.5)$s.format('%.1f %e %g', $b, $b, $b)",
            "123456789012345678901234567891.5 1.234568e+29 1.23457e+29",
        ),
        ("$s.format('no specifier') $s.formatted(1)", "no specifier Hello"),
    ],
)
def test_formats(template: str, output: str) -> None:
    assert Template(template).render(CONTEXT) == output


@pytest.mark.parametrize(
    "template",
    [
        "$s.format('%d', 2.5)",
        "$s.format('%f', 5)",
        "$s.format('%c', 'a')",
        "$s.format('%<s', 'a')",
        "$s.format('%0$s', 'a')",
        "$s.format('%-d', 5)",
        "$s.format('%0d', 5)",
        "$s.format('%+x', 5)",
        "$s.format('%#d', 5)",
        "$s.format('%,x', 5)",
        "$s.format('%+s', 5)",
        "$s.format('%08s', 'a')",
        "$s.format('%.2d', 5)",
        "$s.format('%+ d', 5)",
        "$s.format('%-05d', 5)",
        "$s.format('%--5d', 5)",
        "$s.format('%D', 5)",
        "$s.format('%q', $u)",
        "$s.format('%')",
        "$s.format('%s')",
        "$s.format('%d %d', 1)",
        "$s.format('%tY', 5)",
        "$s.format('%#s', 'a')",
    ],
)
def test_refuses_what_java_refuses(template: str) -> None:
    with pytest.raises(RenderError) as caught:
        Template(template).render(CONTEXT)
    assert caught.value.java_class == "MethodInvocationException"
