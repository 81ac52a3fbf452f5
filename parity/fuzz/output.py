"""What a search found, for a reader, for other programs, and as a case file."""

import base64
import json
import textwrap
from collections.abc import Iterator
from typing import IO, Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.text import Text

from parity.compare.client import TIMEOUT_SECONDS
from parity.compare.comparison import REFUSALS
from parity.compare.diagnosis.broken_template import BrokenTemplate
from parity.compare.difference import NO_EXPECTATION, Difference
from parity.compare.formatting import shown
from parity.compare.output.table import console_for
from parity.fuzz.causes import numbered_by_cause
from parity.fuzz.finding import Finding, Kind
from parity.fuzz.search import FuzzReport, Unreached
from parity.fuzz.subject import Reply
from parity.terminal import printable, visible

CONTEXT_LINES = 2
"""Lines of a template's output that are shown before the one at which it breaks."""
SHOWN_COLUMNS = 68
SHOWN_CHARACTERS = 200
UNSUPPORTED_MEDIA_TYPE = 415
WRAPPER = textwrap.TextWrapper(
    width=78, subsequent_indent="    ", expand_tabs=False, replace_whitespace=False, drop_whitespace=False
)
"""Wraps text of which each character counts."""


def print_report(report: FuzzReport, file: IO[str]) -> None:
    """Prints a finding of each cause in full, the others of that cause in short, and the summary.

    Args:
        report: what was found.
        file: where to; colour goes only to a terminal.
    """
    console = console_for(file)
    console.print(Text(visible(report.description), style="bold"))
    console.print()
    causes = numbered_by_cause(report.findings)
    for number, findings in enumerate(causes, 1):
        _print_cause(findings, f"{number} of {len(causes)}", console)
    for unreached in report.unreached:
        for part in WRAPPER.wrap("✗ " + printable(unreached_text(unreached))):
            console.print(Text(part, style="bold red"))
    console.print(summary(report))
    again = "" if report.interrupted else f"--seed {report.seed} sends the same requests again"
    console.print(Text(f"  {again or 'interrupted'}", style="dim"))
    port = _local_port(report)
    if port is not None:
        console.print(Text(f"  'parity serve --port {port}' serves the API again for the curl lines", style="dim"))


def summary(report: FuzzReport) -> Text:
    """One line: how many requests, how many findings."""
    seconds = report.duration_ms / 1000
    counted = f"{report.requests} request{'' if report.requests == 1 else 's'} in {seconds:.1f} s"
    if report.shrinking_requests:
        counted += f" (and {report.shrinking_requests} to shrink)"
    if report.findings:
        causes = len(numbered_by_cause(report.findings))
        found = f"{_counted(len(report.findings), 'finding')}, {_counted(causes, 'cause')}"
        return Text(f"✗ {counted}: {found}", style="bold red")
    if report.unreached:
        return Text(f"✗ {counted}: nothing found where requests came through", style="bold red")
    return Text(f"✓ {counted}: nothing found", style="bold green")


def unreached_text(unreached: Unreached) -> str:
    """Which integration got no request, why, and what to do."""
    reply = unreached.reply
    ended = reply.exchange.gateway_response if reply.exchange is not None else None
    reason = f"{ended.response_type}: {ended.reason or ended.message or ''}" if ended else _shortened(reply.answer.text)
    fix = (
        "send what it asks for with -H 'Name: value'"
        if reply.answer.status in REFUSALS
        else "its request templates are for other content types"
        if reply.answer.status == UNSUPPORTED_MEDIA_TYPE
        else "see its request validator"
    )
    return (
        f"{reply.label}: API Gateway refused all of {_counted(unreached.requests, 'request')}, so that the "
        f"integration was not tested. The first got {reply.answer.status} {reason}; {fix}"
    )


