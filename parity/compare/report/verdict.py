"""The top of the report: the verdict, what every request has in common, and the filters."""

from collections import Counter
from collections.abc import Sequence

from parity.compare.comparison import Comparison, common_reasons
from parity.compare.formatting import MARKS, MEANINGS, shown, totals
from parity.compare.recording import Drift
from parity.compare.report.elements import Html, element


def verdict_section(comparison: Comparison, drifts: Sequence[Drift]) -> Html:
    """The verdict in words and in numbers."""
    kinds: Counter[str] = Counter(result.kind for result in comparison.results)
    failing, total = kinds["fails"], len(comparison.results)
    passed = comparison.passed and not drifts
    if comparison.refusals:
        verdict = "No request reached a backend"
    elif failing:
        verdict = f"{failing} of {total} requests differ without a known reason"
    elif drifts:
        verdict = f"{len({drift.case_name for drift in drifts})} of {total} requests changed since the recording"
    else:
        verdict = "Every difference has its reason"
    return element(
        "header",
        element(
            "div",
            element("p", "Parity", class_="brand"),
            element("button", "Theme", type="button", id="theme", title="Light or dark (t)"),
            class_="bar",
        ),
        element("h1", element("span", "✓" if passed else "✗", class_="mark", aria_hidden="true"), verdict),
        element(
            "p",
            comparison.description,
            " · ",
            element("time", f"{comparison.started:%Y-%m-%d %H:%M:%S} UTC", datetime=comparison.started.isoformat()),
            class_="about",
        ),
        element("p", comparison.note, class_="about") if comparison.note else None,
        element("p", totals(comparison), class_="about") if comparison.refusals else None,
        element(
            "dl",
            [
                element("div", element("dt", f"{MARKS[kind]} {name}"), element("dd", str(kinds[kind])), class_=kind)
                for kind, name in MEANINGS.items()
                if kinds[kind] or kind != "fails"
            ],
            class_="counts",
        ),
        class_="verdict passed" if passed else "verdict failed",
    )


def common_reasons_section(comparison: Comparison) -> Html | None:
    """What API Gateway does to every request, told once."""
    reasons = common_reasons(comparison.results)
    if not reasons:
        return None
    return element(
        "details",
        element("summary", f"In every request: {len(reasons)} things that API Gateway does by itself"),
        element("ul", [element("li", reason) for reason in reasons]),
        class_="standing",
    )


def drift_section(drifts: Sequence[Drift]) -> Html | None:
    """What changed since the recording, a row a value."""
    if not drifts:
        return None
    rows = [
        element(
            "tr",
            element("th", drift.case_name, scope="row"),
            element("td", drift.place),
            element("td", element("code", shown(drift.recorded))),
            element("td", element("code", shown(drift.now))),
        )
        for drift in drifts
    ]
    head = element("tr", [element("th", text, scope="col") for text in ("request", "value", "recorded", "now")])
    return element(
        "section",
        element("h2", "Changed since the recording"),
        element("div", element("table", element("thead", head), element("tbody", rows)), class_="scroll"),
        class_="drift",
    )


def filter_bar(comparison: Comparison) -> Html:
    """Which requests are shown: by kind, and by a text that they hold."""
    found: Counter[str] = Counter(result.kind for result in comparison.results)
    counts = {"all": found.total(), "different": found["differs"] + found["fails"], "failing": found["fails"]}
    kinds = [
        element(
            "label",
            element("input", type="radio", name="kind", value=kind, checked=kind == "all"),
            element("span", kind.capitalize(), " ", element("small", str(count))),
        )
        for kind, count in counts.items()
    ]
    return element(
        "form",
        element("fieldset", element("legend", "Show", class_="unseen"), kinds, class_="kinds"),
        element("label", "Search", for_="search", class_="unseen"),
        element(
            "input", type="search", id="search", placeholder="Search requests, values, reasons  /", autocomplete="off"
        ),
        element("button", "Open all", type="button", id="open"),
        element("output", "", id="shown", aria_live="polite"),
        class_="filters",
        role="search",
    )
