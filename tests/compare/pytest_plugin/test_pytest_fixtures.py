"""The fixtures for one route and for one template, and a pair of routes, in tests of a program of one's own."""

from pathlib import Path

import pytest

from tests.cli.routes.order_service import order_service

pytest_plugins = ["pytester"]
PROGRAM = Path(__file__).parents[2] / "local" / "programs" / "two_routes"
TESTS = """
def test_order(parity_route):
    order = parity_route("POST /orders")(json={"item": 'a "big" one', "count": 2}, query={"shop": "main"})
    assert order.status == 200
    assert order.sent == {"order": {"item": 'a "big" one', "count": 2}, "shop": "main"}
    assert order.json()["item"] == 'a "big" one'

def test_read(parity_route):
    order = parity_route("/v2/orders/{order_id}")(path={"order_id": "17"})
    assert order.sent_to.startswith("GET http://127.0.0.1:") and order.sent_to.endswith("/orders/17")

def test_no_route(parity_route):
    parity_route("POST /ordres")

def test_template(parity_template):
    rendered = parity_template("order.vtl")(json={"item": "tea"}, query={"q": "1"}, context={"stage": "prod"})
    assert rendered.json() == {"item": "tea", "q": "1", "stage": "prod"}

def test_broken_template(parity_template):
    parity_template("order.vtl")(json={"item": 'a "big" one'}).json()
"""
TEMPLATE = """{"item": "$input.path('$.item')", "q": "$input.params('q')", "stage": "$context.stage"}"""


def test_a_route_and_a_template_are_fixtures(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(TESTS)
    (pytester.path / "order.vtl").write_text(TEMPLATE)
    pytester.makeini(f"[pytest]\nparity_program = {PROGRAM}\n")

    with order_service() as service:
        outcome = pytester.runpytest_subprocess("-p", "no:xdist", "--parity-config", f"endpoint={service.url}")

    outcome.assert_outcomes(passed=3, failed=2)
    outcome.stdout.fnmatch_lines_random(
        ["*there is no route 'POST /ordres'*did you mean 'POST /orders'?*", "*order.vtl does not render JSON: line 1*"]
    )


def test_a_pair_of_routes_is_compared_by_case_files_and_by_tests(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_order(compare):\n    compare(path='', body=b'{\"item\": \"tea\"}')\n")
    (pytester.path / "own.parity.yaml").write_text("- {name: coffee, json: {item: coffee}}\n")
    pytester.makeini(f"[pytest]\nparity_program = {PROGRAM}\nparity_pair = orders\n")

    with order_service() as service:
        arguments = ("-p", "no:xdist", "--parity-config", f"endpoint={service.url}")
        alike = pytester.runpytest_subprocess(*arguments)
        service.change = {"item": "another"}
        different = pytester.runpytest_subprocess(*arguments)

    alike.assert_outcomes(passed=2)
    different.assert_outcomes(failed=2)
    different.stdout.fnmatch_lines(["  answer.item: not the same", "    POST /v2/orders  another"])
