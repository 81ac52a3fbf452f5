"""Reads requests from a file, whatever of these it is: a case file, a recording, a HAR, an access log, OpenAPI."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from parity.compare.case import Case
from parity.compare.requests.case_file import CaseFileError, named_like, parse_cases
from parity.compare.requests.imported import access_log_cases, har_cases, recorded_cases

KINDS = "a case file (YAML), a recording, a HAR, an OpenAPI document or an access log"


def load_requests(path: Path, *, only: Sequence[str] = (), for_pair: bool = False) -> tuple[Case, ...]:
    """The requests of a file.

    Args:
        path: the file.
        only: names, or parts of names, of those to keep; all when empty.
        for_pair: whether they are for two routes, so that a case need not name its path.

    Raises:
        CaseFileError: the file cannot be read, or is nothing that is known; or no name fits `only`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise CaseFileError(f"{path}: the case file cannot be read ({reason})") from error
    return named_like(_read(text, path, for_pair), only, path)


def _read(text: str, path: Path, for_pair: bool) -> tuple[Case, ...]:
    document = _json(text) if path.suffix not in (".yaml", ".yml") else None
    if isinstance(document, dict):
        if isinstance(document.get("log"), dict) and "entries" in document["log"]:
            return har_cases(document, path)
        if isinstance(document.get("cases"), dict) and "version" in document:
            return recorded_cases(document, path)
    if _is_openapi(document) or (path.suffix in (".yaml", ".yml") and _is_openapi_yaml(text)):
        from parity.compare.requests.openapi import openapi_cases

        return openapi_cases(path)
    if path.suffix in (".log", ".txt", ".jsonl", ".ndjson"):
        return access_log_cases(text, path)
    if document is not None and not isinstance(document, list):
        raise CaseFileError(f"{path}: not {KINDS}")
    return parse_cases(text, path, for_pair=for_pair)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _is_openapi(document: Any) -> bool:
    return isinstance(document, dict) and bool({"openapi", "swagger"} & document.keys())


def _is_openapi_yaml(text: str) -> bool:
    """Whether a YAML text has one of OpenAPI's keys at its top; the text is not parsed for that."""
    return any(line.startswith(("openapi:", "swagger:")) for line in text.splitlines())
