"""`parity compare` with two routes of a program of one's own: a function and the service that replaces it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from parity.cli import main
from tests.cli.routes.order_service import OrderService, order_service

PROGRAM = Path(__file__).parents[2] / "local" / "programs" / "two_routes"


@pytest.fixture
def service() -> Iterator[OrderService]:
    with order_service() as running:
        yield running


def compare(service: OrderService, *arguments: str) -> int:
    return main(["compare", str(PROGRAM), "--config", f"endpoint={service.url}", *arguments])


def test_a_pair_of_the_programs_file_is_compared_by_what_was_sent_and_answered(
    service: OrderService, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "out.json"
    assert compare(service, "--pair", "orders", "--json", str(file)) == 0

    coffee = json.loads(file.read_text())["cases"][0]
    assert coffee["received"]["POST /orders"]["query"] == {"shop": ["main"]}
    assert coffee["received"]["POST /v2/orders"]["query"] == {"shop": ["main"]}
    assert coffee["received"]["POST /orders"]["body"] == {"item": "coffee", "count": 2}
    assert coffee["volatile"] == ["answer.id"]
    reasons = {
        difference["name"]: difference["reasons"] for difference in coffee["differences"] if difference["reasons"]
    }
    assert reasons["x-trace"] == {
        "POST /orders": "not passed on: the request template of POST /orders does not print it",
        "POST /v2/orders": "not mapped: header x-trace is not in the request parameters of POST /v2/orders",
    }
    assert capsys.readouterr().out.endswith("✓ 1 changed the same way in both, 1 alike\n")


def test_another_answer_is_a_failure_with_its_place_and_curl_lines_that_work(
    service: OrderService, capsys: pytest.CaptureFixture[str]
) -> None:
    service.change = {"item": "tea"}
    assert compare(service, "--pair", "orders", "--only", "coffee") == 1

    out = capsys.readouterr().out
    assert "✗ coffee: POST /orders?shop=main\n" in out
    assert "  answer.item: not the same\n    POST /orders     coffee\n    POST /v2/orders  tea\n" in out
    assert "  POST /v2/orders: curl -i --path-as-is -X POST 'http://127.0.0.1:" in out
    assert f"  parity serve {PROGRAM} --port " in out
    assert out.endswith("✗ 1 differs without a known reason\n")


def test_two_routes_that_no_backend_answers_are_not_alike(capsys: pytest.CaptureFixture[str]) -> None:
    both = ("--left", "POST /v2/orders", "--right", "POST /v2/orders stage=dev")

    assert main(["compare", str(PROGRAM), "--config", "endpoint=http://127.0.0.1:9", *both]) == 1

    out = capsys.readouterr().out
    assert "  status: no backend answered\n    POST /v2/orders            504\n" in out
    assert "  POST /v2/orders: INTEGRATION_FAILURE: " in out


def test_without_a_file_the_requests_are_made_from_the_routes_parameters_and_models(
    service: OrderService, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = ("--ignore", "body.handled_by", "--ignore", "body.item")
    assert compare(service, "--left", "POST /orders", "--right", "/v2/orders stage=dev", *rules, "-v") == 0

    out = capsys.readouterr().out
    assert all(f" {name}" in out for name in ("plain", "quotes", "non-ascii", "lines", "only-required", "no-body"))
    assert "changes by itself, not compared: answer.id" in out
    assert "requests made from the parameters and models of POST /orders in" in out.splitlines()[0]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("post  /orders", "POST /v2/orders/"),
        ("POST /orders", "/v2/orders"),
        ("/orders", "POST /v2/orders"),
        ("/orders", "/v2/orders"),
    ],
)
def test_the_routes_of_a_named_pair_are_that_pair_with_its_requests_and_rules(
    service: OrderService, capsys: pytest.CaptureFixture[str], left: str, right: str
) -> None:
    """A route without a method is the same for the method of each request."""
    assert compare(service, "--left", left, "--right", right) == 0

    out = capsys.readouterr().out
    assert f"2 requests of {PROGRAM / 'cases.yaml'} in" in out.splitlines()[0]
    assert out.endswith("✓ 1 changed the same way in both, 1 alike\n")


def test_a_route_that_is_not_there_is_an_error_before_anything_is_sent(
    service: OrderService, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare(service, "--left", "POST /ordres", "--right", "/v2/orders") == 1

    error = capsys.readouterr().err
    assert "there is no route 'POST /ordres' in two_routes, stack dev; did you mean 'POST /orders'?" in error
    assert "\n  GET /v2/orders/{order_id}\n" in error


def test_a_program_without_this_projects_routes_says_what_to_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "own"
    shutil.copytree(PROGRAM, program)
    (program / "parity.yaml").unlink()

    assert main(["compare", str(program), "--config", "endpoint=http://127.0.0.1:9"]) == 1

    error = capsys.readouterr().err
    assert "there is no route /dev/lambda for the Lambda integration; name two routes" in error
    assert "\n  POST /v2/orders\n" in error


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--left", "POST /orders"], "--right is missing"),
        (["--pair", "ordres"], "did you mean orders?"),
        ([], "has several pairs; choose one with --pair: orders, order"),
        (["--left", "/a", "--right", "/a"], "name two routes"),
        (["--pair", "orders", "--ignore", "bdy"], "a rule is status"),
    ],
)
def test_wrong_pairs_are_usage_errors(
    arguments: list[str], message: str, service: OrderService, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare(service, *arguments) == 2
    assert message in capsys.readouterr().err


def har(*urls: str) -> dict[str, Any]:
    headers = [{"name": "Authorization", "value": "Bearer browser-token"}, {"name": "X-Page", "value": "1"}]
    return {"log": {"entries": [{"request": {"method": "GET", "url": url, "headers": headers}} for url in urls]}}


def test_the_requests_of_a_har_are_sent_to_the_routes_that_they_are_for(
    service: OrderService, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "page.har"
    file.write_text(json.dumps(har("https://a.example/prod/orders/17", "https://a.example/prod/other")))
    assert compare(service, "--pair", "order", "--cases", str(file)) == 0

    out = capsys.readouterr().out
    assert f"1 request of {file} in" in out
    assert "1 requests are for other routes, and were not sent: GET /prod/other" in out
    assert "browser-token" not in out


def test_the_requests_of_an_access_log_are_sent(
    service: OrderService, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "access.log"
    file.write_text(
        '192.0.2.1 - - [01/Jan/2026:00:00:00 +0000] "GET /prod/orders/1?a=b HTTP/1.1" 200 17 req-1\n'
        '{"requestId": "r", "httpMethod": "GET", "path": "/prod/orders/2"}\n'
        "something else\n"
    )
    assert compare(service, "--pair", "order", "--cases", str(file), "-v") == 0

    out = capsys.readouterr().out
    assert "1-get-prod-orders-1" in out
    assert "2-get-prod-orders-2" in out
