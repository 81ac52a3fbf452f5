"""Values of a comparison as a reader sees them, in a terminal, a test's message and the report alike."""

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from parity.compare.case import Case
from parity.compare.client import Answer
from parity.compare.difference import NO_EXPECTATION
from parity.compare.received import ABSENT, Number, Received

if TYPE_CHECKING:
    from parity.compare.comparison import CaseResult, Comparison

MARKS = {"fails": "✗", "differs": "≠", "changed": "~", "alike": "✓"}
"""The mark of each kind of case, in the terminal and in the report."""
SEND_HEADER = "-H 'Name: value'"
MEANINGS = {
    "fails": "no known reason",
    "differs": "differs between the backends",
    "changed": "changed the same way in both",
    "alike": "alike",
}
"""What the marks say."""


def totals(comparison: "Comparison") -> str:
    """What became of the requests, in one line that says what it counts; what there is none of is left out."""
    refusals = comparison.refusals
    if refusals:
        answers = ", ".join(f"{side} answers {text}" for side, text in refusals.items())
        return f"no request reached a backend: {answers}. Send the header that is asked for: {SEND_HEADER}"
    kinds: Counter[str] = Counter(result.kind for result in comparison.results)
    both = len(comparison.sides) > 1
    failing, differing = (f"{kinds[kind]} differ{'s' if kinds[kind] == 1 else ''}" for kind in ("fails", "differs"))
    texts = {
        "fails": f"{failing} without a known reason",
        "differs": f"{differing} between the backends",
        "changed": f"{kinds['changed']} changed {'the same way in both' if both else 'on the way'}",
        "alike": f"{kinds['alike']} {'alike' if both else 'as sent'}",
    }
    return ", ".join(text for kind, text in texts.items() if kinds[kind]) or "no request"


def requests_text(comparison: "Comparison") -> str:
    """How many requests were sent, where they come from, and how long that took."""
    count, source = len(comparison.results), f" {comparison.source}" if comparison.source else ""
    return f"{count} request{'' if count == 1 else 's'}{source} in {comparison.duration_ms / 1000:.1f} s"


def shown(value: Any) -> str:
    """A received value as text: repeats joined by commas, JSON as JSON, `–` for what was not there."""
    if value is ABSENT:
        return "–"
    if isinstance(value, tuple):
        return ", ".join(text or '""' for text in value)
    return value if isinstance(value, str) else json_text(value)


def shown_body(value: Any) -> str:
    """A body as compact JSON text, so that the text `1` and the number 1 look different."""
    return "–" if value is ABSENT else json_text(value)


def json_text(value: Any, indent: int | None = None) -> str:
    """JSON as a reader writes it: non-ASCII characters as they are, numbers with the digits they came with.

    Args:
        value: a JSON value.
        indent: spaces a level, None for one line.
    """
    return _json_text(value, indent, "\n")


def _json_text(value: Any, indent: int | None, newline: str) -> str:
    if isinstance(value, Number):
        return value.text
    if not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False, default=str)
    deeper = newline + " " * indent if indent is not None else ""
    if isinstance(value, dict):
        parts = [f"{json_text(str(key))}: {_json_text(each, indent, deeper)}" for key, each in value.items()]
    else:
        parts = [_json_text(each, indent, deeper) for each in value]
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    if indent is None:
        return opening + ", ".join(parts) + closing
    return opening + deeper + f",{deeper}".join(parts) + newline + closing


def request_lines(case: Case) -> list[str]:
    """What a client sends, a field a line: method and path, query strings, headers, body."""
    lines = [f"{case.method} /{case.decoded_path}"]
    lines += [f"{name}={', '.join(values)}" for name, values in case.query.items()]
    lines += [f"{name}: {value}" for name, value in case.headers]
    return [*lines, case.body_text] if case.body is not None else lines


def received_lines(case: Case, received: Received | None, answer: Answer) -> list[str]:
    """The lines of `request_lines` as a backend received them, for comparison line by line."""
    if received is None:
        count = len(request_lines(case)) - 1
        return [answer.error or f"answered {answer.status}", *[""] * count]
    lines = [f"{received.method} /{received.path}"]
    for name in case.query:
        texts = received.query.get(name)
        lines.append("–" if texts is None else f"{name}={', '.join(texts)}")
    for name, _ in case.headers:
        texts = received.headers.get(name.lower())
        lines.append("–" if texts is None else f"{name}: {', '.join(texts)}")
    if case.body is not None:
        lines.append(received.body_text.strip() if received.body_text else shown_body(received.body))
    return lines


def failure_text(result: "CaseResult") -> str:
    """The differences of a failing case field by field: what was sent, what each backend received, what is missing.

    Explained differences are not told; the clues to the others, and a curl line, are.
    """
    lines = [f"{result.case.name}: {result.case.method} {result.case.target}"]
    if result.case.declared_at:
        lines.append(f"  declared at {result.case.declared_at}")
    for difference in result.differences:
        if difference.explained:
            continue
        is_answer = difference.sent is NO_EXPECTATION
        said = "not the same" if difference.between_backends else "no backend answered"
        lines.append(f"  {difference.field}: {said if is_answer else 'no known reason'}")
        label = "expected" if difference.field.kind in ("status", "answer") else "sent"
        width = max(9, *(len(name) + 2 for name in difference.received))
        if difference.sent is not NO_EXPECTATION:
            lines.append(f"    {label:<{width}}{shown(difference.sent)}")
        reasons = difference.reason_by_side
        for side, value in difference.received.items():
            reason = reasons.get(side)
            lines.append(f"    {side:<{width}}{shown(value)}" + (f"   ({reason})" if reason else ""))
    for side, clue in result.clues.items():
        first, *more = clue.split("\n")
        lines += [f"  {side}: {first}", *(f"    {line}" for line in more)]
    return "\n".join(lines)
