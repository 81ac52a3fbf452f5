"""The engine beside recorded output of Apache Velocity 1.7."""

import json
import os
from pathlib import Path

import pytest

from tests.velocity.record import RECORDED, Json, agrees, rendered

CORPUS = Path(os.environ.get("PARITY_VELOCITY_CORPUS", Path(__file__).parents[3] / "shared/velocity/corpus.jsonl"))


def cases(path: Path) -> list[Json]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


@pytest.mark.parametrize("name", ["language", "edges", "oddities"])
def test_agrees_with_velocity_on_every_recorded_template(name: str) -> None:
    recorded = cases(RECORDED / f"{name}.jsonl")
    wrong = [{**case, "got": rendered(case)} for case in recorded if not agrees(case)]
    assert len(recorded) > 100
    assert wrong == []


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not beside this checkout")
def test_agrees_with_every_line_of_the_corpus() -> None:
    assert [{**case, "got": rendered(case)} for case in cases(CORPUS) if not agrees(case)] == []
