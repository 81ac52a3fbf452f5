"""Compares what two routes made of a request: what each backend was sent, and what each answered.

The left route is what the right one is compared with. A difference in what was answered has no reason but a rule that
says to ignore it; one in what was sent may have one, as with this project's own two integrations.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from parity.compare.case import Case
from parity.compare.client import Answer
from parity.compare.comparison import CaseResult
from parity.compare.diagnosis.broken_template import broken_template
from parity.compare.diagnosis.template_files import TemplateFiles
from parity.compare.difference import NO_EXPECTATION, Deviation, Difference, Field, same, value_differences
from parity.compare.normalization import stable_headers
from parity.compare.pair.pair import Endpoint, Pair
from parity.compare.pair.sent import sent_by_client, sent_to_backend
from parity.compare.reasons import Circumstances, reason_for
from parity.compare.received import ABSENT, Received, body_of
from parity.compare.settings import ALL, Settings, Side
from parity.gateway.lifecycle.mapping_expression import request_parameter

Values = dict[Field, Any]
ADDED_TO_ANSWERS = frozenset({"x-amzn-trace-id"})
"""Headers that API Gateway adds to the answers of some types of integration, whatever the backend answers."""


def compare_pair_answers(
    case: Case, answers: Mapping[Side, Answer], pair: Pair, files: TemplateFiles | None = None
) -> CaseResult:
    """Compares what was answered to one case.

    Args:
        case: the case, as it is sent to the left route.
        answers: an answer of each route.
        pair: the two routes.
        files: the project's files, to name the template's that broke.
    """
    case = pair.case_for(case) or case
    endpoints = pair.endpoints
    exchanges = {}
    for side, endpoint in endpoints.items():
        request_id = answers[side].header("x-amzn-RequestId")
        exchange = endpoint.exchange_of(request_id) if endpoint.exchange_of and request_id else None
        if exchange is not None:
            exchanges[side] = exchange
    sent = sent_by_client(case, pair.left)
    received = {}
    for side, exchange in exchanges.items():
        found = sent_to_backend(exchange, sent, endpoints[side])
        if found is not None:
            received[side] = found
    volatile = _volatile(answers, pair)
    faults = {side: broken_template(exchange) for side, exchange in exchanges.items()}
    broken = {side: fault.language for side, fault in faults.items() if fault is not None and fault.stage == "request"}
    refused = {side for side in broken if (end := exchanges[side].endpoint_response) is None or end.status >= 400}
    differences = [
        *_answer_differences(answers, pair, volatile, refused),
        *(_explained(each, case, sent, received, answers, pair, broken) for each in _sent_differences(sent, received)),
    ]
    return CaseResult(
        case=case,
        sent=sent,
        answers={side: answers[side] for side in endpoints},
        received=received,
        differences=tuple(each for each in differences if not pair.ignore.covers(each.field)),
        exchanges=exchanges,
        expected_status=None,
        requests={side: endpoint.request(case) for side, endpoint in endpoints.items()},
        volatile=tuple(sorted(str(field) for field in volatile)),
        is_pair=True,
        template_files=files,
    )


def _values_of(answer: Answer) -> Values:
    """What of an answer is compared: its status, its headers without those of the connection, its body."""
    if answer.error:
        return {Field("status"): answer.error}
    headers: dict[str, list[str]] = {}
    for name, value in answer.headers:
        headers.setdefault(name, []).append(value)
    spelled = {name.lower(): name for name, _ in answer.headers}
    values: Values = {Field("status"): answer.status}
    for name, several in stable_headers(headers).items():
        if name not in ADDED_TO_ANSWERS:
            values[Field("answer header", spelled[name])] = tuple(several)
    return values | {Field("answer"): body_of(answer.text)}


def _compared(left: Answer, right: Answer) -> Iterator[tuple[Field, Any, Any]]:
    """What is not the same in two answers: the field, and both values."""
    one, other = _values_of(left), _values_of(right)
    names = {_key(field): field for field in [*other, *one]}
    ours, theirs = ({_key(field): value for field, value in values.items()} for values in (one, other))
    for key, field in names.items():
        before, after = ours.get(key, ABSENT), theirs.get(key, ABSENT)
        if field.kind == "answer":
            for place, value, values in value_differences("", before, {Side.HTTP: after}):
                yield Field("answer", place), value, values[Side.HTTP]
        elif not same(before, after):
            yield field, before, after


def _key(field: Field) -> tuple[str, str]:
    return field.kind, field.name.lower()


def _volatile(answers: Mapping[Side, Answer], pair: Pair) -> frozenset[Field]:
    """What changes at both routes from one request to the next by itself: of that nothing is said."""
    changing = []
    for side in pair.endpoints:
        again = answers[side].again
        changing.append({field for field, _, _ in _compared(answers[side], again)} if again is not None else set())
    return frozenset(field for field in changing[0] & changing[1] if field.kind != "status")


def _answer_differences(
    answers: Mapping[Side, Answer], pair: Pair, volatile: frozenset[Field], refused: Collection[Side]
) -> Iterator[Difference]:
    left, right = pair.left.side, pair.right.side
    if answers[left].status == answers[right].status:
        yield from _not_answered(answers, pair, refused)
    for field, before, after in _compared(answers[left], answers[right]):
        if field not in volatile:
            deviation = Deviation(side=right, field=field, sent=before, received=after)
            received = {left: before, right: after}
            yield Difference(field=field, sent=NO_EXPECTATION, received=received, deviations=(deviation,))


def _not_answered(answers: Mapping[Side, Answer], pair: Pair, refused: Collection[Side]) -> Iterator[Difference]:
    """That no backend answered at either route: the gateway's own error, twice, does not make two backends alike, nor
    does that both refused what a broken template rendered (`refused`).
    """
    statuses = {side: answers[side].status for side in pair.endpoints}
    failed = [side for side in statuses if _is_of_gateway(answers[side])]
    if len(refused) == len(statuses):
        failed = list(statuses)
    if failed:
        field = Field("status")
        deviations = tuple(
            Deviation(side=side, field=field, sent=NO_EXPECTATION, received=statuses[side]) for side in failed
        )
        yield Difference(field=field, sent=NO_EXPECTATION, received=statuses, deviations=deviations)


def _is_of_gateway(answer: Answer) -> bool:
    """Whether API Gateway answered by itself because the route is not there, or because it failed on it."""
    error = answer.header("x-amzn-ErrorType")
    return error is not None and (answer.status >= 500 or error == "MissingAuthenticationTokenException")


def _sent_differences(sent: Received, received: Mapping[Side, Received]) -> Iterator[Difference]:
    """Each value of the request that a backend was not sent as the client sent it."""
    fields: list[tuple[Field, Any, dict[Side, Any]]] = []
    for name, value in sent.parameters.items():
        fields.append((Field("path", name), value, {s: of.parameters.get(name, ABSENT) for s, of in received.items()}))
    for name, several in sent.query.items():
        fields.append((Field("query", name), several, {s: of.query.get(name, ABSENT) for s, of in received.items()}))
    for name, several in sent.headers.items():
        field = Field("header", sent.header_names[name])
        fields.append((field, several, {side: of.headers.get(name, ABSENT) for side, of in received.items()}))
    bodies = {side: of.body for side, of in received.items()}
    fields += [(Field("body", place), value, values) for place, value, values in _bodies(sent.body, bodies)]
    for field, value, values in fields:
        deviations = tuple(
            Deviation(side=side, field=field, sent=value, received=each)
            for side, each in values.items()
            if not same(value, each)
        )
        if deviations:
            yield Difference(field=field, sent=value, received=values, deviations=deviations)


def _bodies(sent: Any, bodies: dict[Side, Any]) -> Iterator[tuple[str, Any, dict[Side, Any]]]:
    if bodies and sent is not ABSENT:
        yield from value_differences("", sent, bodies)


def _explained(
    difference: Difference,
    case: Case,
    sent: Received,
    received: Mapping[Side, Received],
    answers: Mapping[Side, Answer],
    pair: Pair,
    broken: Mapping[Side, str],
) -> Difference:
    deviations = []
    for deviation in difference.deviations:
        endpoint = pair.endpoints[deviation.side]
        circumstances = Circumstances(
            case=case,
            sent=sent,
            received=received.get(deviation.side),
            answer=answers[deviation.side],
            settings=settings_of(endpoint),
        )
        deviations.append(
            replace(deviation, reason=_reason(deviation, endpoint, circumstances, broken.get(deviation.side)))
        )
    return replace(difference, deviations=tuple(deviations))


def _reason(
    deviation: Deviation, endpoint: Endpoint, circumstances: Circumstances, not_given: str | None
) -> str | None:
    """API Gateway's rule that predicts the value, or that a template does not print it or does not give `not_given`."""
    integration = endpoint.integration
    if integration is None:
        return None
    kind = Side.HTTP if integration.type.startswith("HTTP") else Side.LAMBDA
    reason = reason_for(replace(deviation, side=kind), circumstances)
    lost = deviation.received is ABSENT or (kind is Side.LAMBDA and deviation.field.kind in ("query", "header"))
    if reason is not None or not lost:
        return reason
    if integration.request_templates and (kind is Side.LAMBDA or deviation.field.kind == "body"):
        fault = f"does not give {not_given}" if not_given else "does not print it"
        return f"not passed on: the request template of {endpoint.side} {fault}"
    if kind is Side.HTTP and deviation.field.kind == "path":
        return f"not mapped: no request parameter of {endpoint.side} maps the path parameter {deviation.field.name}"
    return None


def settings_of(endpoint: Endpoint) -> Settings:
    """Which names a route's integration maps, by its request parameters."""
    integration = endpoint.integration
    if integration is None or integration.type in ("HTTP_PROXY", "AWS_PROXY"):
        return Settings(query_strings=(ALL,), headers=(ALL,))
    names: dict[str, list[str]] = {"querystring": [], "header": []}
    for expression in integration.request_parameters.values():
        source = request_parameter(expression)
        place = source.place.removeprefix("multivalue") if source is not None else ""
        if source is not None and place in names:
            names[place].append(source.name)
    where = f"the request parameters of {endpoint.side}"
    return Settings(
        query_strings=tuple(names["querystring"]),
        headers=tuple(names["header"]),
        query_strings_place=where,
        headers_place=where,
    )
