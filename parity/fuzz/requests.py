"""The requests that a client can send, as Hypothesis strategies.

Texts are put together from fragments that mean something to Velocity, to JSON, to URLs or to a decoder, the simplest
first, so that a request shrinks to the fragment that matters. Every choice is one of fewer than a hundred: Hypothesis
then draws nothing from the constants that it finds in the modules that happen to be loaded, and the same seed gives
the same requests. What no HTTP client can write is left out, and so is malformed percent-encoding, since it is not
documented what AWS makes of it.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from hypothesis import strategies as st

from parity.compare.case import Case, Headers

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")
LONG = "0123456789" * 40
QUOTES = ("a", '"', "\\", "'")
"""A letter, and what ends or bends a JSON string: the first of the fragments, since these shrink best."""
PLAIN = ("0", "", "b c", "-", "true", "null", "`", "u0041", "{", "}", "[", "]", ",", ":", "/")
VELOCITY = (
    *("$", "#", "$a", "$!a", "${a}", "$input.body", "$util.parseJson($a)", "#set($a = 1)", "#end", "#if("),
    *("##", "#*", "*#", "#[[", "]]#", "#foreach", "\\$a", "#stop"),
)
MARKUP = ("<", ">", "&", "&amp;", "=", ";", "%", "+", "?", "@", "|", "~", "!", "*", "(", ")", "^")
NON_ASCII = ("é", "日本", "😀", "\u00a0", "\u200d", "\ufeff", "\u2028", "\u2029", "\ufffd", "\ue000", "İ")
CONTROLS = ("\n", "\t", "\r\n", "\r", "\0", "\x01", "\b", "\f", "\x1b", "\x7f", "\x85")
NOT_UTF8 = ("\udcff", "\udcc3")
"""Bytes that are not UTF-8, as Python's `surrogateescape` writes them."""
JSON_LEAVES = (
    *("{}", "0", "1", "null", "true", "false", '""', "[]", "-0", "0.0", "1.0", "-1.5", "1e3", "1E-7", "0.1e+1"),
    *("123456789012345678901234567890", "9007199254740993", "9223372036854775808", "0.1234567890123456789"),
    *("3.0000000000000000001", "1e21", "1.7976931348623157e308", "5e-324", '"\\ud800"', '"\\ud83d\\ude00"', '"\\/"'),
    *('"\\u0000"', '"\\u2028"', '{"a":1,"a":2}', '{"":0}', '{"a.b":{"$ref":"#"}}', '[[[[[[[[{"a":[]}]]]]]]]]'),
    *("[" * 60 + "]" * 60, '{"a":' * 40 + "1" + "}" * 40),
)
NOT_JSON = (
    *("a", "{", "[1,", '{"a":}', '{"a":1,}', "{a:1}", "{'a':'b'}", "[1 2]", '{"a":1}}', '{"a":1} x', "01", "+1", ".5"),
    *("1.", "NaN", "Infinity", "-", "nul", "True", '"a', '"\n"', '"\\x"', "'a'", "// c\n{}", "/**/{}", "\ufeff{}"),
    *("a=b&c=d", "<a/>", " ", "\n", "$input", "#end", "undefined", '"a" "b"', "\0", "[,]", "[1,,2]", '{"a" 1}', "0x1F"),
)
CONTENT_TYPES = (
    *("application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8", "application/json "),
    *("text/plain", "application/x-www-form-urlencoded", "application/xml", "application/vnd.api+json", "text/json"),
    *("multipart/form-data; boundary=x", "application/octet-stream", "*/*", "json", "a/b;c"),
)
HEADER_NAMES = (
    *("X-A", "x-a", "X-B", "header1", "Accept", "User-Agent", "Cookie", "Referer", "Authorization", "Via", "Origin"),
    *("Accept-Language", "X-Forwarded-For", "X-Forwarded-Proto", "X-Amzn-Trace-Id", "X-Api-Key", "Date", "Server"),
    *("Content-MD5", "Max-Forwards", "If-None-Match", "Range", "Forwarded", "X.b", "x_c", "X'b", "$x", "X-#set"),
    *("X!d", "X`e", "X|f", "X~g", "X%22", "X&h", "X*i", "X^j", "0", "a"),
)
QUERY_NAMES = ("query1", "query2", "a", "A", "", "a.b", "a[]", "$top", "proxy", "querystring")
RAW_QUERIES = (
    *("&", "=", "a==b", "a=b=c", "a=1&&b=2", "=a", "a;b=c", "a=%20+%2B", "a=b&a=c&a=", "a=(b)*!,$:@/?", "%C3%A9=1"),
)
PATHS = ("status/404", "status/500", "status/418", ".", "..", "a//b", "//", "a/", "%2F", "a%2Fb", "a;b=c")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where requests are sent: a method, or `ANY`, and a resource's path, such as `/pets/{petId}` or `/{proxy+}`.

    `declared` makes a request with every parameter and property that the route declares, of an HTTP method and a text
    for its values; None where it declares nothing. `content_types` are those that its request templates are for.
    """

    method: str = "ANY"
    path: str = "/{proxy+}"
    declared: Callable[[str, str], Case] | None = None
    content_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Names that the templates and mappings of an API know: of query strings, of headers, and keys of the body."""

    query_strings: Sequence[str] = ()
    headers: Sequence[str] = ()
    keys: Sequence[str] = ()