def _local_port(report: FuzzReport) -> int | None:
    """The port that the only local API had during the search; None for another, several, or no finding."""
    replies = [reply for finding in report.findings for reply in finding.symptom.replies]
    ports = {urlsplit(reply.url).port for reply in replies if reply.exchange is not None}
    return ports.pop() if len(ports) == 1 else None


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _print_cause(findings: list[Finding], number: str, console: Console) -> None:
    first, *others = findings
    _print_finding(first, number, len(findings), console)
    if others:
        console.print(Text(f"  {_counted(len(others), 'more finding')} of this cause:", style="bold"))
    for finding in others:
        again = "" if finding.reproduced else " (not every time)"
        for part in WRAPPER.wrap(printable(f"{finding.symptom.reply.label}: {finding.symptom.title}{again}")):
            console.print(Text(f"    {part}"))
        console.print(Text(f"      {visible(_curl_lines(finding)[0])}", style="dim"))
    console.print()


def _print_finding(finding: Finding, number: str, of_its_cause: int, console: Console) -> None:
    symptom = finding.symptom
    console.print(Text(f"✗ {number} · {visible(symptom.title)}", style="bold red"))
    console.print(Text(f"  {visible(symptom.reply.label)} · {_counted(of_its_cause, 'finding')}", style="bold"))
    if not finding.reproduced:
        console.print(Text("  not every time: the last try showed nothing", style="yellow"))
    for line in explanation(finding):
        for part in WRAPPER.wrap(printable(line)):
            console.print(Text(f"  {part}"))
    console.print(Text("  try it:", style="bold"))
    for line in _curl_lines(finding):
        console.print(Text(f"    {visible(line)}", style="dim"))
    console.print(Text("  as a case:", style="bold"))
    for line in finding.case.to_yaml().splitlines():
        console.print(Text(f"    {visible(line)}", style="dim"))


def explanation(finding: Finding) -> list[str]:
    """What the trace tells of a finding, line by line."""
    symptom = finding.symptom
    if symptom.kind is Kind.HANG:
        return [f"nothing was answered within {TIMEOUT_SECONDS:g} s"]
    if symptom.kind is Kind.CONNECTION:
        return [symptom.reply.answer.error]
    if symptom.broken is not None:
        return [*_broken_lines(symptom.broken), *_consequence(symptom.reply)]
    if symptom.difference is not None:
        is_answer = symptom.difference.field.kind in ("status", "answer")
        clues = [
            line for reply in symptom.replies if is_answer for line in (f"through {reply.label}:", *_consequence(reply))
        ]
        return [*_difference_lines(symptom.difference), *clues]
    return _consequence(symptom.reply)


