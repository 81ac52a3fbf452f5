"""Recordings: what is kept, what is normalised, and what counts as drift."""

import json
from pathlib import Path

import pytest

from parity.compare.normalization import stable_headers, stable_value
from parity.compare.recording import drift_since, drift_text, read_recording, recording_text
from parity.compare.requests.case_file import load_cases
from parity.errors import UserError
from tests.compare.conftest import CompareFake
from tests.compare.fake_api import FakeApi

CASES = load_cases()


def test_a_second_run_has_not_drifted(compare_fake: CompareFake, tmp_path: Path) -> None:
    file = tmp_path / "aws.json"
    file.write_text(recording_text(compare_fake(*CASES)))

    assert drift_since(read_recording(file), compare_fake(*CASES)) == ()


def test_what_is_answered_otherwise_is_drift(compare_fake: CompareFake, api: FakeApi, tmp_path: Path) -> None:
    file = tmp_path / "aws.json"
    file.write_text(recording_text(compare_fake(CASES[0])))
    api.change_event = lambda event: event["params"]["querystring"].update(query1="other")

    drifts = drift_since(read_recording(file), compare_fake(CASES[0]))

    assert drift_text(drifts).splitlines() == [
        "article: Lambda received query query1",
        '  recorded ["querystring1"]',
        '  now      ["other"]',
    ]


def test_a_case_that_was_not_recorded_is_drift(compare_fake: CompareFake, tmp_path: Path) -> None:
    file = tmp_path / "aws.json"
    file.write_text(recording_text(compare_fake(CASES[0])))

    drifts = drift_since(read_recording(file), compare_fake(*CASES[:2]))

    assert [(drift.case_name, drift.recorded) for drift in drifts] == [(CASES[1].name, "not recorded")]


def test_another_configuration_is_told_with_the_drift_that_it_explains(
    compare_fake: CompareFake, api: FakeApi, tmp_path: Path
) -> None:
    file = tmp_path / "aws.json"
    file.write_text(recording_text(compare_fake(CASES[0])))
    api.headers = ("header1",)

    drifts = drift_since(read_recording(file), compare_fake(CASES[0], headers="header1"))

    assert [drift.case_name for drift in drifts] == ["configuration", "article"]


def test_a_recorded_case_that_is_left_out_is_none(compare_fake: CompareFake, tmp_path: Path) -> None:
    file = tmp_path / "aws.json"
    file.write_text(recording_text(compare_fake(*CASES[:2])))

    assert drift_since(read_recording(file), compare_fake(CASES[0])) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not a recording"),
        ("[]", "not a recording; make one with --record"),
        ('{"version": 99, "cases": {}}', "version 99 of recordings is unknown"),
    ],
)
def test_a_file_that_is_no_recording_is_told(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "aws.json"
    file.write_text(text)

    with pytest.raises(UserError, match=message):
        read_recording(file)


def test_a_missing_recording_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="make one with --record"):
        read_recording(tmp_path / "none.json")


def test_a_recording_names_no_address_and_no_id(compare_fake: CompareFake, api: FakeApi) -> None:
    text = recording_text(compare_fake(CASES[0]))

    recorded = json.loads(text)["cases"]["article"]
    assert recorded["HTTP"]["received"]["headers"]["user-agent"] == ["AmazonAPIGateway_<api id>"]
    assert recorded["Lambda"]["received"]["headers"]["host"] == ["<host>"]
    assert api.url.removeprefix("http://").removesuffix("/dev") not in json.dumps(recorded)


def test_volatile_headers_lose_their_value_or_themselves() -> None:
    headers = {
        "X-Amzn-RequestId": ["2f0d6e32-8a0c-4c0b-9c1a-0e6a5f1c2d3e"],
        "Date": ["Sun, 22 Nov 2026 16:00:00 GMT"],
        "X-Kept": ["from 10.0.0.7 at 2026-11-22T16:00:00Z"],
    }

    assert stable_headers(headers) == {"x-amzn-requestid": ["<request id>"], "x-kept": ["from <address> at <date>"]}


def test_volatile_texts_are_replaced_wherever_they_stand() -> None:
    value = {"id": "2f0d6e32-8a0c-4c0b-9c1a-0e6a5f1c2d3e", "of": ["Root=1-67891233-abcdef012345678912345678", 7, None]}

    assert stable_value(value) == {"id": "<uuid>", "of": ["<trace id>", 7, None]}


def test_a_version_number_is_no_address() -> None:
    assert stable_value("python 3.11.7, api 1.2.3") == "python 3.11.7, api 1.2.3"
