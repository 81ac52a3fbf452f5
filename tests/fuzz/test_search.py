"""What the fuzzer finds in small APIs, and how small the requests are that it reports."""

import contextlib
import random
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from parity.compare.case import Case
from parity.compare.client import Answer
from parity.compare.requests.case_file import parse_cases
from parity.fuzz.finding import Kind
from parity.fuzz.requests import Route, Vocabulary
from parity.fuzz.search import FuzzReport, fuzz
from parity.fuzz.subject import Observation, Reply
from parity.gateway.model.backends import LambdaResult
from tests.fuzz.fuzz_gateway import ARTICLE_TEMPLATE, GatewayInProcess, function, mock

SAID = Vocabulary(query_strings=["a"])


def broken_references(report: FuzzReport) -> dict[str, Case]:
    """The smallest request by the reference that it breaks."""
    found = {}
    for finding in report.findings:
        assert finding.symptom.broken is not None
        assert finding.symptom.broken.reference is not None
        found[finding.symptom.broken.reference.literal] = finding.case
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_the_articles_template_breaks_at_a_quote_in_a_key_and_an_apostrophe_in_a_value(seed: int) -> None:
    report = fuzz(GatewayInProcess(function(ARTICLE_TEMPLATE)), seed=seed, requests=300)

    found = broken_references(report)
    assert found.keys() == {"$paramName", "$util.escapeJavaScript($params.get($paramName))"}
    key = found["$paramName"]
    assert (key.method, key.path, key.headers, key.body) == ("GET", "/a", (), None)
    assert key.query_string == "%22="
    value = found["$util.escapeJavaScript($params.get($paramName))"]
    sent = f"{value.path} {value.query_string} {value.headers}"
    assert sent.count("'") + sent.count("%27") >= 1
    assert len(value.target) + sum(len(text) for text in map(str, value.headers)) < 30


def test_a_template_that_escapes_keys_and_values_breaks_at_nothing() -> None:
    escaped = ARTICLE_TEMPLATE.replace(
        "$util.escapeJavaScript($params.get($paramName))",
        '$util.escapeJavaScript($params.get($paramName)).replaceAll("\\\\\'","\'")',
    ).replace('"$paramName"', '"$util.escapeJavaScript($paramName).replaceAll("\\\\\'","\'")"')

    report = fuzz(GatewayInProcess(function(escaped)), seed=1, requests=200)

    assert report.findings == ()
    assert report.requests == 200


def test_the_same_seed_sends_the_same_requests_and_finds_the_same() -> None:
    runs = []
    for _ in range(2):
        subject = GatewayInProcess(function(ARTICLE_TEMPLATE))
        report = fuzz(subject, seed=5, requests=60)
        runs.append((subject.sent, [finding.case for finding in report.findings]))

    assert runs[0] == runs[1]
    other = GatewayInProcess(function(ARTICLE_TEMPLATE))
    fuzz(other, seed=6, requests=60)
    assert other.sent != runs[0][0]


def test_a_response_template_that_renders_no_json_is_found() -> None:
    report = fuzz(GatewayInProcess(mock('{"said": "$input.params("a")"}'), vocabulary=SAID), seed=1, requests=200)

    (finding,) = report.findings
    assert finding.symptom.title == "the response template for application/json renders no JSON"
    assert finding.case.query_string in ("a=%22", "a=%5C") or finding.case.headers


def test_a_response_template_that_renders_no_xml_is_found() -> None:
    subject = GatewayInProcess(mock('<said by="$input.params("a")"/>', "application/xml"), vocabulary=SAID)

    (finding,) = fuzz(subject, seed=1, requests=200).findings

    assert finding.symptom.title == "the response template for application/xml renders no XML"


def test_keys_of_the_body_that_a_template_reads_are_sent() -> None:
    vocabulary = Vocabulary(keys=["who"])
    subject = GatewayInProcess(function('{"who": "$input.path(\'$.who\')"}'), vocabulary=vocabulary)

    found = broken_references(fuzz(subject, seed=1, requests=200))

    assert b"who" in (found["$input.path('$.who')"].body or b"")


def test_a_5xx_that_no_request_asked_for_is_found_and_explained_by_its_cause() -> None:
    def fail_on_lists(payload: bytes) -> LambdaResult:
        if payload.startswith(b"["):
            raise RuntimeError("out of order")
        return LambdaResult(payload=payload)

    subject = GatewayInProcess(function("$input.json('$')"), handler=fail_on_lists)

    (finding,) = fuzz(subject, seed=1, requests=200).findings

    assert finding.symptom.kind is Kind.SERVER_ERROR
    assert finding.symptom.title == "a 500 that the request did not ask for"
    assert finding.case.body == b"[]"


