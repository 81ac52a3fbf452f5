"""One thing that is wrong with a definition."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
Phase = Literal["create", "deploy", "request", "here"]

_TELLING = {
    "create": "AWS refuses it when it is created",
    "deploy": "AWS refuses to deploy it",
    "request": "AWS takes it, and requests fail or behave otherwise than meant",
    "here": "a limit of the local gateway, not of AWS",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of a definition.

    Attributes:
        severity: `error` if the API cannot work as declared, else `warning`.
        declared_by: the resource that declares it, by the name its author knows.
        what: what is wrong.
        fix: what to do about it, or the empty string.
        told: when AWS would tell it: on `create`, on `deploy`, at no time but by failing on `request`; `here` for
            what works on AWS and not locally.
    """

    severity: Severity
    declared_by: str
    what: str
    fix: str
    told: Phase = "create"

    @property
    def message(self) -> str:
        """What is wrong, and when AWS would tell it."""
        return f"{self.what} ({_TELLING[self.told]})"
