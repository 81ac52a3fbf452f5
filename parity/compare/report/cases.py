"""One request of the report: what was sent, what each backend received, why they differ, and how it went there."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from parity.compare.comparison import CaseResult, Comparison
from parity.compare.difference import NO_EXPECTATION, Difference, Field
from parity.compare.formatting import MARKS, MEANINGS, json_text, shown
from parity.compare.received import ABSENT, Received
from parity.compare.report.elements import Child, Html, block, element
from parity.compare.report.trace import template_sections, trace_sections
from parity.compare.settings import Side

NOTHING_RECEIVED = element("td", class_="nothing")
"""The cell of a backend that was not reached, or did not tell what it received."""


def case_section(result: CaseResult, comparison: Comparison) -> Html:
    """A request as a section that opens and closes."""
    kind = result.kind
    return element(
        "details",
        _summary(result, kind),
        element("p", result.case.why, class_="reason-to-compare") if result.case.why else None,
        _clues(result),
        _received_table(result),
        element(
            "div",
            [_folded(f"curl · {side}", block(result.curl(side, url))) for side, url in comparison.urls.items()],
            template_sections(result),
            [_folded(f"Answer · {side}", _answer(result, side)) for side in result.answers],
            trace_sections(result),
            class_="more",
        ),
        class_=f"case {kind}",
        id=f"case-{result.case.name}",
        data_kind=kind,
        open=not result.passed,
    )


def _clues(result: CaseResult) -> list[Html]:
    """Why a failing request failed, as far as that is known."""
    clues = {} if result.passed else result.clues
    return [element("p", element("b", f"{side}: "), clue, class_="clue") for side, clue in clues.items()]


def _summary(result: CaseResult, kind: str) -> Html:
    mark, meaning = MARKS[kind], MEANINGS[kind]
    own = [difference for difference in result.own_differences if difference.between_backends]
    return element(
        "summary",
        element("span", mark, class_="mark", title=meaning, aria_label=meaning, role="img"),
        element("span", result.case.name, class_="name"),
        element("code", element("b", result.case.method), " ", result.case.target, class_="target"),
        element("span", f"{len(own)} different" if own else "", class_="count"),
        element(
            "span",
            " · ".join(f"{side} {answer.latency_ms:.1f} ms" for side, answer in result.answers.items()),
            class_="latency",
        ),
    )


def _received_table(result: CaseResult) -> Html:
    sides = list(result.answers)
    head = element("tr", [element("th", text, scope="col") for text in ("", "client sent", *_titles(sides))])
    groups = [element("tbody", rows) for rows in _row_groups(result, sides) if rows]
    return element("div", element("table", element("thead", head), groups, class_="received"), class_="scroll")


def _titles(sides: list[Side]) -> list[str]:
    return [f"{side} received" for side in sides]


def _row_groups(result: CaseResult, sides: list[Side]) -> Iterator[list[Html]]:
    by_field = {difference.field: difference for difference in result.differences}
    own = {difference.field for difference in result.own_differences}
    status = by_field.get(Field("status"))
    answers = {side: result.answers[side].status or "no answer" for side in sides}
    expected = NO_EXPECTATION if result.expected_status is None else result.expected_status
    yield [*_row("status", expected, answers, sides, status)]
    of_answers = [each for each in result.differences if each.field.kind in ("answer", "answer header")]
    yield [row for each in of_answers for row in _row(str(each.field), each.sent, each.received, sides, each)]
    if not result.received:
        return
    for fields in _fields(result):
        rows: list[Html] = []
        for field in fields:
            values = {side: _value(result.received[side], field) for side in sides if side in result.received}
            quiet = field not in own
            name, sent = field.name or field.kind, _value(result.sent, field)
            rows += _row(name, sent, values, sides, by_field.get(field), quiet=quiet)
        yield rows
    yield [*_body_rows(result, sides)]


def _fields(result: CaseResult) -> Iterator[list[Field]]:
    everyone = [result.sent, *result.received.values()]
    if result.is_pair:
        yield [Field("path", name) for name in result.sent.parameters]
    else:
        yield [Field("method"), Field("path")]
    yield [Field("query", name) for name in dict.fromkeys(name for of in everyone for name in of.query)]
    names = dict.fromkeys(name.lower() for name, _ in result.case.headers)
    names |= dict.fromkeys(name for of in everyone for name in of.headers)
    yield [Field("header", result.sent.header_names.get(name) or name.title()) for name in names]


def _value(of: Received, field: Field) -> Any:
    if field.kind == "query":
        return of.query.get(field.name, ABSENT)
    if field.kind == "header":
        return of.headers.get(field.name.lower(), ABSENT)
    if field.kind == "path" and field.name:
        return of.parameters.get(field.name, ABSENT)
    return of.method if field.kind == "method" else f"/{of.path}"


def _row(
    label: str,
    sent: Any,
    received: Mapping[Side, Any],
    sides: list[Side],
    difference: Difference | None,
    *,
    quiet: bool = False,
) -> Iterator[Html]:
    """A field's row, and its reasons beneath; quiet where API Gateway makes the difference in every request."""
    off = {deviation.side: deviation for deviation in difference.deviations} if difference else {}
    cells = [_cell("client sent", sent, "")]
    for side in sides:
        if side not in received:
            cells.append(NOTHING_RECEIVED)
            continue
        deviation = off.get(side)
        mark = "" if deviation is None else "off" if deviation.reason is not None else "off unknown"
        cells.append(_cell(f"{side} received", received[side], mark))
    css = "quiet" if quiet else None
    yield element("tr", element("th", label, scope="row"), cells, class_=css)
    if difference is not None:
        yield _reasons_row([difference], len(cells), css="why quiet" if quiet else "why")


