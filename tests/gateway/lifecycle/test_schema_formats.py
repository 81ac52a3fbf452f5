"""The formats of JSON schemas; which values fit, and the messages, are those of fge's validator (version 2.2.6)."""

import pytest

from parity.gateway.lifecycle.schema_formats import format_error

FITS = {
    "date-time": (
        "2012-08-07T20:42:32Z 2012-08-07t20:42:32z 2012-08-07T20:42:32+1000 2012-08-07T20:42:32-10:00 "
        "2012-08-07T20:42:32.1Z 2012-08-07T20:42:32.123+10:00 2012-02-29T00:00:00Z"
    ),
    "email": "a@b a.@b a..b@c a@[1.2.3.4] <a@b> Name<a@b> a+b@c.de a'b@c a@-b",
    "hostname": "a a.b a_b a. é.de localhost A.B 1.a",
    "ipv4": "1.2.3.4",
    "ipv6": "::1 :: 1:2:3:4:5:6:7:8",
    "uri": (
        "http://a relative a/b?c#d a:b http:///x //a/b #f http://[::1]/ http://a/%41 http://a/é mailto:a@b urn:x:y "
        "?q http://a/x?y=[1]"
    ),
    "uuid": "d0ff0a2c-2b3e-4b62-9c3b-1f6a0a2b3c4d D0FF0A2C-2B3E-4B62-9C3B-1F6A0A2B3C4D 0-0-0-0-0",
    "base64": "aGk= aGkx",
    "json-pointer": "/a /~0 /a/",
    "md5": "d41d8cd98f00b204e9800998ecf8427e D41D8CD98F00B204E9800998ECF8427E",
    "mac": "00:00:00:00:00:00",
    "regex": r"a \p{L} [] ]",
    "date": "no format of draft 4",
    "int32": "nor this",
}
DOES_NOT_FIT = {
    "date-time": (
        "2012-08-07T20:42:32 2012-8-7T20:42:32Z 2012-08-07T24:00:00Z 2012-08-07T20:42:60Z 2012-08-07T20:42Z "
        "2012-13-07T20:42:32Z 2011-02-29T00:00:00Z 2012-08-07T20:42:32.1234Z 2012-08-07T20:42:32+25:00"
    ),
    "email": "a a@ @b a@b@c a@b. a@.b a@b..c a@b_c é@b a@b,c@d a(b)@c a@b.c>",
    "hostname": "-a.b a-.b a..b .a 1.2 a.1 _a.b a:80 a.b-",
    "ipv4": "01.2.3.4 256.1.1.1 1.2.3 ::1",
    "ipv6": "1.2.3.4 ::ffff:1.2.3.4 fe80::1%eth0 [::1] 1::2::3",
    "uri": "http:// http: http://[::1 http://a/%zz http://a/{x} a^b <a> http://a#b#c a: :a 1a:b http://a/[ ::",
    "uuid": "x d0ff0a2c2b3e4b629c3b1f6a0a2b3c4d {0-0-0-0-0}",
    "base64": "a aGk a=== _-== aGk=aGk=",
    "json-pointer": "a #/a /~2 /~",
    "md5": "x xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "mac": "00-00-00-00-00-00 00:00:00:00:00",
    "regex": "( (?i)a a++",
}


@pytest.mark.parametrize(("name", "values"), FITS.items(), ids=FITS)
def test_values_that_fit(name: str, values: str) -> None:
    assert {value: format_error(name, value) for value in values.split(" ")} == dict.fromkeys(values.split(" "))


@pytest.mark.parametrize(("name", "values"), DOES_NOT_FIT.items(), ids=DOES_NOT_FIT)
def test_values_that_do_not_fit(name: str, values: str) -> None:
    assert [value for value in values.split(" ") if format_error(name, value) is None] == []


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "date-time",
            "x",
            'string "x" is invalid against requested date format(s) '
            "[yyyy-MM-dd'T'HH:mm:ssZ, yyyy-MM-dd'T'HH:mm:ss.SSSZ]",
        ),
        ("email", "a%s", 'string "a%s" is not a valid email address'),
        ("uuid", "x", 'input string "x" is not a valid UUID'),
        ("base64", "a", "input has illegal length (must be a multiple of 4, found 1)"),
        ("base64", "_-==", 'illegal character "_" at index 0 (not in Base64 alphabet)'),
        ("md5", "x", "input string has incorrect length (1, expected 32)"),
    ],
)
def test_messages(name: str, value: str, message: str) -> None:
    assert format_error(name, value) == message
