"""A distribution of latencies as inline SVG, on a logarithmic scale that both backends share."""

import math

from parity.compare.output.latency import Latency
from parity.compare.report.elements import Html, element
from parity.compare.settings import Side

WIDTH, HEIGHT = 480, 144
"""In the SVG's own units; the page scales it."""
BASELINE = 112
TOP = 34
BINS = 40
STEPS = tuple(base * 10.0**power for power in range(-2, 6) for base in (1, 2, 5))
"""Round latencies in milliseconds: 1, 2, 5, 10, 20, … from a hundredth to minutes."""
MARKER_ROWS = {"median": 8, "p95": 20, "p99": 32}
"""The height at which each name stands, so that near ones do not cover each other."""
MARKED_PERCENTILES = (("median", 50), ("p95", 95), ("p99", 99))


def latency_chart(side: Side, latency: Latency, scale: tuple[float, float]) -> Html:
    """A histogram with the median, p95 and p99 marked.

    Args:
        side: whose latencies.
        latency: the latencies, in milliseconds; at least one.
        scale: the least and greatest latency of both backends.
    """
    low, high = _step_below(scale[0]), _step_above(scale[1])
    high = max(high, low * 2)
    counts = [0] * BINS
    for value in latency.values_ms:
        counts[min(BINS - 1, int(_position(value, low, high) * BINS))] += 1
    figures = ", ".join(f"{name} {latency.percentile(percent):.1f} ms" for name, percent in MARKED_PERCENTILES)
    return element(
        "svg",
        _bars(counts),
        element("line", x1=0, x2=WIDTH, y1=BASELINE, y2=BASELINE, class_="axis"),
        [_tick(value, low, high) for value in _ticks(low, high)],
        [_marker(name, latency.percentile(percent), low, high) for name, percent in MARKED_PERCENTILES],
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_label=f"{side}: distribution of {len(latency.values_ms)} latencies, {figures}",
        class_="chart",
    )


def _bars(counts: list[int]) -> list[Html]:
    most, width = max(counts), WIDTH / BINS
    room = BASELINE - TOP - 12
    return [
        element(
            "rect",
            element("title", f"{count} requests"),
            x=f"{index * width + 1:.1f}",
            y=f"{BASELINE - room * count / most:.1f}",
            width=f"{width - 2:.1f}",
            height=f"{room * count / most:.1f}",
            rx=1.5,
            class_="bin",
        )
        for index, count in enumerate(counts)
        if count
    ]


def _marker(name: str, value: float, low: float, high: float) -> Html:
    x = _position(value, low, high) * WIDTH
    row = MARKER_ROWS[name]
    anchor = "end" if x > WIDTH * 0.85 else "start"
    return element(
        "g",
        element("line", x1=f"{x:.1f}", x2=f"{x:.1f}", y1=row - 6, y2=BASELINE),
        element("text", name, x=f"{x + (-4 if anchor == 'end' else 4):.1f}", y=row + 2, text_anchor=anchor),
        class_=f"marker {name}",
    )


def _tick(value: float, low: float, high: float) -> Html:
    x = _position(value, low, high) * WIDTH
    anchor = "start" if x < 12 else "end" if x > WIDTH - 12 else "middle"
    return element(
        "g",
        element("line", x1=f"{x:.1f}", x2=f"{x:.1f}", y1=BASELINE, y2=BASELINE + 5),
        element("text", f"{value:g} ms", x=f"{x:.1f}", y=BASELINE + 20, text_anchor=anchor),
        class_="tick",
    )


def _ticks(low: float, high: float) -> list[float]:
    within = [step for step in STEPS if low * 0.999 <= step <= high * 1.001]
    return within[:: math.ceil(len(within) / 7)] if within else []


def _position(value: float, low: float, high: float) -> float:
    """Where a latency stands between the ends of the scale, 0 to 1."""
    return min(1.0, max(0.0, math.log(max(value, low) / low) / math.log(high / low)))


def _step_below(value: float) -> float:
    return max((step for step in STEPS if step <= value), default=STEPS[0])


def _step_above(value: float) -> float:
    return min((step for step in STEPS if step >= value), default=STEPS[-1])
