"""The report: one self-contained HTML page, its style and script inlined; it works without network and prints."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template

from parity.compare.comparison import CaseResult, Comparison
from parity.compare.output.latency import Latency, latency_of
from parity.compare.recording import Drift
from parity.compare.report.backends import backend_cards
from parity.compare.report.cases import case_section
from parity.compare.report.cost import Cost
from parity.compare.report.elements import element, joined
from parity.compare.report.verdict import common_reasons_section, drift_section, filter_bar, verdict_section
from parity.compare.settings import Side

FOLDER = Path(__file__).parent


def report_html(
    comparison: Comparison,
    drifts: Sequence[Drift] = (),
    *,
    latencies: Mapping[Side, Latency] | None = None,
    latency_note: str = "",
    costs: Mapping[Side, Cost] | None = None,
) -> str:
    """The page as text.

    Args:
        comparison: what is reported.
        drifts: what changed since a recording.
        latencies: latencies by side from a load test; those of the comparison's own requests when None.
        latency_note: how the latencies were measured, for the reader.
        costs: what each integration costs, where it is known.
    """
    if latencies is None:
        latencies = {side: latency_of(comparison, side) for side in comparison.sides}
        latency_note = "each request of this comparison once, the first ones included"
    content = joined(
        [
            verdict_section(comparison, drifts),
            backend_cards(comparison, latencies, latency_note, costs or {}),
            drift_section(drifts),
            common_reasons_section(comparison),
            filter_bar(comparison),
            element("main", [case_section(result, comparison) for result in _failures_first(comparison)], id="cases"),
        ]
    )
    page = Template((FOLDER / "page.html").read_text(encoding="utf-8"))
    style, script = ((FOLDER / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    return page.substitute(
        policy=_policy(style, script),
        title=element("title", f"{'✓' if comparison.passed and not drifts else '✗'} Parity · {comparison.description}"),
        style=style,
        script=script,
        content=content,
    )


def _failures_first(comparison: Comparison) -> list[CaseResult]:
    """The results, those that fail before the others, otherwise in their order."""
    return sorted(comparison.results, key=lambda result: result.passed)


def _policy(style: str, script: str) -> str:
    """The page's Content-Security-Policy: it runs its own script and style, and nothing that a value brought in.

    https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy
    """
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    """The source expression of an inline element; its text stands between two line breaks."""
    return "sha256-" + base64.b64encode(hashlib.sha256(f"\n{text}\n".encode()).digest()).decode()
