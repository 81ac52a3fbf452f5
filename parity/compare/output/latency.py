"""How long the answers of one integration took."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from parity.compare.comparison import Comparison
from parity.compare.settings import Side


@dataclass(frozen=True, slots=True)
class Latency:
    """Latencies in milliseconds, sorted. Percentiles are by nearest rank, so each is one that was measured."""

    values_ms: tuple[float, ...]

    @classmethod
    def of(cls, values_ms: Sequence[float]) -> "Latency":
        """Latencies in any order."""
        return cls(tuple(sorted(values_ms)))

    def percentile(self, percent: float) -> float:
        """The smallest latency that at least `percent` of all are not above; 0 where there are none."""
        if not self.values_ms:
            return 0.0
        return self.values_ms[max(0, math.ceil(len(self.values_ms) * percent / 100) - 1)]

    @property
    def median(self) -> float:
        """The latency that half of all are not above."""
        return self.percentile(50)

    def to_json(self) -> dict[str, float | int]:
        """Count, median, p95, p99 and greatest, in milliseconds."""
        return {
            "count": len(self.values_ms),
            "median": round(self.median, 3),
            "p95": round(self.percentile(95), 3),
            "p99": round(self.percentile(99), 3),
            "max": round(self.percentile(100), 3),
        }


def latency_of(comparison: Comparison, side: Side) -> Latency:
    """The latencies of every answer that one integration gave."""
    answers = [result.answers[side] for result in comparison.results if side in result.answers]
    return Latency.of([answer.latency_ms for answer in answers if not answer.error])
