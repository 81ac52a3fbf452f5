"""The way of a request through the local gateway, stage by stage, and the templates that were rendered on it."""

from collections.abc import Iterator
from typing import Any

from parity.compare.comparison import CaseResult
from parity.compare.formatting import json_text
from parity.compare.report.elements import Html, block, element
from parity.gateway.logs.trace import exchange_to_json

STAGES = (
    ("request", "Request"),
    ("method_request", "Method request"),
    ("integration_request", "Integration request"),
    ("endpoint_response", "Integration"),
    ("integration_response", "Integration response"),
    ("method_response", "Method response"),
    ("gateway_response", "Gateway response"),
)
"""The keys of `exchange_to_json` and AWS's names for them, in the order of the lifecycle."""


def trace_sections(result: CaseResult) -> list[Html]:
    """For each integration its stages, each with its time and its values; nothing for a deployed API."""
    return [
        element("details", element("summary", f"Trace · {side}"), _stages(exchange_to_json(exchange)))
        for side, exchange in result.exchanges.items()
    ]


def template_sections(result: CaseResult) -> list[Html]:
    """For each integration the request template that was rendered: its output, and its source beside it."""
    sections = []
    for side, exchange in result.exchanges.items():
        request = exchange.integration_request
        if request is None or request.template is None:
            continue
        template = request.template
        sections.append(
            element(
                "details",
                element("summary", f"Rendered template · {side} · {template.content_type}"),
                element(
                    "div",
                    element("div", element("h4", "Output"), block(template.output)),
                    element("div", element("h4", "Source"), block(template.source)),
                    class_="pair",
                ),
            )
        )
    return sections


def _stages(trace: dict[str, Any]) -> Html:
    timings: dict[str, float] = trace.get("timings_ms", {})
    longest = max(timings.values(), default=0.0) or 1.0
    stages = []
    for key, title in STAGES:
        stage = trace.get(key)
        if not stage:
            continue
        milliseconds = timings.get(key, timings.get(title.lower()))
        stages.append(
            element(
                "li",
                element(
                    "p",
                    element("b", title),
                    element("span", f"{milliseconds:.2f} ms", class_="ms") if milliseconds is not None else None,
                    element("meter", min=0, max=longest, value=milliseconds, aria_hidden="true")
                    if milliseconds is not None
                    else None,
                    class_="stage",
                ),
                element("dl", list(_fields(stage))),
            )
        )
    log = "\n".join(trace.get("log", []))
    folded = element("details", element("summary", "Execution log"), block(log))
    return element("div", element("ol", stages, class_="stages"), folded if log else None)


def _fields(stage: dict[str, Any]) -> Iterator[Html]:
    """The values of a stage that are there; `$context` and the template's source are shown elsewhere."""
    for name, value in stage.items():
        if name in ("context", "time") or value in (None, "", [], {}, False) or _tells_nothing_more(name, value):
            continue
        yield element("dt", name.replace("_", " "))
        yield element("dd", element("code", _text(name, value)))


def _tells_nothing_more(name: str, value: Any) -> bool:
    """Whether a map of several values has but one of each, which the plain map shows already."""
    return name.startswith("multi_value") and all(len(several) == 1 for several in value.values())


def _text(name: str, value: Any) -> str:
    if name in ("headers", "remapped"):
        return "\n".join(f"{pair[0]}: {pair[1]}" for pair in _pairs(value))
    if name == "mappings":
        return "\n".join(
            f"{each['target']} = {json_text(each['value'])}  from {each['source']}"
            + (f"  ({each['note']})" if each.get("note") else "")
            for each in value
        )
    if name == "template":
        return str(value["output"])
    return value if isinstance(value, str) else json_text(value)


def _pairs(value: Any) -> list[tuple[str, str]]:
    return list(value.items()) if isinstance(value, dict) else [(pair[0], pair[1]) for pair in value]