def _cell(label: str, value: Any, css: str) -> Html:
    text = shown(value)
    content = element("span", "absent", class_="absent") if value is ABSENT else element("code", text or '""')
    if value is NO_EXPECTATION:
        content = Html("")
    return element("td", content, class_=css or None, data_label=label)


def _reasons_row(differences: list[Difference], columns: int, *, css: str = "why") -> Html:
    lines: list[Child] = []
    for difference in differences:
        place = f"{difference.field}: " if difference.field.kind == "body" else ""
        for deviation in difference.deviations:
            who = element("b", f"{deviation.side} ")
            if deviation.reason is None and difference.sent is NO_EXPECTATION:
                lines.append(element("p", who, place, "not the same", class_="unknown"))
            elif deviation.reason is None:
                lines.append(element("p", who, place, "no known reason", class_="unknown"))
            else:
                lines.append(element("p", who, place, deviation.reason))
    return element("tr", element("td", class_="gap"), element("td", lines, colspan=columns), class_=css)


def _body_rows(result: CaseResult, sides: list[Side]) -> Iterator[Html]:
    bodies = {side: result.received[side].body for side in sides if side in result.received}
    if result.sent.body is ABSENT and all(body is ABSENT for body in bodies.values()):
        return
    sent = _pretty(result.sent.body)
    cells = [element("td", _lines(sent, sent), data_label="client sent")]
    for side in sides:
        received = element("td", _lines(_pretty(bodies.get(side, ABSENT)), sent), data_label=f"{side} received")
        cells.append(received if side in bodies else NOTHING_RECEIVED)
    yield element("tr", element("th", "body", scope="row"), cells, class_="body")
    differences = [difference for difference in result.differences if difference.field.kind == "body"]
    if differences:
        yield _reasons_row(differences, len(cells))


def _pretty(body: Any) -> list[str]:
    return [] if body is ABSENT else json_text(body, indent=2).splitlines()


def _lines(lines: list[str], sent: list[str]) -> Html:
    """The lines of a body, those that are not as they were sent marked."""
    if not lines:
        return element("span", "absent", class_="absent")
    parts: list[Child] = []
    for tag, _, _, first, last in SequenceMatcher(None, sent, lines, autojunk=False).get_opcodes():
        text = "\n".join(lines[first:last]) + "\n" if last > first else ""
        parts.append(text if tag == "equal" else element("mark", text) if text else None)
    return element("pre", parts)


def _answer(result: CaseResult, side: Side) -> Html:
    answer = result.answers[side]
    if answer.error:
        return block(answer.error)
    head = "\n".join([f"HTTP {answer.status}", *(f"{name}: {value}" for name, value in answer.headers)])
    return block(f"{head}\n\n{answer.text}")


def _folded(title: str, content: Html) -> Html:
    return element("details", element("summary", title), content)
