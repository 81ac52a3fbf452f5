"""Selection patterns that do what their author did not mean: they take successes, or overflow Java's stack.

https://docs.aws.amazon.com/apigateway/latest/developerguide/handle-errors-in-lambda-integration.html
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from parity.gateway.integrations.lambda_function import function_arn
from parity.gateway.lifecycle.selection_pattern import JavaPattern, JavaPatternError
from parity.gateway.model.definition import Integration
from parity.lint.finding import Finding
from parity.lint.registry import MethodSubject, method_rule

_ATOM: Final = re.compile(r"\\Q.*?(?:\\E|\Z)|\\[pPx]\{[^}]*\}|\\k<[^>]*>|\\c.|\\.|.", re.DOTALL)
_QUANTIFIER: Final = re.compile(r"(?P<many>[*+])|(?P<optional>\?)|\{(?P<least>\d+)(?P<comma>,)?(?P<most>\d*)\}")
_SAFE_REPETITIONS: Final = 200


@method_rule(
    pattern_takes_success=(
        "a selection pattern that matches the empty string: it takes every success of a Lambda function"
    ),
    pattern_overflow="a selection pattern that overflows the stack of Java's matcher, such as (.|\\n)*",
)
def selection_patterns(subject: MethodSubject) -> Iterator[Finding]:
    """Looks at the patterns of a method's integration."""
    yield from lint_selection_patterns(subject.integration)


def lint_selection_patterns(integration: Integration) -> Iterator[Finding]:
    """The findings of one integration. Only Lambda's patterns are at risk: HTTP's are matched against a status."""
    if integration.type != "AWS" or not (function_arn(integration.uri, {}) or ":lambda:path/" in integration.uri):
        return
    has_default = any(not response.selection_pattern for response in integration.responses)
    for response in integration.responses:
        pattern = response.selection_pattern
        if not pattern:
            continue
        declared_by = response.declared_by or integration.declared_by
        if _takes_success(pattern) and (has_default or not response.status_code.startswith(("2", "3"))):
            yield Finding(
                rule="pattern-takes-success",
                severity="error",
                declared_by=declared_by,
                message=(
                    f"the selection pattern {pattern!r} matches the empty string, which a Lambda function that returns "
                    f"normally has for its error: every success becomes a {response.status_code}"
                ),
                fix=f"let it need a character, such as {_needing_a_character(pattern)!r}",
            )
        if overflows_java(pattern):
            yield Finding(
                rule="pattern-overflow",
                severity="warning",
                declared_by=declared_by,
                message=(
                    f"the selection pattern {pattern!r} repeats a group by recursion: an error message of some "
                    "thousand characters overflows the stack of Java's matcher"
                ),
                fix=r"write [\s\S]* in place of (.|\n)*",
            )


def _takes_success(pattern: str) -> bool:
    try:
        return JavaPattern(pattern).fullmatch("")
    except JavaPatternError:
        return False


def _needing_a_character(pattern: str) -> str:
    """A pattern like this one that does not match the empty string."""
    return r"[\s\S]+" if re.search(r"\\n|\(\?s\)|\\s\\S", pattern) else ".+"


def overflows_java(source: str) -> bool:
    """Whether Java matches a pattern by recursion, once for each repetition of a group: `(?:.|\\n)*` and the like.

    Java (java.util.regex, observed with 17.0.15 and 25.0.3) does so for a repeated group of changing length or with
    alternatives. Its stack overflows on a text of 2,000 to 10,000 characters, by the pattern. It does not for
    `[\\s\\S]*`, `(?s).*`, possessive or fixed-length groups, nor where a group repeats a single repeated atom.

    Args:
        source: a pattern that Java takes.
    """
    return _Recursion(source).found


@dataclass(slots=True)
class _Group:
    """What a group holds so far: whether its length or choice varies, its atoms, and how many of them repeat."""

    varies: bool = False
    atoms: int = 0
    runs: int = 0
    independent: bool = False


class _Recursion:
    """Reads a pattern group by group; `found` says whether a repeated group varies."""

    def __init__(self, source: str) -> None:
        self.found = False
        self._source = source
        self._position = 0
        groups = [_Group()]
        while self._position < len(source):
            atom = self._atom()
            if atom == "(":
                groups.append(_Group(independent=bool(self._skip(r"\?(?:>|<?[=!])"))))
                self._skip(r"\?(?:<\w+>|[idmsuxU-]*:)")
                continue
            if atom == "|":
                groups[-1].varies, groups[-1].atoms = True, groups[-1].atoms + 1
                continue
            closed = groups.pop() if atom == ")" and len(groups) > 1 else None
            self._quantified(groups[-1], atom, closed)

    def _atom(self) -> str:
        if self._source[self._position] == "[":
            return self._class()
        return self._skip(_ATOM.pattern)

    def _skip(self, pattern: str) -> str:
        match = re.compile(pattern, re.DOTALL).match(self._source, self._position)
        self._position = match.end() if match else self._position
        return match.group() if match else ""

    def _class(self) -> str:
        depth, first = 0, self._position
        while self._position < len(self._source):
            character = self._skip(_ATOM.pattern)
            depth += (character == "[") - (character == "]" and self._position > first + 2)
            if not depth:
                break
        return self._source[first : self._position]

    def _quantified(self, into: _Group, atom: str, closed: _Group | None) -> None:
        """Takes note of an atom or of a group that was closed, and of the quantifier after it."""
        into.atoms += 1
        varies = atom == "\\R" or (closed is not None and closed.varies and not closed.independent)
        match = _QUANTIFIER.match(self._source, self._position)
        if match is not None:
            self._position = match.end()
            possessive = self._skip(r"[+?]") == "+"
            repeats = bool(match["many"]) or (match["comma"] and not match["most"])
            repeats = repeats or int(match["most"] or match["least"] or 0) > _SAFE_REPETITIONS
            if closed is not None and varies and repeats and not possessive:
                self.found = self.found or not closed.atoms == closed.runs == 1
            into.runs += closed is None and bool(match["many"])
            varies = not possessive and (match["least"] is None or bool(match["comma"]))
        into.varies = into.varies or varies
