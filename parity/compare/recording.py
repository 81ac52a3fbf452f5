"""Saves what an API answered, and finds what a later run answers otherwise: drift between AWS and the local gateway."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parity.compare.comparison import CaseResult, Comparison
from parity.compare.difference import same
from parity.compare.normalization import stable_headers, stable_text, stable_value
from parity.compare.received import ABSENT, body_of, parse_json
from parity.errors import UserError

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A case whose answer is not the recorded one. `place` names the value, such as `Lambda received query query1`."""

    case_name: str
    place: str
    recorded: Any
    now: Any


def recording_of(comparison: Comparison) -> dict[str, Any]:
    """A comparison as a recording: for each case the request, and for each integration what was received and answered.

    Every value is normalised by `parity.compare.normalization`.
    """
    return {
        "version": VERSION,
        "recorded": comparison.started.isoformat(timespec="seconds"),
        "api": comparison.description,
        "config": comparison.settings.to_config(),
        "cases": {result.case.name: _recorded_case(result) for result in comparison.results},
    }


def recording_text(comparison: Comparison) -> str:
    """A recording as JSON that reads well in a diff."""
    return json.dumps(recording_of(comparison), ensure_ascii=False, indent=1) + "\n"


def read_recording(path: Path) -> dict[str, Any]:
    """Reads a recording.

    Raises:
        UserError: the file is missing, or is no recording of this version.
    """
    try:
        recording = parse_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"{path}: the recording cannot be read ({error.strerror}); make one with --record") from error
    except ValueError as error:
        raise UserError(f"{path}: not a recording: {error}; make one with --record") from error
    if not isinstance(recording, dict) or not isinstance(recording.get("cases"), dict):
        raise UserError(f"{path}: not a recording; make one with --record")
    if recording.get("version") != VERSION:
        raise UserError(f"{path}: version {recording.get('version')} of recordings is unknown; record it anew")
    return recording


def recorded_config(recording: dict[str, Any]) -> dict[str, str]:
    """The configuration of the recorded API by key, as `--config` takes it, for the run that is compared with it."""
    config = recording.get("config") or {}
    return {key: json.dumps(value, ensure_ascii=False) for key, value in config.items()}


def drift_since(recording: dict[str, Any], comparison: Comparison) -> tuple[Drift, ...]:
    """What the comparison received or was answered otherwise than in the recording.

    Another configuration is reported with the drift that it may explain. A case that the recording lacks is a drift; a
    recorded case that was not sent now is not, so that `--only` works.
    An integration that one of the two did not have is not compared.
    """
    now = parse_json(json.dumps(recording_of(comparison), ensure_ascii=False))
    drifts = [
        drift for name, case in now["cases"].items() for drift in _case_drift(name, recording["cases"].get(name), case)
    ]
    if drifts and not same(recording.get("config"), now["config"]):
        told = Drift(case_name="configuration", place="parity:", recorded=recording.get("config"), now=now["config"])
        drifts.insert(0, told)
    return tuple(drifts)


def _recorded_case(result: CaseResult) -> dict[str, Any]:
    case = result.case
    request = {"method": case.method, "target": case.target, "headers": [list(pair) for pair in case.headers]}
    recorded: dict[str, Any] = {"request": request | {"body": case.body_text if case.body is not None else None}}
    for side, answer in result.answers.items():
        received = result.received.get(side)
        names: dict[str, list[str]] = {}
        for name, value in answer.headers:
            names.setdefault(name, []).append(value)
        told: dict[str, Any] = {"status": answer.status, "headers": stable_headers(names)}
        if received is None:
            told["body"] = stable_value(_jsonable(body_of(answer.text)))
        else:
            told["received"] = {
                "method": received.method,
                "path": stable_text(received.path),
                "query": {name: [stable_text(value) for value in values] for name, values in received.query.items()},
                "headers": stable_headers({name: list(values) for name, values in received.headers.items()}),
                "body": stable_value(_jsonable(received.body)),
            }
        recorded[side.value] = told
    return recorded


def _jsonable(value: Any) -> Any:
    return None if value is ABSENT else value


def _case_drift(name: str, recorded: dict[str, Any] | None, now: dict[str, Any]) -> Iterator[Drift]:
    if recorded is None:
        yield Drift(case_name=name, place="case", recorded="not recorded", now="sent")
        return
    if not same(recorded["request"], now["request"]):
        yield Drift(case_name=name, place="request", recorded=recorded["request"], now=now["request"])
        return
    for side in [key for key in now if key != "request"]:
        if side in recorded:
            for place, before, after in _drift_within(f"{side}", recorded[side], now[side]):
                yield Drift(case_name=name, place=place, recorded=before, now=after)


def _drift_within(place: str, recorded: Any, now: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(recorded, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*recorded, *now]):
            yield from _drift_within(f"{place} {key}", recorded.get(key, ABSENT), now.get(key, ABSENT))
    elif not same(recorded, now):
        yield place, recorded, now


def drift_text(drifts: Sequence[Drift]) -> str:
    """Drifts as lines for a terminal or a test's message."""
    from parity.compare.formatting import shown

    lines: list[str] = []
    for drift in drifts:
        lines += [f"{drift.case_name}: {drift.place}"]
        lines += [f"  recorded {shown(drift.recorded)}", f"  now      {shown(drift.now)}"]
    return "\n".join(lines)
