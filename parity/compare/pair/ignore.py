"""Which differences between two routes do not count: `status`, `header NAME`, `query NAME`, `body`, `body.a.b[*].c`.

In a name or a body's place `*` is any one key or index, and `**` any number of them. A rule for a place in a body takes
what is below it too.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from parity.compare.difference import Field
from parity.errors import UserError

FORMS = "status, header NAME, query NAME, path NAME, body, or a place in the body such as body.items[*].id"


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The rules, as patterns over fields."""

    patterns: tuple[tuple[str, re.Pattern[str]], ...] = ()

    @classmethod
    def parse(cls, rules: Iterable[str], where: str = "--ignore") -> "IgnoreRules":
        """Reads rules.

        Raises:
            UserError: one has not the form of a rule.
        """
        return cls(tuple(_pattern(rule.strip(), where) for rule in rules))

    def covers(self, field: Field) -> bool:
        """Whether a difference in this field does not count."""
        kind = {"answer header": "header", "answer": "body"}.get(field.kind, field.kind)
        name = field.name.lower() if kind == "header" else field.name
        return any(kind == of and pattern.fullmatch(name) is not None for of, pattern in self.patterns)


def _pattern(rule: str, where: str) -> tuple[str, re.Pattern[str]]:
    kind, _, name = rule.partition(" ")
    name = name.strip()
    if kind == "status" and not name:
        return "status", re.compile("")
    if kind in ("header", "query", "path") and name:
        return kind, re.compile(_regex(name.lower() if kind == "header" else name, r".*"))
    if not name and re.match(r"body(?=$|[.\[])", rule):
        return "body", re.compile(_regex(rule.removeprefix("body"), r"[^.\[\]]+") + r"(?:[.\[].*)?", re.DOTALL)
    raise UserError(f"{where} {rule!r}: a rule is {FORMS}", status=2)


def _regex(text: str, one: str) -> str:
    return re.escape(text).replace(r"\*\*", ".*").replace(r"\*", one)
