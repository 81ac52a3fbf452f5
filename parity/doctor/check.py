"""What one check found."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a check ended; one that could not be made is skipped."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: `found` is what was seen; `cause` and `fix` are set where it failed, `fix` where it was skipped."""

    name: str
    outcome: Outcome
    found: str
    cause: str = ""
    fix: str = ""


def passed(name: str, found: str) -> Check:
    """A check that found what it should."""
    return Check(name=name, outcome=Outcome.PASSED, found=found)


def failed(name: str, found: str, cause: str, fix: str) -> Check:
    """A check that found something else."""
    return Check(name=name, outcome=Outcome.FAILED, found=found, cause=cause, fix=fix)


def skipped(name: str, found: str, fix: str) -> Check:
    """A check that could not be made, and what it takes."""
    return Check(name=name, outcome=Outcome.SKIPPED, found=found, fix=fix)
