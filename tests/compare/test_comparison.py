"""A whole comparison, of an API that behaves and of one that does not."""

from parity.compare.case import Case
from parity.compare.formatting import failure_text
from parity.compare.received import body_of, received_by_http, received_by_lambda
from parity.compare.requests.case_file import load_cases
from parity.compare.settings import Side
from tests.compare.conftest import CompareFake
from tests.compare.fake_api import FakeApi

ARTICLE = load_cases(only=["article"])[0]


def test_every_case_that_comes_with_parity_is_explained(compare_fake: CompareFake) -> None:
    comparison = compare_fake(*load_cases())

    assert [failure_text(result) for result in comparison.results if not result.passed] == []
    assert [result.case.name for result in comparison.results] == [case.name for case in load_cases()]


def test_the_article_arrives_at_lambda_whole_and_at_http_without_its_headers(compare_fake: CompareFake) -> None:
    (result,) = compare_fake(ARTICLE).results

    assert result.received[Side.LAMBDA].headers["header1"] == ("value1",)
    assert result.received[Side.HTTP].query == {"query1": ("querystring1",), "query2": ("querystring2",)}
    assert [(str(each.field), each.reasons) for each in result.own_differences] == [
        ("header header1", ("not mapped: header header1 is not in parity:headers",)),
        ("header header2", ("not mapped: header header2 is not in parity:headers",)),
    ]


def test_a_header_that_the_configuration_maps_is_the_same_on_both_sides(
    api: FakeApi, compare_fake: CompareFake
) -> None:
    api.headers = ("header1", "header2")

    (result,) = compare_fake(ARTICLE, headers="header1,header2").results

    assert not result.differs


def test_a_header_that_should_be_mapped_and_is_lost_has_no_reason(compare_fake: CompareFake) -> None:
    (result,) = compare_fake(ARTICLE, headers='["header1"]').results

    assert not result.passed
    assert [str(each.field) for each in result.differences if not each.explained] == ["header header1"]


def test_a_template_that_loses_what_http_does_not_map_either_is_found(api: FakeApi, compare_fake: CompareFake) -> None:
    api.change_event = lambda event: event["params"]["header"].pop("header1")

    (result,) = compare_fake(ARTICLE).results

    assert not result.passed
    (lost,) = [each for each in result.differences if not each.explained]
    assert str(lost.field) == "header header1"
    assert not lost.between_backends


def test_a_failing_case_is_told_field_by_field(api: FakeApi, compare_fake: CompareFake) -> None:
    api.change_event = lambda event: event["body-json"].update(keybody="other")

    (result,) = compare_fake(ARTICLE).results

    assert failure_text(result).splitlines()[-4:] == [
        "  body.keybody: no known reason",
        "    sent     valuebody",
        "    Lambda   other",
        "    HTTP     valuebody",
    ]


def test_an_answer_that_is_no_echo_is_told(api: FakeApi, compare_fake: CompareFake) -> None:
    api.change_echo = lambda echo: echo.clear()

    (result,) = compare_fake(Case(name="a", path="/a")).results

    assert not result.passed
    assert [str(each.field) for each in result.differences if not each.explained] == ["answer"]


def test_errors_that_reach_the_client_in_other_words_are_told(api: FakeApi, compare_fake: CompareFake) -> None:
    (alike,) = compare_fake(Case(name="a", path="/status/404")).results
    api.error_message = lambda integration, status: f"{integration} says {status}"
    (different,) = compare_fake(Case(name="a", path="/status/404")).results

    assert alike.passed
    assert not alike.differences
    assert [str(each.field) for each in different.differences] == ["answer"]


def test_an_api_that_is_not_there_fails_with_the_error(compare_fake: CompareFake, api: FakeApi) -> None:
    api.url = "http://127.0.0.1:9"

    (result,) = compare_fake(ARTICLE).results

    assert not result.passed
    assert "ConnectionRefusedError" in result.clues[Side.LAMBDA]


def test_one_integration_alone_is_compared_with_what_was_sent(compare_fake: CompareFake) -> None:
    comparison = compare_fake(*load_cases(), backend="lambda")

    assert comparison.sides == (Side.LAMBDA,)
    assert comparison.passed
    assert not any(result.differs for result in comparison.results if result.case.name == "article")


def test_a_body_that_is_nested_too_deeply_to_be_parsed_is_compared_as_text() -> None:
    deep = "[" * 100_000 + "]" * 100_000

    assert body_of(deep) == deep
    assert received_by_lambda(deep) is None
    assert received_by_http(deep) is None
