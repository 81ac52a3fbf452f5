"""SECURITY.md names tests that there are, for every promise."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
PROMISES = PAGE.partition("## What Parity promises")[2].partition("\n## ")[0]


def test_every_promise_names_its_tests() -> None:
    promises = PROMISES.split("\n- **")[1:]
    assert promises
    assert [promise.partition("**")[0] for promise in promises if "`tests/" not in promise] == []


def test_the_tests_are_there() -> None:
    named = re.findall(r"`((?:tests|benchmarks)/[\w/.]+)`", PROMISES)
    assert [name for name in named if not (ROOT / name).is_file()] == []
