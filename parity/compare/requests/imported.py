"""Requests that were sent before: in a HAR, an access log, or a recording of Parity's.

Credentials are left out: a comparison sends its own (`--header`, or those of the stack).
http://www.softwareishard.com/blog/har-12-spec/
https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
https://httpd.apache.org/docs/2.4/logs.html#common
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from parity.compare.case import URL_CHARACTERS, Case, Headers
from parity.compare.requests.case_file import HEADER_VALUE, TOKEN, CaseFileError

CREDENTIALS = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key", "x-amz-security-token"})
OF_THE_CONNECTION = frozenset(
    {"host", "connection", "content-length", "accept-encoding", "transfer-encoding", "te", "keep-alive", "upgrade"}
    | {"proxy-connection", "x-amz-date", "x-amz-content-sha256", "x-forwarded-for", "x-forwarded-proto"}
    | {"x-forwarded-port", "x-amzn-trace-id", "via"}
)
COMMON_LOG = re.compile(r'"([A-Z]+) (\S+)(?: HTTP/[\d.]+)?"')
"""The request within a line of the Common, Combined or AWS's CLF format."""
METHOD_KEYS = ("httpMethod", "method", "requestMethod", "verb")
PATH_KEYS = ("path", "requestPath", "uri", "url", "resourcePath")
QUERY_KEYS = ("queryString", "query", "querystring")


def har_cases(document: dict[str, Any], path: Path) -> tuple[Case, ...]:
    """The requests of a HAR, each once.

    Raises:
        CaseFileError: there is none.
    """
    return _distinct(_har(document["log"]["entries"]), path)


def _har(entries: Any) -> Iterator[Case]:
    for entry in entries if isinstance(entries, list) else ():
        request = entry.get("request") if isinstance(entry, dict) else None
        if not isinstance(request, dict) or not isinstance(request.get("url"), str):
            continue
        headers = [(str(each.get("name")), str(each.get("value"))) for each in request.get("headers") or ()]
        text = (request.get("postData") or {}).get("text")
        body = text.encode() if isinstance(text, str) else None
        yield _case(str(request.get("method", "GET")), request["url"], headers, body)


def access_log_cases(text: str, path: Path) -> tuple[Case, ...]:
    """The requests of an access log, each once: a line is JSON with a method and a path, or holds `"GET /a HTTP/1.1"`.

    A log has neither headers nor bodies, so that only requests that need none are worth sending.

    Raises:
        CaseFileError: no line holds a request.
    """
    return _distinct((case for line in text.splitlines() for case in _logged(line)), path)


def _logged(line: str) -> Iterator[Case]:
    start = line.find("{")
    if start >= 0:
        try:
            values = json.loads(line[start:])
        except ValueError:
            values = None
        if isinstance(values, dict):
            method, target = _first(values, METHOD_KEYS), _first(values, PATH_KEYS)
            query = _first(values, QUERY_KEYS)
            if method and target:
                yield _case(method, f"{target}?{query}" if query and "?" not in target else target, [], None)
            return
    found = COMMON_LOG.search(line)
    if found:
        yield _case(found[1], found[2], [], None)


def _first(values: dict[str, Any], keys: tuple[str, ...]) -> str:
    return next((str(values[key]) for key in keys if values.get(key) not in (None, "", "-")), "")


def recorded_cases(document: dict[str, Any], path: Path) -> tuple[Case, ...]:
    """The requests of a recording of `parity compare --record`.

    Raises:
        CaseFileError: there is none.
    """
    found = []
    for name, case in document["cases"].items():
        request = case["request"]
        target, _, query = request["target"].partition("?")
        body = request.get("body")
        headers = tuple((key, value) for key, value in request["headers"])
        found.append(
            Case(
                name=name,
                method=request["method"],
                path=target,
                query_string=query,
                headers=tuple(pair for pair in headers if pair[0].lower() not in CREDENTIALS),
                body=body.encode() if body is not None else None,
                declared_at=str(path),
            )
        )
    if not found:
        raise CaseFileError(f"{path}: the recording has no request")
    return tuple(found)


def _case(method: str, url: str, headers: list[tuple[str, str]], body: bytes | None) -> Case:
    parts = urlsplit(url)
    kept: Headers = tuple(
        (name, value)
        for name, value in headers
        if name.lower() not in CREDENTIALS | OF_THE_CONNECTION
        and TOKEN.fullmatch(name)
        and HEADER_VALUE.fullmatch(value)
    )
    path = quote(parts.path or "/", safe=URL_CHARACTERS)
    query = quote(parts.query, safe=URL_CHARACTERS + "?[]{}|")
    return Case(name="", method=method, path=path, query_string=query, headers=kept, body=body, has_stage=True)


def _distinct(cases: Iterator[Case], path: Path) -> tuple[Case, ...]:
    from dataclasses import replace

    each = dict.fromkeys(cases)
    if not each:
        raise CaseFileError(f"{path}: no request is in it")
    return tuple(
        replace(case, name=f"{number}-{case.method.lower()}-{_slug(case.path)}", declared_at=str(path))
        for number, case in enumerate(each, 1)
    )


def _slug(path: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-")[:40] or "root"
