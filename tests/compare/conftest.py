"""A fake API, and a comparison of it, for the tests of this room."""

from collections.abc import Callable, Iterator

import pytest

from parity.compare.case import Case
from parity.compare.comparison import Comparison, compare
from parity.compare.target import url_target
from tests.compare.fake_api import API_ID, FakeApi, fake_api

CompareFake = Callable[..., Comparison]


@pytest.fixture
def api() -> Iterator[FakeApi]:
    """A fake API; a test changes how it behaves by its attributes."""
    with fake_api() as fake:
        yield fake


@pytest.fixture
def compare_fake(api: FakeApi) -> CompareFake:
    """Compares cases on the fake API, with the configuration given by keywords."""

    def compare_cases(*cases: Case, **config: str) -> Comparison:
        return compare(url_target(api.url, {"apiId": API_ID, **config}), cases)

    return compare_cases
