"""A comparison as JSON for other programs. The shape is documented by `comparison_to_json`."""

from collections.abc import Sequence
from typing import Any

from parity.compare.comparison import CaseResult, Comparison
from parity.compare.difference import NO_EXPECTATION, Difference
from parity.compare.output.latency import latency_of
from parity.compare.received import ABSENT, Received
from parity.compare.recording import Drift
from parity.compare.settings import INTEGRATIONS, Side


def comparison_to_json(comparison: Comparison, drifts: Sequence[Drift] = ()) -> dict[str, Any]:
    """The comparison as plain values.

    Returns:
        `passed`; `api` (description); `urls` by `lambda`, `http`, or the names of two routes; `config`; `started` (ISO
        8601); `duration_ms`; `counts` (`requests`, `different`, `changed`, `alike`, `failing`); `latency_ms` by side;
        `refusals` by side, where API Gateway refused every request; `drift`; and `cases`: each with `name`, `kind`
        (fails, differs, changed, alike), `passed`, `different`, `volatile` (what changes by itself), `request`,
        `answers` and `received` by side, and `differences`. A difference has `field`, `name`, `sent`, and by side what
        was received and why (`reason` null: no known reason).
        What was not there has no key in `received`.
    """
    return {
        "passed": comparison.passed and not drifts,
        "api": comparison.description,
        "urls": {_key(side): url for side, url in comparison.urls.items()},
        "config": comparison.settings.to_config(),
        "started": comparison.started.isoformat(timespec="milliseconds"),
        "duration_ms": round(comparison.duration_ms, 3),
        "counts": {
            "requests": len(comparison.results),
            "different": sum(result.differs for result in comparison.results),
            "changed": sum(result.kind == "changed" for result in comparison.results),
            "alike": sum(result.kind == "alike" for result in comparison.results),
            "failing": sum(not result.passed for result in comparison.results),
        },
        "latency_ms": {_key(side): latency_of(comparison, side).to_json() for side in comparison.sides},
        "refusals": {_key(side): text for side, text in comparison.refusals.items()},
        "drift": [
            {
                "case": drift.case_name,
                "place": drift.place,
                "recorded": _plain(drift.recorded),
                "now": _plain(drift.now),
            }
            for drift in drifts
        ],
        "cases": [_case(result) for result in comparison.results],
    }


def _case(result: CaseResult) -> dict[str, Any]:
    case = result.case
    return {
        "name": case.name,
        "why": case.why,
        "kind": result.kind,
        "passed": result.passed,
        "different": result.differs,
        "volatile": list(result.volatile),
        "request": {
            "method": case.method,
            "path": case.path,
            "query_string": case.query_string,
            "headers": [list(pair) for pair in case.headers],
            "body": case.body_text if case.body is not None else None,
        },
        "answers": {
            _key(side): {
                "status": answer.status,
                "headers": [list(pair) for pair in answer.headers],
                "body": answer.text,
                "latency_ms": round(answer.latency_ms, 3),
                "error": answer.error or None,
            }
            for side, answer in result.answers.items()
        },
        "received": {_key(side): _received(received) for side, received in result.received.items()},
        "differences": [_difference(difference) for difference in result.differences],
    }


def _received(received: Received) -> dict[str, Any]:
    told: dict[str, Any] = {
        "method": received.method,
        "path": received.path,
        "query": {name: list(values) for name, values in received.query.items()},
        "headers": {name: list(values) for name, values in received.headers.items()},
    }
    return told if received.body is ABSENT else told | {"body": received.body}


def _difference(difference: Difference) -> dict[str, Any]:
    reasons = difference.reason_by_side
    return {
        "field": difference.field.kind,
        "name": difference.field.name,
        "explained": difference.explained,
        "sent": _plain(difference.sent),
        "received": {_key(side): _plain(value) for side, value in difference.received.items()},
        "reasons": {_key(side): reason for side, reason in reasons.items()},
    }


def _plain(value: Any) -> Any:
    if value is ABSENT or value is NO_EXPECTATION:
        return None
    return list(value) if isinstance(value, tuple) else value


def _key(side: Side) -> str:
    return side.value.lower() if side in INTEGRATIONS else side.value