def _broken_lines(broken: BrokenTemplate) -> Iterator[str]:
    yield f"its output breaks at line {broken.line}, column {broken.column}: {broken.fault.message}"
    lines = broken.template.output.split("\n")
    first = max(0, broken.line - 1 - CONTEXT_LINES)
    for number in range(first, broken.line):
        text = lines[number]
        cut = max(0, broken.column - 1 - SHOWN_COLUMNS // 2) if number == broken.line - 1 else 0
        yield f"{number + 1:5} | {_visible(text[cut : cut + SHOWN_COLUMNS])}"
    last = lines[broken.line - 1]
    cut = max(0, broken.column - 1 - SHOWN_COLUMNS // 2)
    yield f"      | {' ' * len(_visible(last[cut : broken.column - 1]))}^"
    reference = broken.reference
    if reference is not None:
        value = broken.template.output[reference.start : reference.end]
        where = "there" if reference.start <= broken.fault.offset < reference.end else "next to it"
        place = f"line {reference.line}, column {reference.column} of the template"
        yield f"{where}, {reference.literal} ({place}) rendered"
        yield f"      {_shortened(_visible(value)) or 'nothing'}"


def _difference_lines(difference: Difference) -> Iterator[str]:
    label = "expected" if difference.field.kind in ("status", "answer") else "sent"
    width = max(9, *(len(side) + 2 for side in difference.received))
    if difference.sent is not NO_EXPECTATION:
        yield f"{label:<{width}}{_shortened(_visible(shown(difference.sent)))}"
    reasons = difference.reason_by_side
    for side, value in difference.received.items():
        reason = reasons.get(side)
        yield f"{side:<{width}}{_shortened(_visible(shown(value)))}" + (f"   ({reason})" if reason else "")


def _consequence(reply: Reply) -> list[str]:
    """What became of the request in the end: the gateway's reason, or the backend's answer."""
    answer, exchange = reply.answer, reply.exchange
    lines = [f"the client got {answer.status}: {_shortened(_visible(answer.text))}"]
    if exchange is not None and exchange.gateway_response is not None:
        ended = exchange.gateway_response
        lines.append(f"{ended.response_type}: {ended.reason or ended.message or ''}")
    if exchange is not None and exchange.endpoint_response is not None and exchange.endpoint_response.status >= 400:
        endpoint = exchange.endpoint_response
        lines.append(f"the backend answered {endpoint.status}: {_shortened(_visible(_text(endpoint.body)))}")
    elif exchange is not None and exchange.endpoint_response is not None and exchange.endpoint_response.function_error:
        lines.append(f"the function failed: {_shortened(_visible(_text(exchange.endpoint_response.body)))}")
    return lines


def findings_yaml(report: FuzzReport) -> str:
    """The smallest requests as a case file, for `parity compare --cases`."""
    head = f"# Found by parity fuzz --seed {report.seed}, in {report.requests} requests.\n"
    return head + ("\n".join(finding.case.to_yaml() for finding in report.findings) or "[]\n")


def report_to_json(report: FuzzReport) -> dict[str, Any]:
    """The report as plain values.

    Returns:
        `api` (description), `seed`, `requests`, `shrinking_requests`, `duration_ms`, `interrupted`, and `findings`:
        each with `kind` (hang, connection, template, server-error, difference), `integration`, `title`, `reproduced`,
        `cause` (a number, from 1, which findings of one cause have in common), `explanation` (lines), `request`
        (`method`, `path`, `query_string`, `headers`, and `body` as text or `{"base64": …}`), `curl` (lines), `case`
        (YAML), and `template`, null for other kinds: `stage`, `language`, `content_type`, `output`, `line`, `column`,
        `message`, `reference` (`text`, `line`, `column`, or null); and `unreached`: each integration that every
        request was refused for, with `integration`, `requests` and `text`.
    """
    return {
        "api": report.description,
        "seed": report.seed,
        "requests": report.requests,
        "shrinking_requests": report.shrinking_requests,
        "duration_ms": round(report.duration_ms, 3),
        "interrupted": report.interrupted,
        "findings": [_finding_to_json(finding) for finding in report.findings],
        "unreached": [
            {"integration": each.label, "requests": each.requests, "text": unreached_text(each)}
            for each in report.unreached
        ],
    }


def _finding_to_json(finding: Finding) -> dict[str, Any]:
    symptom, case = finding.symptom, finding.case
    body: object = None
    if case.body is not None:
        body = case.body_text if case.body_is_text else {"base64": base64.b64encode(case.body).decode()}
    return {
        "kind": symptom.kind.value,
        "integration": symptom.reply.label,
        "title": symptom.title,
        "reproduced": finding.reproduced,
        "cause": finding.cause,
        "explanation": explanation(finding),
        "request": {
            "method": case.method,
            "path": case.path,
            "query_string": case.query_string,
            "headers": [list(pair) for pair in case.headers],
            "body": body,
        },
        "curl": _curl_lines(finding),
        "case": case.to_yaml(),
        "template": _template_to_json(symptom.broken) if symptom.broken is not None else None,
    }


def _template_to_json(broken: BrokenTemplate) -> dict[str, Any]:
    reference = broken.reference
    return {
        "stage": broken.stage,
        "language": broken.language,
        "content_type": broken.template.content_type,
        "output": broken.template.output,
        "line": broken.line,
        "column": broken.column,
        "message": broken.fault.message,
        "reference": reference and {"text": reference.literal, "line": reference.line, "column": reference.column},
    }


def _curl_lines(finding: Finding) -> list[str]:
    """The request again: to the integration that shows the finding, or to both that differ."""
    differs = finding.symptom.kind is Kind.DIFFERENCE
    replies = finding.symptom.replies if differs else (finding.symptom.reply,)
    return [(reply.request or finding.case).curl(reply.url) for reply in replies]


def _visible(text: str) -> str:
    """The text with what a terminal would not show as one character of its own escaped."""
    return visible("".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text))


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}… ({len(text)} characters)"


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")
