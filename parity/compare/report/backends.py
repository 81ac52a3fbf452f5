"""The two backends side by side: where they are, how fast they answer, and what a million requests cost."""

from collections.abc import Mapping, Sequence

from parity.compare.comparison import Comparison
from parity.compare.output.latency import Latency
from parity.compare.report.chart import latency_chart
from parity.compare.report.cost import Cost, cost_figures
from parity.compare.report.elements import Html, element
from parity.compare.settings import INTEGRATIONS, Side


def backend_cards(
    comparison: Comparison, latencies: Mapping[Side, Latency], note: str, costs: Mapping[Side, Cost]
) -> Html:
    """A card for each backend, on one scale of time.

    Args:
        comparison: for the URLs.
        latencies: by side, in milliseconds.
        note: how the latencies were measured.
        costs: by side, where they are known.
    """
    values = [value for latency in latencies.values() for value in latency.values_ms]
    scale = (min(values, default=1.0), max(values, default=1.0))
    cards = [_card(side, comparison, latencies.get(side), scale, costs.get(side)) for side in _shown(comparison)]
    return element(
        "section",
        element("h2", "Backends", class_="unseen"),
        element("div", cards, class_="cards"),
        element("p", "Latency as the client saw it: ", note, ".", class_="note"),
        class_="backends",
    )


def _shown(comparison: Comparison) -> Sequence[Side]:
    """The two routes that were compared; of this project's own integrations also the one that is not deployed."""
    own = all(side in INTEGRATIONS for side in comparison.sides)
    return INTEGRATIONS if own else comparison.sides


def _card(
    side: Side, comparison: Comparison, latency: Latency | None, scale: tuple[float, float], cost: Cost | None
) -> Html:
    url = comparison.urls.get(side)
    if url is None or latency is None or not latency.values_ms:
        return element(
            "article",
            element("h3", f"{side} integration"),
            element("p", "Not part of this stack (parity:backend)." if url is None else "No request was answered."),
            class_=f"card {side.value.lower()}",
        )
    figures = [("median", latency.median), ("p95", latency.percentile(95)), ("p99", latency.percentile(99))]
    return element(
        "article",
        element("h3", f"{side} integration"),
        element("p", element("code", url), class_="url"),
        element(
            "dl",
            [
                element("div", element("dt", name), element("dd", _milliseconds(value), element("small", " ms")))
                for name, value in figures
            ],
            class_="figures",
        ),
        latency_chart(side, latency, scale),
        cost_figures(cost) if cost is not None else None,
        class_=f"card {side.value.lower()}",
    )


def _milliseconds(value: float) -> str:
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"
