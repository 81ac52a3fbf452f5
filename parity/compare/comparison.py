"""Sends every case to both integrations and compares what arrived."""

import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from parity.compare.case import Case
from parity.compare.client import Answer
from parity.compare.diagnosis.clue import clue
from parity.compare.diagnosis.template_files import TemplateFiles
from parity.compare.difference import Deviation, Difference, Field, compare_fields, same
from parity.compare.reasons import Circumstances, reason_for
from parity.compare.received import Received, parse_json, received_by_http, received_by_lambda, sent_by_client
from parity.compare.redaction import SECRET_HEADERS, Redactor, secrets_in
from parity.compare.settings import COMPARE, OptionNames, Settings, Side

if TYPE_CHECKING:
    from parity.compare.pair.pair import Pair
    from parity.compare.target import Target
    from parity.gateway.model.exchange import Exchange

STATUS_PATH = re.compile(r"/status/([45]\d\d)")
"""The path for which both backends fail with the status that it names."""
REFUSALS = frozenset({401, 403, 429})
"""The statuses with which API Gateway refuses a request before it looks at what is in it."""
READERS: dict[Side, Callable[[str], Received | None]] = {
    Side.LAMBDA: received_by_lambda,
    Side.HTTP: received_by_http,
}


Kind = Literal["fails", "differs", "changed", "alike"]
"""A case with a difference that has no known reason; one that differs between the backends; one that API Gateway
changed in the same way for both; one that reached both as it was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """A case, what was answered, what each backend received, and the differences.

    `received` has no entry for a backend that was not reached or answered no echo. `exchanges` tells what the local
    gateway did with each request; it is empty for a deployed API. `expected_status` is None where any may be right.
    `requests` is the case as it was sent to each side, where two routes are compared (`is_pair`); `volatile` names
    what changed at both when the request was sent once more, and was not compared. In `template_files` the lines of a
    template are looked up; `options` are what the options that chose the API are called.
    """

    case: Case
    sent: Received
    answers: Mapping[Side, Answer]
    received: Mapping[Side, Received]
    differences: tuple[Difference, ...]
    exchanges: "Mapping[Side, Exchange]" = field(default_factory=dict)
    expected_status: int | None = None
    requests: Mapping[Side, Case] = field(default_factory=dict)
    volatile: tuple[str, ...] = ()
    is_pair: bool = False
    template_files: TemplateFiles | None = None
    options: OptionNames = COMPARE

    @property
    def passed(self) -> bool:
        """Whether every difference has its reason."""
        return all(difference.explained for difference in self.differences)

    @property
    def kind(self) -> Kind:
        """What is to be said of it in one word."""
        if not self.passed:
            return "fails"
        return "differs" if self.differs else "changed" if self.own_differences else "alike"

    @property
    def differs(self) -> bool:
        """Whether the two backends received something different of what the case itself sends."""
        return any(difference.between_backends for difference in self.own_differences)

    @property
    def own_differences(self) -> tuple[Difference, ...]:
        """The differences without those that API Gateway makes in every request, whatever the case sends."""
        sent = {name.lower() for name, _ in self.case.headers}
        return tuple(
            difference
            for difference in self.differences
            if not difference.explained
            or (difference.field.kind == "header" and difference.field.name.lower() in sent)
            or (difference.field.kind == "body" and self.case.body is not None)
            or difference.field.kind not in ("header", "body")
        )

    @property
    def refused(self) -> bool:
        """Whether API Gateway itself refused it at every side, for who sent it or as one too many."""
        return all(
            answer.status in REFUSALS and answer.header("x-amzn-ErrorType") is not None
            for answer in self.answers.values()
        )

    @property
    def clues(self) -> dict[Side, str]:
        """What is known of why an answer is not the expected one: the gateway's reason, the function's error."""
        told = {
            side: clue(
                answer,
                self.exchanges.get(side),
                expected_status=answer.status if self.expected_status is None else self.expected_status,
                is_echo=self.is_pair or side in self.received,
                files=self.template_files,
                options=self.options,
            )
            for side, answer in self.answers.items()
        }
        return {side: text for side, text in told.items() if text}

    def curl(self, side: Side, url: str) -> str:
        """The request to one side as a curl line.

        Args:
            side: which one.
            url: its base URL.
        """
        return self.requests.get(side, self.case).curl(url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All results, in the order of the cases. `duration_ms` is the time all requests took together.

    `unavailable` tells why backends could not be started. `source` says where the requests come from ("of a.yaml").
    """

    description: str
    urls: Mapping[Side, str]
    settings: Settings
    results: tuple[CaseResult, ...]
    started: datetime
    duration_ms: float
    outputs: Mapping[str, Any] = field(default_factory=dict)
    unavailable: tuple[str, ...] = ()
    pair: "Pair | None" = None
    note: str = ""
    source: str = ""

    @property
    def passed(self) -> bool:
        """Whether no case has a difference without a known reason, and a request reached a backend."""
        return all(result.passed for result in self.results) and not self.refusals

    @property
    def refusals(self) -> dict[Side, str]:
        """How each side refused the first request, where API Gateway refused them all: that compares no backends."""
        if not self.results or not all(result.refused for result in self.results):
            return {}
        first = self.results[0]
        return {side: f"{answer.status} {first.clues.get(side, '')}".strip() for side, answer in first.answers.items()}

    @property
    def sides(self) -> tuple[Side, ...]:
        """The integrations that exist."""
        return tuple(self.urls)


