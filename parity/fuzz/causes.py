"""Groups findings by what caused them: a reference of a template that is not escaped breaks many requests, each in its
own way, and is one thing to repair.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from parity.compare.diagnosis.broken_template import RenderedReference, references_of_request
from parity.fuzz.finding import Finding, Kind, Signature, Symptom

_ORDER: Final = (Kind.TEMPLATE, Kind.HANG, Kind.CONNECTION, Kind.SERVER_ERROR, Kind.DIFFERENCE)
"""Which cause a reader sees first: a template names its own line, which is the quickest to repair."""

_OF_THE_ANSWER: Final = ("status", "answer", "answer header")


def by_cause(symptoms: Sequence[Symptom]) -> list[list[int]]:
    """The symptoms by their causes.

    Args:
        symptoms: in the order in which they were found.

    Returns:
        The indices of the symptoms of each cause, that which shows the cause best first; causes in templates first.
    """
    groups: dict[Signature, list[int]] = {}
    for index, symptom in enumerate(symptoms):
        groups.setdefault(cause_of(symptom), []).append(index)

    def rank(index: int) -> int:
        return _ORDER.index(symptoms[index].kind)

    return sorted((sorted(group, key=rank) for group in groups.values()), key=lambda group: rank(group[0]))


def numbered_by_cause(findings: Iterable[Finding]) -> list[list[Finding]]:
    """The findings of each cause, in their order."""
    groups: dict[int, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.cause, []).append(finding)
    return list(groups.values())


def cause_of(symptom: Symptom) -> Signature:
    """What symptoms of one cause have in common.

    The output of a template breaks, and a value arrives changed, by the reference that rendered it. The same template
    may be that of several methods. Headers that API Gateway treats unlike others may still all be changed alike.
    Answers of two statuses differ in all that they hold.
    """
    if symptom.broken is not None:
        return _reference_cause(symptom.broken.template.source, symptom.broken.stage, symptom.broken.reference)
    if symptom.difference is None:
        return symptom.signature
    statuses = [f"{reply.label} {reply.answer.status}" for reply in symptom.replies]
    if symptom.difference.field.kind in _OF_THE_ANSWER and len({reply.answer.status for reply in symptom.replies}) > 1:
        return (symptom.kind, "status", *statuses)
    reference = next(_rendering_raw(symptom), None)
    if reference is not None:
        return reference
    kind, field, _name, *rest = symptom.signature
    return (kind, field, *rest)


def _reference_cause(source: str, stage: str, reference: RenderedReference | None) -> Signature:
    place = f"{reference.literal} {reference.line}:{reference.column}" if reference is not None else ""
    return (Kind.TEMPLATE, stage, source, place)


def _rendering_raw(symptom: Symptom) -> Iterator[Signature]:
    """The references that rendered the sent value as it is, though JSON would have to escape it."""
    sent = symptom.difference.sent if symptom.difference is not None else None
    values = sent if isinstance(sent, list | tuple) else (sent,)
    raw = [value for value in values if isinstance(value, str) and json.dumps(value, ensure_ascii=False)[1:-1] != value]
    exchange = symptom.reply.exchange
    request = exchange.integration_request if exchange is not None else None
    if not raw or exchange is None or request is None or request.template is None:
        return
    source, output = request.template.source, request.template.output
    for reference in references_of_request(exchange):
        rendered = output[reference.start : reference.end]
        if any(value in rendered for value in raw):
            yield _reference_cause(source, "request", reference)