def fuzz_requests(routes: Sequence[Route], vocabulary: Vocabulary) -> st.SearchStrategy[tuple[int, Case]]:
    """Every request that can be sent to one of the routes, with the route's number.

    Args:
        routes: where to send.
        vocabulary: names that are used more often than others.
    """
    fields = _Fields(vocabulary)
    requests = st.one_of([fields.requests(number, route) for number, route in enumerate(routes)])

    @st.composite
    def request(draw: st.DrawFn) -> tuple[int, Case]:
        return draw(requests)

    return request()  # whose name is short, where Hypothesis would write out all of the above in an error


class _Fields:
    """The strategies of each part of a request.

    Args:
        vocabulary: names that are used more often than others.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        harmless = (*QUOTES, *PLAIN, *VELOCITY, *NON_ASCII[:3])
        odd = (*QUOTES, *MARKUP, *NON_ASCII)
        self._url_text = _texts((*harmless, *CONTROLS[:5], *NOT_UTF8, LONG)) | _texts((*odd, *CONTROLS))
        self._body_text = _texts((*harmless, *CONTROLS, LONG)) | _texts((*odd, LONG * 5))
        self._header_text = _texts((*harmless, *MARKUP, "\t", " ", LONG)).map(str.strip)
        self._query = self._queries(_names(vocabulary.query_strings, QUERY_NAMES) | self._url_text)
        self._header_fields = _pairs(_names(vocabulary.headers, HEADER_NAMES), self._header_text, 4)
        self._keys = _names(vocabulary.keys, ("a", "b")) | self._body_text
        self._body = self._bodies()
        self._content_type = st.none() | st.just(CONTENT_TYPES[0]) | _sampled(CONTENT_TYPES)

    def requests(self, number: int, route: Route) -> st.SearchStrategy[tuple[int, Case]]:
        """The requests to one route."""

        def build(
            path: str, method: str, query: str, headers: Headers, content_type: str | None, body: bytes | None
        ) -> tuple[int, Case]:
            sent = headers
            if content_type is not None:
                sent = (*sent, ("Content-Type", content_type))
            case = Case(name="fuzz", method=method, path=path, query_string=query, headers=sent, body=body)
            return number, case

        methods = METHODS if route.method == "ANY" else (route.method,)
        path, method = self._paths(route), _sampled(methods)
        own = [each for each in route.content_types if each != CONTENT_TYPES[0]]
        content_type = self._content_type | _sampled(own) if own else self._content_type
        anything = st.builds(build, path, method, self._query, self._header_fields, content_type, self._body)
        declared = route.declared
        if declared is None:
            return anything

        def build_declared(method: str, text: str, headers: Headers) -> tuple[int, Case]:
            case = declared(method, text)
            return number, replace(case, name="fuzz", why="", headers=(*headers, *case.headers))

        return anything | st.builds(build_declared, method, self._body_text, self._header_fields)

    def _paths(self, route: Route) -> st.SearchStrategy[str]:
        """The route's path with its parameters filled in; a greedy one takes several segments."""
        parts: list[st.SearchStrategy[str]] = []
        encoded = self._url_text.map(lambda text: _quoted(text) or "a")
        for segment in route.path.split("/")[1:]:
            if segment.endswith("+}"):
                several = st.lists(encoded, min_size=1, max_size=3).map("/".join)
                parts.append(st.just("a") | several | _sampled(PATHS))
            else:
                parts.append(encoded if segment.startswith("{") else st.just(segment))
        return st.tuples(*parts).map(lambda segments: "/" + "/".join(segments))

    def _queries(self, names: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        def joined(pairs: Headers) -> str:
            return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)

        pairs = _pairs(names, self._url_text, 4)
        return pairs.map(joined) | _sampled(("", *RAW_QUERIES))

    def _bodies(self) -> st.SearchStrategy[bytes | None]:
        json_texts = self._json()
        raw = st.tuples(_sampled(NOT_JSON) | self._body_text, st.just("") | json_texts).map("".join)
        broken = st.tuples(json_texts, _sampled(NOT_UTF8)).map("".join)
        spaced = json_texts.map(lambda text: f"\n {text}\t\r\n")
        some = (json_texts | json_texts | raw | spaced | broken).map(_bytes)
        return st.none() | some | some

    def _json(self) -> st.SearchStrategy[str]:
        """JSON texts, with every way to write a number or a string, and repeated keys."""
        strings = st.builds(_json_string, self._body_text, st.booleans())
        keys = st.builds(_json_string, self._keys, st.booleans())

        def deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
            members = st.tuples(keys, inner).map(":".join)
            lists = st.lists(inner, max_size=3).map(lambda items: f"[{','.join(items)}]")
            return st.lists(members, max_size=3).map(lambda items: f"{{{','.join(items)}}}") | lists

        leaves = _sampled(JSON_LEAVES) | strings
        flat = deeper(leaves)
        return flat | leaves | deeper(leaves | flat)


def _json_string(text: str, ascii_only: bool) -> str:
    return json.dumps(text, ensure_ascii=ascii_only)


def _names(known: Sequence[str], usual: Sequence[str]) -> st.SearchStrategy[str]:
    """The names that an API knows as often as all the usual ones together."""
    return _sampled(known) | _sampled(usual) if known else _sampled(usual)


def _sampled(values: Sequence[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(tuple(values))


def _texts(fragments: Sequence[str]) -> st.SearchStrategy[str]:
    return st.lists(_sampled(fragments), max_size=4).map("".join)


def _pairs(
    names: st.SearchStrategy[str], values: st.SearchStrategy[str], most: int
) -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
    return st.lists(st.tuples(names, values), max_size=most).map(tuple)


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
