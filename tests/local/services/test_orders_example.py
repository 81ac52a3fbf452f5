"""The example program: an order goes through a queue and a function into a table, and is read by a mapping template."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from parity.cli import main
from parity.local import running

ORDERS = Path(__file__).parents[3] / "examples" / "orders"
PATIENCE_SECONDS = 60.0


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running(ORDERS) as session:
        yield session.outputs["url"]


def test_an_order_is_stored_by_the_function_and_read_by_the_template(url: str) -> None:
    item = 'a "tea" & a cup: it\'s 100 %'
    submitted = requests.post(f"{url}/orders", json={"item": item, "count": 2}, timeout=30)
    assert submitted.status_code == 202
    id_ = submitted.json()["id"]
    assert submitted.json()["message"]
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found := requests.get(f"{url}/orders/{id_}", timeout=30)).status_code == 404:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert found.json() == {"id": id_, "item": item, "count": 2, "state": "accepted"}


def test_an_order_that_does_not_exist_is_a_404(url: str) -> None:
    answer = requests.get(f"{url}/orders/it's none", timeout=30)
    assert (answer.status_code, answer.json()) == (404, {"message": "no such order"})


def test_a_body_that_is_not_an_order_is_refused(url: str) -> None:
    assert requests.post(f"{url}/orders", json={"item": "tea"}, timeout=30).status_code == 400


def test_lint_finds_nothing_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", str(ORDERS)]) == 0, capsys.readouterr().out
