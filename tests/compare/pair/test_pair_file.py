"""Which pair of a file two routes are that somebody named."""

from pathlib import Path

import pytest

from parity.compare.pair.pair_file import declared_pair, pairs_of
from parity.compare.pair.route import parse_route

PAIRS = """
pairs:
  create: {left: POST /orders, right: POST /v2/orders, ignore: [status]}
  read: {left: GET /orders, right: GET /v2/orders}
  turned: {left: GET /search, right: POST /v2/search}
  any: {left: /items, right: /v2/items}
"""


@pytest.mark.parametrize(
    ("left", "right", "name"),
    [
        ("post /orders", "POST /v2/orders/", "create"),
        ("POST /orders", "/v2/orders", "create"),
        ("/orders", "GET /v2/orders", "read"),
        ("GET /search", "POST /v2/search", "turned"),
        ("/items", "ANY /v2/items", "any"),
    ],
)
def test_a_route_without_a_method_has_that_of_the_other(tmp_path: Path, left: str, right: str, name: str) -> None:
    (tmp_path / "parity.yaml").write_text(PAIRS)
    found = declared_pair(tmp_path / "parity.yaml", left, right)
    assert found is not None
    declared = pairs_of(tmp_path / "parity.yaml")[name]
    assert found.ignore == declared.ignore
    assert parse_route(found.left, "").method == parse_route(declared.left, "").method
    assert parse_route(found.right, "").method == parse_route(declared.right, "").method


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("/orders", "/v2/orders"),
        ("PUT /orders", "/v2/orders"),
        ("GET /search", "/v2/search"),
        ("/search", "/v2/search"),
        ("GET /items", "/v2/items"),
        ("POST /orders", "/v2/orders stage=canary"),
    ],
)
def test_other_routes_are_no_pair_of_the_file(tmp_path: Path, left: str, right: str) -> None:
    """Without any method two pairs may be meant; a pair of two methods is not one of the same method."""
    (tmp_path / "parity.yaml").write_text(PAIRS)
    assert declared_pair(tmp_path / "parity.yaml", left, right) is None
