"""How routes are written, and which requests are for them."""

import pytest

from parity.compare.case import Case
from parity.compare.difference import Field
from parity.compare.pair.ignore import IgnoreRules
from parity.compare.pair.pair import Endpoint, Pair
from parity.compare.pair.route import RouteSpec, parse_route
from parity.compare.settings import Side
from parity.errors import UserError

STAGED = Case(name="a", path="/prod/orders/7", has_stage=True)


def pair(left: str, right: str) -> Pair:
    """Two routes of one stage."""
    one, other = (
        Endpoint(side=Side(text), spec=spec, url="http://127.0.0.1:1/dev", path=spec.path)
        for text, spec in ((text, parse_route(text, "--left")) for text in (left, right))
    )
    return Pair(left=one, right=other)


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("POST /orders", RouteSpec(text="POST /orders", method="POST", path="/orders")),
        ("/v2/orders/", RouteSpec(text="/v2/orders/", path="/v2/orders")),
        ("any /a", RouteSpec(text="any /a", path="/a")),
        (
            "GET /a api=shop stage=canary stack=prod program=../b deployed",
            RouteSpec(
                text="GET /a api=shop stage=canary stack=prod program=../b deployed",
                method="GET",
                path="/a",
                api="shop",
                stage="canary",
                stack="prod",
                program="../b",
                deployed=True,
            ),
        ),
        (
            "https://a.execute-api.eu-west-1.amazonaws.com/prod/orders/{id}",
            RouteSpec(
                text="https://a.execute-api.eu-west-1.amazonaws.com/prod/orders/{id}",
                path="/orders/{id}",
                url="https://a.execute-api.eu-west-1.amazonaws.com/prod",
                deployed=True,
            ),
        ),
    ],
)
def test_a_route_is_a_method_a_path_and_words(text: str, spec: RouteSpec) -> None:
    assert parse_route(text, "--left") == spec


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("FETCH /a", "FETCH is not an HTTP method"),
        ("POST", "the path is missing"),
        ("POST orders", "the path begins with '/'"),
        ("/a stge=prod", "'stge=prod' is not understood"),
        ("https://a.example", "the URL has no stage"),
    ],
)
def test_what_is_not_a_route_is_an_error_that_shows_the_form(text: str, message: str) -> None:
    with pytest.raises(UserError, match="--left") as raised:
        parse_route(text, "--left")
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("left", "right", "case", "sent"),
    [
        ("POST /orders", "/v2/orders", Case(name="a", method="POST", path=""), ("/orders", "/v2/orders")),
        ("POST /orders", "/v2/orders", Case(name="a", method="POST", path="/orders"), ("/orders", "/v2/orders")),
        ("/orders/{id}", "/v2/o/{order}", Case(name="a", path="/v2/o/a%2Fb"), ("/orders/a%2Fb", "/v2/o/a%2Fb")),
        (
            "/orders/{id}",
            "/v2/o/{order}",
            Case(name="a", path="/prod/orders/7", has_stage=True),
            ("/orders/7", "/v2/o/7"),
        ),
        ("/a/{proxy+}", "/b/{proxy+}", Case(name="a", path="/x/y"), ("/a/x/y", "/b/x/y")),
        ("/a/{proxy+}", "/b/{proxy+}", Case(name="a", path="/b/x"), ("/a/x", "/b/x")),
    ],
)
def test_a_case_is_sent_to_both_routes(left: str, right: str, case: Case, sent: tuple[str, str]) -> None:
    both = pair(left, right)
    own = both.case_for(case)
    assert own is not None
    assert tuple(endpoint.request(own).path for endpoint in both.endpoints.values()) == sent


def test_a_request_takes_the_method_of_its_route() -> None:
    both = pair("POST /orders", "PUT /v2/orders")
    (own,), _ = both.select([Case(name="a", method="POST", path="/orders")])
    assert [endpoint.request(own).method for endpoint in both.endpoints.values()] == ["POST", "PUT"]


def test_a_case_for_another_route_is_not_sent() -> None:
    both = pair("POST /orders", "/v2/orders")
    cases = [Case(name="a", method="GET", path="/orders"), Case(name="b", method="POST", path="/other")]
    assert both.select(cases) == ((), tuple(cases))


def test_routes_with_another_number_of_parameters_cannot_be_compared() -> None:
    with pytest.raises(UserError, match="1 path parameters and /b has 0"):
        pair("/a/{id}", "/b")


@pytest.mark.parametrize(
    ("rule", "field", "covered"),
    [
        ("status", Field("status"), True),
        ("header ETag", Field("answer header", "etag"), True),
        ("header x-*", Field("header", "X-Trace"), True),
        ("header ETag", Field("answer header", "Date"), False),
        ("query page", Field("query", "page"), True),
        ("body", Field("answer", ".a[0].b"), True),
        ("body.items[*].id", Field("answer", ".items[12].id"), True),
        ("body.items[*].id", Field("answer", ".items[12].id.more"), True),
        ("body.items[*].id", Field("answer", ".items[12].name"), False),
        ("body.*.id", Field("answer", ".a.b.id"), False),
        ("body.**.id", Field("answer", ".a.b.id"), True),
        ("body.id", Field("answer", ".idea"), False),
    ],
)
def test_a_rule_says_which_differences_do_not_count(rule: str, field: Field, *, covered: bool) -> None:
    assert IgnoreRules.parse([rule]).covers(field) is covered


def test_a_wrong_rule_is_an_error_that_lists_the_forms() -> None:
    with pytest.raises(UserError, match="status, header NAME"):
        IgnoreRules.parse(["bdy.id"])
