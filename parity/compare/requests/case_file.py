"""Reads a case file: a YAML list of requests. What is wrong in it is reported with file, line and key, all at once.

Each entry has a `name` and a `path`, and may have `why`, `method`, `query`, `headers`, and either `body` (text, sent
as it is written, or `!!binary`) or `json` (a value, sent as JSON). `query` is the raw query string, sent as it is
written, or a list of `name: value` pairs that are encoded for you; `headers` is a mapping, or a list of `name: value`
for repeated names.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from parity.compare.case import URL_CHARACTERS, Case, Headers, json_body
from parity.errors import UserError

DEFAULT_CASES = Path(__file__).parents[1] / "cases.yaml"
KEYS = ("name", "why", "method", "path", "query", "headers", "body", "json")
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""An HTTP method or header name (RFC 9110, section 5.6.2)."""
RAW_QUERY = re.compile(r"[!-~]*")
HEADER_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class CaseFileError(UserError):
    """A case file that cannot be used; its text lists every problem with file, line and key."""


def load_cases(path: Path = DEFAULT_CASES, *, only: Sequence[str] = ()) -> tuple[Case, ...]:
    """Reads the cases of a file.

    Args:
        path: the case file.
        only: names, or parts of names, of the cases to keep; all when empty.

    Raises:
        CaseFileError: the file is missing, not YAML, has a wrong entry, or no case fits `only`.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CaseFileError(f"{path}: the case file cannot be read ({error.strerror})") from error
    return named_like(parse_cases(text, path), only, path)


def named_like(cases: tuple[Case, ...], only: Sequence[str], path: Path | str) -> tuple[Case, ...]:
    """The cases whose name contains one of some texts; all when there is none.

    Raises:
        CaseFileError: no case fits; `path` names their file.
    """
    if not only:
        return cases
    kept = tuple(case for case in cases if any(part in case.name for part in only))
    if not kept:
        names = ", ".join(case.name for case in cases)
        raise CaseFileError(f"{path}: no case is named like {' or '.join(only)}; there are: {names}")
    return kept


def parse_cases(text: str, path: Path, *, for_pair: bool = False) -> tuple[Case, ...]:
    """The cases of a file's text; `path` names it in messages. `for_pair` takes cases without a path.

    Raises:
        CaseFileError: the text is not YAML or has a wrong entry.
    """
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        if not isinstance(root, yaml.SequenceNode) or not root.value:
            line = root.start_mark.line + 1 if root is not None else 1
            raise CaseFileError(f"{path}:{line}: a case file is a list of cases; begin each with '- name: …'")
        readers = [_Entry(loader, node, path, for_pair) for node in root.value]
        cases = [reader.case() for reader in readers]
    except yaml.YAMLError as error:
        raise CaseFileError(f"{path}: not YAML: {error}") from error
    finally:
        loader.dispose()
    problems = [problem for reader in readers for problem in reader.problems]
    problems += _repeated_names(cases)
    if problems:
        raise CaseFileError("\n".join(problems))
    return tuple(cases)


def _repeated_names(cases: Sequence[Case]) -> Iterator[str]:
    first: dict[str, Case] = {}
    for case in cases:
        if case.name in first and case.name:
            yield (
                f"{case.declared_at}: name: '{case.name}' is also the name of the case at "
                f"{first[case.name].declared_at}; names are unique within a file"
            )
        first.setdefault(case.name, case)


class _Entry:
    """One entry of a case file while it is read; collects what is wrong with it."""

    def __init__(self, loader: Any, node: yaml.Node, path: Path, for_pair: bool) -> None:
        self.path = path
        self.line = node.start_mark.line + 1
        self.problems: list[str] = []
        self.values: dict[str, Any] = {}
        self.lines: dict[str, int] = {}
        if not isinstance(node, yaml.MappingNode):
            self._problem("", "a case is a mapping that begins with 'name:'")
            return
        for key_node, value_node in node.value:
            key = str(loader.construct_object(key_node, deep=True))
            self.lines[key] = key_node.start_mark.line + 1
            if key not in KEYS:
                self._problem(key, f"no such key; a case has {', '.join(KEYS)}")
            elif key in self.values:
                self._problem(key, "stands twice; only one can be sent")
            self.values[key] = loader.construct_object(value_node, deep=True)
        for key in ("name",) if for_pair else ("name", "path"):
            if key not in self.values:
                self._problem(key, "is missing")

    def case(self) -> Case:
        return Case(
            name=self._text("name"),
            why=self._text("why"),
            method=self._method(),
            path=self._path(),
            query_string=self._query(),
            headers=self._headers(),
            body=self._body(),
            declared_at=f"{self.path}:{self.line}",
            method_given="method" in self.values,
        )

    def _problem(self, key: str, message: str) -> None:
        where = f"{self.path}:{self.lines.get(key, self.line)}"
        self.problems.append(f"{where}: {key}: {message}" if key else f"{where}: {message}")

    def _text(self, key: str, default: str = "") -> str:
        value = self.values.get(key, default)
        if isinstance(value, str):
            return value
        self._problem(key, f"is text, not {value!r}; put it in quotes")
        return default

    def _method(self) -> str:
        method = self._text("method", "GET")
        if not TOKEN.fullmatch(method):
            self._problem("method", f"{method!r} is not an HTTP method")
        return method

    def _path(self) -> str:
        if "path" not in self.values:
            return ""  # the route itself, where two routes are compared
        path = self._text("path", "/")
        if not path.startswith("/"):
            self._problem("path", f"{path!r} does not begin with '/'; it stands below /lambda and /http")
        if "?" in path or "#" in path:
            self._problem("path", "holds '?' or '#'; put the query string under 'query', or write %3F or %23")
        return quote(path, safe=URL_CHARACTERS)

    def _query(self) -> str:
        value = self.values.get("query", "")
        if isinstance(value, str):
            if not RAW_QUERY.fullmatch(value):
                self._problem("query", f"{value!r} holds characters that must be encoded; encode them, or write a list")
            return value
        pairs = self._pairs("query", value)
        return "&".join(f"{quote(name, safe='')}={quote(text, safe='')}" for name, text in pairs)

    def _headers(self) -> Headers:
        pairs = self._pairs("headers", self.values.get("headers", {}))
        for name, value in pairs:
            if not TOKEN.fullmatch(name):
                self._problem("headers", f"{name!r} is not a header name")
            if not HEADER_VALUE.fullmatch(value):
                self._problem("headers", f"the value of {name} holds a control character")
        return pairs

    def _pairs(self, key: str, value: object) -> Headers:
        entries = value if isinstance(value, list) else [value]
        pairs: list[tuple[str, str]] = []
        for entry in entries:
            if not isinstance(entry, dict):
                self._problem(key, f"is a mapping, or a list of 'name: value'; {entry!r} is neither")
                continue
            for name, text in entry.items():
                if isinstance(name, str) and isinstance(text, str):
                    pairs.append((name, text))
                else:
                    self._problem(key, f"names and values are text, not {name!r}: {text!r}; put them in quotes")
        return tuple(pairs)

    def _body(self) -> bytes | None:
        if "json" in self.values:
            if "body" in self.values:
                self._problem("json", "stands beside 'body'; a request has one body")
            return json_body(self.values["json"])
        if isinstance(self.values.get("body"), bytes):
            return bytes(self.values["body"])
        return self._text("body").encode() if "body" in self.values else None
