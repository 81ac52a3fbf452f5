"""What a backend received, in one shape for both, read from the echo that it answered with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from parity.compare.case import Case, Headers


class _Absent:
    """The value of a field that was not there."""

    def __repr__(self) -> str:
        return "–"


ABSENT = _Absent()


class Number(float):
    """A JSON number that is not a plain integer; `text` keeps its digits as they were written.

    Two numbers are equal as doubles; the digits tell what a double lost.
    """

    text: str

    def __new__(cls, text: str) -> "Number":
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What a backend received.

    `path` is decoded, without its first slash; `parameters` are the path parameters of a route,
    decoded. `query` and `headers` map names to every value in order; header names
    are lower-case, `header_names` gives the case in which they came. `body` is the JSON value, or ABSENT where there
    was no body; a body that is not JSON is its text. `body_text` is the body as it came, where the backend tells it.
    """

    method: str
    path: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    header_names: Mapping[str, str] = field(default_factory=dict)
    body: Any = ABSENT
    body_text: str | None = None


def parse_json(text: str) -> Any:
    """JSON with the digits of its numbers kept.

    Raises:
        ValueError: the text is not JSON, or is nested too deeply for Python's parser.
    """
    try:
        return json.loads(text, parse_float=Number)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def body_of(text: str) -> Any:
    """The value of a body: ABSENT when empty, its text when it is not JSON or cannot be parsed."""
    if not text:
        return ABSENT
    try:
        return parse_json(text)
    except ValueError:
        return text


def sent_by_client(case: Case, sent_headers: Headers) -> Received:
    """What a backend would have received, had nothing stood between it and the client."""
    headers: dict[str, list[str]] = {}
    for name, value in sent_headers:
        headers.setdefault(name.lower(), []).append(value)
    return Received(
        method=case.method,
        path=case.decoded_path,
        query=case.query,
        headers={name: tuple(values) for name, values in headers.items()},
        header_names={name.lower(): name for name, _ in sent_headers},
        body=body_of(case.body_text),
        body_text=case.body_text,
    )


def received_by_lambda(answer: str) -> Received | None:
    """Reads the answer of the article's function, `{"statusCode": 200, "body": "<the event as JSON>"}`.

    Returns:
        What the event told, or None when the answer is no such echo (an error, another program's answer).
    """
    try:
        event = parse_json(parse_json(answer)["body"])
        params = event["params"]
        path, query, headers = (_texts(params.get(place, {})) for place in ("path", "querystring", "header"))
        return Received(
            method=str(event["method"]),
            path=path.get("proxy", ""),
            query={name: (value,) for name, value in query.items()},
            headers={name.lower(): (value,) for name, value in headers.items()},
            header_names={name.lower(): name for name in headers},
            body=event.get("body-json", ABSENT),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def received_by_http(answer: str) -> Received | None:
    """Reads the answer of the echo service: `{"method", "path", "query", "headers", "body", "json"}`.

    Returns:
        What the service received, or None when the answer is no such echo.
    """
    try:
        echo = parse_json(answer)
        body_text = str(echo["body"] or "")
        return Received(
            method=str(echo["method"]),
            path=str(echo["path"]).removeprefix("/"),
            query={name: tuple(map(str, values)) for name, values in echo["query"].items()},
            headers={name.lower(): _several(values) for name, values in echo["headers"].items()},
            header_names={name.lower(): name for name in echo["headers"]},
            body=body_of(body_text),
            body_text=body_text,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _texts(mapping: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in mapping.items()}


def _several(values: object) -> tuple[str, ...]:
    return tuple(map(str, values)) if isinstance(values, list) else (str(values),)