class Answering:
    """A subject that answers each case as it is reported to, without a trace."""

    description = "answers"
    routes = (Route(path="/{proxy+}"),)
    vocabulary = Vocabulary()

    def __init__(self, answer: Callable[[Case], Answer]) -> None:
        self.answer = answer

    def observe(self, route: int, case: Case) -> Observation:
        reply = Reply(label="api", url="http://a.test/dev", answer=self.answer(case))
        return Observation(case=case, replies=(reply,))


def test_a_status_that_the_path_asks_for_is_no_finding() -> None:
    def answer(case: Case) -> Answer:
        return Answer(status=500 if case.path == "/status/500" else 200)

    assert fuzz(Answering(answer), seed=1, requests=200).findings == ()


def test_a_connection_that_breaks_is_found() -> None:
    def answer(case: Case) -> Answer:
        broke = "%0A" in case.query_string
        return Answer(status=0, error="RemoteDisconnected: gone") if broke else Answer(status=200)

    (finding,) = fuzz(Answering(answer), seed=1, requests=200).findings

    assert finding.symptom.kind is Kind.CONNECTION
    assert len(finding.case.query_string) <= 12
    assert "%0A" in finding.case.query_string


def test_a_hang_is_reported_once_and_not_shrunk() -> None:
    hung: list[Case] = []

    def answer(case: Case) -> Answer:
        if case.method != "DELETE":
            return Answer(status=200)
        hung.append(case)
        return Answer(status=0, error="TimeoutError: timed out")

    report = fuzz(Answering(answer), seed=1, requests=200)

    (finding,) = report.findings
    assert finding.symptom.kind is Kind.HANG
    assert replace(finding.case, name="", why="") == replace(hung[0], name="", why="")


def test_what_does_not_happen_again_is_told_as_such() -> None:
    answers = iter([500])

    def answer(case: Case) -> Answer:
        return Answer(status=next(answers, 200))

    (finding,) = fuzz(Answering(answer), seed=1, requests=50).findings

    assert not finding.reproduced


def test_an_interrupted_search_tells_what_it_found() -> None:
    sent = 0

    def answer(case: Case) -> Answer:
        nonlocal sent
        sent += 1
        if sent == 30:
            raise KeyboardInterrupt
        return Answer(status=500 if sent == 29 else 200)

    report = fuzz(Answering(answer), seed=1, requests=200)

    assert report.interrupted
    assert [finding.symptom.kind for finding in report.findings] == [Kind.SERVER_ERROR]


def test_an_interrupt_that_is_lost_ends_the_search_with_the_next_request() -> None:
    sent = 0

    def answer(case: Case) -> Answer:
        nonlocal sent
        sent += 1
        if sent == 30:
            with contextlib.suppress(KeyboardInterrupt):  # as in a callback of the garbage collector
                signal.raise_signal(signal.SIGINT)
        return Answer(status=200)

    report = fuzz(Answering(answer), seed=1, requests=200)

    assert (report.interrupted, sent) == (True, 30)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_search_ends_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)

    def answer(case: Case) -> Answer:
        nonlocal now
        now += 1.0
        return Answer(status=200)

    assert fuzz(Answering(answer), seed=1, seconds=30).requests == 30


def test_progress_is_told() -> None:
    told: list[str] = []

    fuzz(Answering(lambda case: Answer(status=200)), seed=1, requests=20, on_progress=told.append)

    assert told == ["fuzzing: 10/20 requests, 0 findings", "fuzzing: 20/20 requests, 0 findings"]


def test_every_request_can_be_kept_in_a_case_file() -> None:
    subject = GatewayInProcess(function("{}"))
    fuzz(subject, seed=3, requests=300)
    cases = [replace(case, name=f"case-{number}", declared_at="") for number, case in enumerate(subject.sent)]

    kept = parse_cases("".join(case.to_yaml() for case in cases), Path("kept.yaml"))

    assert [replace(case, declared_at="") for case in kept] == cases


def test_the_requests_hold_what_breaks_things() -> None:
    subject = GatewayInProcess(function("{}"))
    fuzz(subject, seed=random.Random(0).randrange(100), requests=600)

    everything = "".join(f"{case.target}{case.headers}{case.body_text}" for case in subject.sent)
    for part in ("%22", "%5C", "%0A", "%FF", "%E2%80%A8", "status/500", "#set(", "$input", "�", "[[[["):
        assert part in everything
    assert {case.method for case in subject.sent} >= {"GET", "POST", "HEAD", "OPTIONS"}
    assert any(len(case.target) > 400 for case in subject.sent)