def compare(
    target: "Target",
    cases: Sequence[Case],
    *,
    source: str = "",
    on_result: Callable[[CaseResult], None] | None = None,
) -> Comparison:
    """Sends the cases to every integration of the target, both at the same time.

    Args:
        target: the API.
        cases: what to send.
        source: where the cases come from, for the output.
        on_result: told each result as soon as it is known, one at a time, in no particular order.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    answers: list[dict[Side, Answer]] = [{} for _ in cases]
    results: dict[int, CaseResult] = {}
    lock, stopped = threading.Lock(), threading.Event()

    def answered(index: int, side: Side, answer: Answer) -> None:
        with lock:
            answers[index][side] = answer
            if len(answers[index]) < len(target.urls):
                return
            results[index] = compare_answers(cases[index], answers[index], target)
            if on_result is not None:
                on_result(results[index])

    def send_every(side: Side, first: int, step: int) -> None:
        with target.client(side) as client:
            for index in range(first, len(cases), step):
                if stopped.is_set():
                    return
                answered(index, side, client.send(cases[index]))

    step = max(1, min(target.connections, len(cases)))
    with ThreadPoolExecutor(len(target.urls) * step, thread_name_prefix="compare") as pool:
        sending = [pool.submit(send_every, side, first, step) for side in target.urls for first in range(step)]
        try:
            for future in sending:
                future.result()
        finally:
            stopped.set()  # Ctrl-C waits for the requests under way, not for those to come
    return Comparison(
        description=target.description,
        urls=target.urls,
        settings=target.settings,
        results=tuple(results[index] for index in range(len(cases))),
        started=started,
        duration_ms=(time.perf_counter() - clock) * 1000,
        outputs=target.outputs,
        unavailable=tuple(target.unavailable()),
        pair=target.pair,
        note=target.note,
        source=source,
    )


def compare_answers(
    case: Case, answers: Mapping[Side, Answer], target: "Target", *, generated: bool = False
) -> CaseResult:
    """Compares what was answered to one case.

    Args:
        case: the case.
        answers: an entry for each integration of the target.
        target: the API.
        generated: whether the case is made up, so that only what the target adds to it is secret.
    """
    return without_credentials(_compared(case, answers, target), generated=generated)


def without_credentials(result: CaseResult, *, generated: bool = False) -> CaseResult:
    """A result in which no header that proves who calls has its value, nor what echoes it. The comparison is done.

    Args:
        result: the result.
        generated: whether the headers of its case are made up, and stay.
    """
    made_up = set(result.case.headers) if generated else set()
    sent = [field for answer in result.answers.values() for field in answer.sent_headers if field not in made_up]
    secrets = secrets_in(sent if generated else [*sent, *result.case.headers])
    if not secrets:
        return result
    redactor = Redactor(secrets, {name.lower() for name, _ in sent} & SECRET_HEADERS if generated else SECRET_HEADERS)
    names = ("case", "sent", "answers", "received", "differences", "exchanges", "requests")
    return replace(result, **{name: redactor.value(getattr(result, name)) for name in names})


def _compared(case: Case, answers: Mapping[Side, Answer], target: "Target") -> CaseResult:
    if target.pair is not None:
        from parity.compare.pair.comparing import compare_pair_answers

        return compare_pair_answers(case, answers, target.pair, target.template_files)
    ordered = {side: answers[side] for side in target.urls}
    exchanges = {}
    for side, answer in ordered.items():
        request_id = answer.header("x-amzn-RequestId")
        exchange = target.exchange_of(request_id) if target.exchange_of and request_id else None
        if exchange is not None:
            exchanges[side] = exchange
    sent = sent_by_client(case, next(iter(ordered.values())).sent_headers)
    expected = expected_status(case)
    received = {}
    for side, answer in ordered.items():
        echo = READERS[side](answer.text) if answer.status == expected == 200 else None
        if echo is not None:
            received[side] = echo
    found = [*_status_differences(expected, ordered), *_answer_differences(case, ordered, received)]
    found += [_difference(name, value, values) for name, value, values in compare_fields(sent, received)]
    circumstances = {
        side: Circumstances(case=case, sent=sent, received=received.get(side), answer=answer, settings=target.settings)
        for side, answer in ordered.items()
    }
    return CaseResult(
        case=case,
        sent=sent,
        answers=ordered,
        received=received,
        differences=tuple(_with_reasons(difference, circumstances) for difference in found),
        exchanges=exchanges,
        expected_status=expected,
        template_files=target.template_files,
        options=target.options,
    )


def expected_status(case: Case) -> int:
    """The status that both integrations should answer with: 200, but for the path `/status/{code}`."""
    match = STATUS_PATH.fullmatch(case.path)
    return int(match[1]) if match else 200


def _status_differences(expected: int, answers: Mapping[Side, Answer]) -> list[Difference]:
    statuses = {side: answer.status for side, answer in answers.items()}
    if all(status == expected for status in statuses.values()):
        return []
    return [_difference(Field("status"), expected, statuses)]


def _answer_differences(
    case: Case, answers: Mapping[Side, Answer], received: Mapping[Side, Received]
) -> list[Difference]:
    """Error answers that the two integrations put in different words, and answers of 200 that are no echo."""
    if case.method == "HEAD":
        return []
    expected = expected_status(case)
    on_time = {side: answer for side, answer in answers.items() if answer.status == expected}
    if expected == 200:
        unread = {side: _json_or_text(answer.text) for side, answer in on_time.items() if side not in received}
        return [_difference(Field("answer"), "an echo of the request", unread)] if unread else []
    values = {side: _json_or_text(answer.text) for side, answer in on_time.items()}
    if len(values) < 2 or same(*values.values()):
        return []
    return [_difference(Field("answer"), next(iter(values.values())), values)]


def _difference(name: Field, sent: Any, received: Mapping[Side, Any]) -> Difference:
    deviations = tuple(
        Deviation(side=side, field=name, sent=sent, received=value)
        for side, value in received.items()
        if not same(sent, value)
    )
    return Difference(field=name, sent=sent, received=dict(received), deviations=deviations)


def _with_reasons(difference: Difference, circumstances: Mapping[Side, Circumstances]) -> Difference:
    explained = tuple(
        replace(deviation, reason=reason_for(deviation, circumstances[deviation.side]))
        for deviation in difference.deviations
    )
    return replace(difference, deviations=explained)


def _json_or_text(text: str) -> Any:
    try:
        return parse_json(text)
    except ValueError:
        return text


def common_reasons(results: Iterable[CaseResult]) -> list[str]:
    """The reasons of all differences that are not a case's own, the first of each field and kind."""
    common: dict[str, str] = {}
    for result in results:
        own = result.own_differences
        for difference in result.differences:
            if difference not in own:
                for reason in difference.reasons:
                    common.setdefault(f"{difference.field} {reason.partition(':')[0]}".lower(), reason)
    return list(common.values())
