"""Findings by cause: which belong together, and in which order a reader gets them."""

import io
import json
from dataclasses import replace

from parity.compare.case import Case
from parity.compare.client import Answer
from parity.compare.comparison import CaseResult
from parity.compare.difference import Deviation, Difference, Field, FieldKind
from parity.compare.received import sent_by_client
from parity.compare.settings import Side
from parity.fuzz.causes import by_cause
from parity.fuzz.finding import Finding, Symptom, symptom_of
from parity.fuzz.output import print_report, report_to_json
from parity.fuzz.search import FuzzReport
from parity.fuzz.subject import Observation, Reply
from tests.fuzz.fuzz_gateway import GatewayInProcess, function

TEMPLATE = """{
#foreach($name in $input.params().header.keySet())
  "$util.escapeJavaScript($name)": "$input.params().header.get($name)",
#end
  "method": "$context.httpMethod"
}"""
"""It escapes no value of a header."""
ESCAPED = TEMPLATE.replace(
    "$input.params().header.get($name)", "$util.escapeJavaScript($input.params().header.get($name))"
)


def broken(template: str = TEMPLATE, label: str = "small") -> Symptom:
    """A header with a quote, which breaks the template's output."""
    observation = GatewayInProcess(function(template)).observe(0, Case(name="a", path="/a", headers=(("X-A", '"'),)))
    (reply,) = observation.replies
    symptom = symptom_of(replace(observation, replies=(replace(reply, label=label),)))
    assert symptom is not None
    return symptom


def changed(
    name: str,
    sent: str = '\\"',
    kind: FieldKind = "header",
    template: str = TEMPLATE,
    statuses: tuple[int, ...] = (200,),
) -> Symptom:
    """A header that arrives changed, through a template whose output is JSON all the same; or what else differs."""
    case = Case(name="a", path="/a", headers=((name, sent),))
    observation = GatewayInProcess(function(template)).observe(0, case)
    (reply,) = observation.replies
    side = Side(reply.label)
    field = Field(kind, name)
    deviation = Deviation(side=side, field=field, sent=(sent,), received=("other",))
    difference = Difference(field=field, sent=(sent,), received={side: ("other",)}, deviations=(deviation,))
    answers = {side: reply.answer}
    result = CaseResult(
        case=case, sent=sent_by_client(case, ()), answers=answers, received={}, differences=(difference,)
    )
    replies = [replace(reply, answer=replace(reply.answer, status=status)) for status in statuses]
    symptom = symptom_of(replace(observation, replies=tuple(replies), result=result))
    assert symptom is not None
    assert symptom.difference == difference
    return symptom


def refused() -> Symptom:
    reply = Reply(label="small", url="http://small.test/dev", answer=Answer(status=500))
    symptom = symptom_of(Observation(case=Case(name="a", path="/a"), replies=(reply,)))
    assert symptom is not None
    return symptom


def test_what_one_reference_breaks_and_changes_has_one_cause_the_template_first() -> None:
    assert by_cause([changed("X-A"), changed("Referer"), broken()]) == [[2, 0, 1]]


def test_causes_in_templates_come_first() -> None:
    assert by_cause([changed("X-A", sent="plain"), refused(), broken()]) == [[2], [1], [0]]


def test_the_same_template_of_several_methods_is_one_cause() -> None:
    assert by_cause([broken(label="GET /a"), broken(label="POST /b")]) == [[0, 1]]


def test_another_template_is_another_cause() -> None:
    assert by_cause([broken(), broken(TEMPLATE.replace("$input.params()", "${input.params()}"))]) == [[0], [1]]


def test_a_value_that_is_escaped_is_not_changed_by_the_template() -> None:
    assert by_cause([broken(), changed("X-A", template=ESCAPED)]) == [[0], [1]]


def test_headers_that_are_all_changed_alike_have_one_cause() -> None:
    symptoms = [changed("Accept", sent="a"), changed("X-A", sent="a"), changed("X-A", sent="a", kind="answer header")]
    assert by_cause(symptoms) == [[0, 1], [2]]


def test_answers_of_two_statuses_differ_by_one_cause_in_all_that_they_hold() -> None:
    fields: list[tuple[FieldKind, str]] = [("status", ""), ("answer", ".message"), ("answer header", "X-A")]
    symptoms = [changed(name, kind=kind, statuses=(415, 200)) for kind, name in fields]
    other = changed(".message", kind="answer", statuses=(404, 200))
    assert by_cause([*symptoms, other, changed(".message", kind="answer")]) == [[0, 1, 2], [3], [4]]


def report() -> FuzzReport:
    """Two findings of one cause, and one of another."""
    symptoms = [(broken(), 1), (changed("X-B"), 1), (refused(), 2)]
    findings = tuple(
        Finding(symptom=symptom, case=Case(name=f"fuzz-{number}", path="/a"), cause=cause)
        for number, (symptom, cause) in enumerate(symptoms)
    )
    return FuzzReport(
        description="small", seed=1, findings=findings, requests=10, shrinking_requests=0, duration_ms=1.0
    )


def test_each_cause_is_explained_once_with_a_count_of_its_findings() -> None:
    file = io.StringIO()
    print_report(report(), file)
    printed = file.getvalue()
    assert "✗ 1 of 2 · the request template for application/json renders no JSON\n  small · 2 findings\n" in printed
    assert "  1 more finding of this cause:\n    small: a difference without a known reason: header X-B\n" in printed
    assert "✗ 2 of 2 · a 500 that the request did not ask for\n  small · 1 finding\n" in printed
    assert printed.count("as a case:") == 2
    assert ": 3 findings, 2 causes\n" in printed


def test_json_numbers_the_causes() -> None:
    document = json.loads(json.dumps(report_to_json(report())))
    assert [finding["cause"] for finding in document["findings"]] == [1, 1, 2]
