"""Case files: what they say, and what is wrong in them."""

from pathlib import Path

import pytest

from parity.compare.case import Case
from parity.compare.requests.case_file import CaseFileError, load_cases, parse_cases

FILE = Path("mine.yaml")


def test_the_cases_of_parity_begin_with_the_article() -> None:
    cases = load_cases()

    assert len(cases) >= 25
    article = cases[0]
    assert (article.method, article.target) == ("POST", "/path1/path2?query1=querystring1&query2=querystring2")
    assert article.headers == (("header1", "value1"), ("header2", "value2"), ("Content-Type", "application/json"))
    assert article.body == b'{"keybody":"valuebody"}'


def test_every_case_of_parity_says_why_it_is_there() -> None:
    assert [case.name for case in load_cases() if not case.why] == []


def test_a_raw_query_string_is_sent_as_it_is_written() -> None:
    (case,) = parse_cases("- {name: a, path: /a, query: 'x=1&x=2&flag&y=%41+b'}", FILE)

    assert case.target == "/a?x=1&x=2&flag&y=%41+b"
    assert case.query == {"x": ("1", "2"), "flag": ("",), "y": ("A b",)}


def test_pairs_are_percent_encoded() -> None:
    (case,) = parse_cases("- {name: a, path: /größe, query: [{q: 'a&b'}, {q: 'ü '}]}", FILE)

    assert case.target == "/gr%C3%B6%C3%9Fe?q=a%26b&q=%C3%BC%20"
    assert case.decoded_path == "größe"


def test_headers_may_repeat_and_keep_their_case() -> None:
    (case,) = parse_cases("- {name: a, path: /, headers: [{X-a: '1'}, {x-A: '2'}]}", FILE)

    assert case.headers == (("X-a", "1"), ("x-A", "2"))
    assert case.header("X-A") == "2"


def test_a_json_body_is_compact_and_a_text_body_is_as_it_is() -> None:
    one, two = parse_cases("- {name: a, path: /, json: {ü: [1, null]}}\n- {name: b, path: /, body: '{ }'}", FILE)

    assert one.body == '{"ü":[1,null]}'.encode()
    assert two.body == b"{ }"


def test_only_keeps_the_cases_whose_name_holds_a_text() -> None:
    names = [case.name for case in load_cases(only=["status-4"])]

    assert names == ["status-400", "status-404", "status-429"]


def test_only_that_fits_nothing_names_what_there_is() -> None:
    with pytest.raises(CaseFileError, match=r"no case is named like nothing.*article"):
        load_cases(only=["nothing"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- path: /a", "mine.yaml:1: name: is missing"),
        ("- name: a\n  path: a", "mine.yaml:2: path: 'a' does not begin with '/'"),
        ("- name: a\n  path: /a?b=c", "mine.yaml:2: path: holds '?'"),
        ("- name: a\n  path: /a\n  metod: GET", "mine.yaml:3: metod: no such key; a case has name, why, method"),
        ("- name: a\n  path: /a\n  method: G T", "mine.yaml:3: method: 'G T' is not an HTTP method"),
        ("- name: a\n  path: /a\n  query: 'a b'", "mine.yaml:3: query: 'a b' holds characters that must be encoded"),
        ("- name: a\n  path: /a\n  query: [{a: 1}]", "mine.yaml:3: query: names and values are text, not 'a': 1"),
        ("- name: a\n  path: /a\n  headers: {'a b': c}", "mine.yaml:3: headers: 'a b' is not a header name"),
        ('- name: a\n  path: /a\n  headers: {a: "b\\nc"}', "mine.yaml:3: headers: the value of a holds a control"),
        ("- name: a\n  path: /a\n  body: x\n  json: 1", "mine.yaml:4: json: stands beside 'body'"),
        ("- name: 5\n  path: /a", "mine.yaml:1: name: is text, not 5"),
        (
            "- {name: a, path: /}\n- {name: a, path: /}",
            "mine.yaml:2: name: 'a' is also the name of the case at mine.yaml:1",
        ),
        ("name: a", "mine.yaml:1: a case file is a list of cases"),
        ("- just text", "mine.yaml:1: a case is a mapping"),
        ("- {name: a, path: [", "mine.yaml: not YAML"),
    ],
)
def test_what_is_wrong_is_told_with_file_line_and_key(text: str, message: str) -> None:
    with pytest.raises(CaseFileError) as failure:
        parse_cases(text, FILE)

    assert message in str(failure.value)


def test_every_problem_of_a_file_is_told_at_once() -> None:
    with pytest.raises(CaseFileError) as failure:
        parse_cases("- {name: a, path: a}\n- {name: b, path: /b, method: ''}", FILE)

    assert len(str(failure.value).splitlines()) == 2


def test_a_case_survives_the_way_through_yaml() -> None:
    (case,) = parse_cases("- {name: a, path: /a, query: 'x=%22', headers: [{A: 'b'}, {A: 'c'}], body: 'ü\"'}", FILE)

    (again,) = parse_cases(case.to_yaml(), FILE)

    assert again.to_yaml() == case.to_yaml()
    assert (again.headers, again.body, again.target) == (case.headers, case.body, case.target)


def test_curl_is_ready_to_paste() -> None:
    case = Case(name="a", method="POST", path="/a", query_string="b=c", headers=(("X", "it's"), ("Y", "")), body=b"{}")

    assert case.curl("http://h/dev/http") == (
        "curl -i --path-as-is -X POST 'http://h/dev/http/a?b=c' -H 'X: it'\"'\"'s' -H 'Y;' -H Content-Type:"
        " --data-raw '{}'"
    )
