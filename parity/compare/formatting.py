"""Values of a comparison as a reader sees them, in a terminal, a test's message and the report alike."""

import json
from typing import TYPE_CHECKING, Any

from parity.compare.case import Case
from parity.compare.client import Answer
from parity.compare.received import ABSENT, Number, Received

if TYPE_CHECKING:
    from parity.compare.comparison import CaseResult


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
        lines.append(f"  {difference.field}: no known reason")
        label = "expected" if difference.field.kind in ("status", "answer") else "sent"
        lines.append(f"    {label:<9}{shown(difference.sent)}")
        reasons = difference.reason_by_side
        for side, value in difference.received.items():
            reason = reasons.get(side)
            lines.append(f"    {side:<9}{shown(value)}" + (f"   ({reason})" if reason else ""))
    lines += [f"  {side}: {clue}" for side, clue in result.clues.items()]
    return "\n".join(lines)
