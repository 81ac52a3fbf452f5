"""What counts as a finding, and where. Of several things that one request shows, the cause comes before the rest."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from parity.compare.case import Case
from parity.compare.comparison import expected_status
from parity.compare.diagnosis.broken_template import BrokenTemplate, broken_template
from parity.compare.difference import Difference
from parity.compare.received import ABSENT
from parity.fuzz.subject import Observation, Reply

Signature = tuple[str, ...]
"""A kind of finding and its place; what is found again under the same signature is the same finding."""
ASKED_FOR = re.compile(r"(?:^|/)(5\d\d)(?=/|$)")
"""A path that asks for a status, as `/status/503` does."""
VARIABLE_PARTS = re.compile(r"\d+|'[^']*'|\"[^\"]*\"")
SPECIAL_HEADERS = frozenset(
    {"accept", "authorization", "connection", "content-length", "content-md5", "content-type", "date", "expect", "host"}
    | {"max-forwards", "referer", "server", "te", "user-agent", "via", "x-amzn-trace-id", "x-api-key"}
    | {"x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"}
)
"""Headers that API Gateway treats unlike others, so that what happens to one says nothing of another."""


class Kind(StrEnum):
    """What is wrong, the cause before its consequences."""

    HANG = "hang"
    CONNECTION = "connection"
    TEMPLATE = "template"
    SERVER_ERROR = "server-error"
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    """One thing that is wrong with what became of a request.

    `title` says it in one line, `reply` is that of the integration that shows it, `replies` are everyone's. `broken`
    and `difference` are set for their kinds.
    """

    kind: Kind
    signature: Signature
    title: str
    reply: Reply
    replies: tuple[Reply, ...]
    broken: BrokenTemplate | None = None
    difference: Difference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A symptom of the smallest request that shows it.

    `reproduced` is whether it showed again when the request was sent once more, at the end. Findings with one cause
    have the same number of `cause`, from 1.
    """

    symptom: Symptom
    case: Case
    cause: int = 1
    reproduced: bool = True


def symptom_of(observation: Observation, known: Collection[Signature] = ()) -> Symptom | None:
    """What is wrong with what became of a request; None when nothing is, or only what is known.

    A known cause hides its consequences: the difference in status, when the template broke.
    """
    for symptoms in (_connections, _templates, _server_errors):
        first = next(symptoms(observation), None)
        if first is not None:
            return None if first.signature in known else first
    return next((each for each in _differences(observation) if each.signature not in known), None)


def _connections(observation: Observation) -> Iterator[Symptom]:
    for reply in observation.replies:
        error = reply.answer.error
        if error:
            kind = Kind.HANG if error.startswith("TimeoutError") else Kind.CONNECTION
            title = "no answer" if kind is Kind.HANG else "the connection broke"
            yield Symptom(
                kind=kind,
                signature=(kind, reply.label, error.partition(":")[0]),
                title=title,
                reply=reply,
                replies=observation.replies,
            )


def _templates(observation: Observation) -> Iterator[Symptom]:
    for reply in observation.replies:
        broken = broken_template(reply.exchange) if reply.exchange is not None else None
        if broken is not None:
            reference = broken.reference
            place = f"{reference.literal} {reference.line}:{reference.column}" if reference else ""
            yield Symptom(
                kind=Kind.TEMPLATE,
                signature=(Kind.TEMPLATE, reply.label, broken.stage, broken.template.source, place),
                title=f"the {broken.stage} template for {broken.template.content_type} renders no {broken.language}",
                reply=reply,
                replies=observation.replies,
                broken=broken,
            )


def _server_errors(observation: Observation) -> Iterator[Symptom]:
    match = ASKED_FOR.search(observation.case.path)
    expected = {int(match[1])} if match else set()
    if observation.result is not None:
        expected = {expected_status(observation.case)}
    for reply in observation.replies:
        status = reply.answer.status
        if status >= 500 and status not in expected:
            yield Symptom(
                kind=Kind.SERVER_ERROR,
                signature=(Kind.SERVER_ERROR, reply.label, str(status), _class_of(reply)),
                title=f"a {status} that the request did not ask for",
                reply=reply,
                replies=observation.replies,
            )


def _class_of(reply: Reply) -> str:
    """What made a 5xx, without what changes from request to request."""
    ended = reply.exchange.gateway_response if reply.exchange is not None else None
    if ended is None:
        return "backend"
    return f"{ended.response_type} {VARIABLE_PARTS.sub('', ended.reason)[:40]}"


def _differences(observation: Observation) -> Iterator[Symptom]:
    if observation.result is None:
        return
    replies = {reply.label: reply for reply in observation.replies}
    for difference in observation.result.differences:
        unexplained = [deviation for deviation in difference.deviations if deviation.reason is None]
        if unexplained:
            sides = [deviation.side.value for deviation in unexplained]
            field = difference.field
            name = field.name.lower() if field.kind == "header" and field.name.lower() in SPECIAL_HEADERS else ""
            values = [difference.sent, *(deviation.received for deviation in unexplained)]
            shapes = map(str, values) if field.kind == "status" else map(_shape, values)
            yield Symptom(
                kind=Kind.DIFFERENCE,
                signature=(Kind.DIFFERENCE, field.kind, name, *sides, *shapes),
                title=f"a difference without a known reason: {field}",
                reply=replies[sides[0]],
                replies=observation.replies,
                difference=difference,
            )


def _shape(value: object) -> str:
    """What sort of value it is, so that a lost text and a changed number are two findings."""
    if value is ABSENT or value in ("", (), {}, []):
        return f"no {type(value).__name__}"
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
