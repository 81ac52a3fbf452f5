"""Errors of AWS's control plane, as problems of the resource that causes them."""

from collections.abc import Sequence

from parity.gateway.checks.problem import Problem
from parity.local.program.records import ResourceRecord

NO_RESOURCE = "Invalid Resource identifier specified"
NO_METHOD = "Invalid Method identifier specified"


def refused(record: ResourceRecord, code: str, message: str, fix: str) -> Problem:
    """An error of AWS.

    Args:
        record: the resource that AWS refuses.
        code: the error's code, such as `BadRequestException`.
        message: AWS's words.
        fix: what to do about it.
    """
    return Problem("error", record.declared_by, f"{code}: {message}", fix, "create")


def bad_request(record: ResourceRecord, message: str, fix: str) -> Problem:
    """A BadRequestException."""
    return refused(record, "BadRequestException", message, fix)


def not_found(record: ResourceRecord, message: str, fix: str) -> Problem:
    """A NotFoundException."""
    return refused(record, "NotFoundException", message, fix)


def conflict(record: ResourceRecord, message: str, fix: str) -> Problem:
    """A ConflictException."""
    return refused(record, "ConflictException", message, fix)


def violation(value: str, where: str, constraint: str) -> str:
    """What is wrong with one value, as a ValidationException lists it."""
    return f"Value '{value}' at '{where}' failed to satisfy constraint: {constraint}"


def enum(values: Sequence[str]) -> str:
    """The constraint that a value is one of several."""
    return f"Member must satisfy enum value set: [{', '.join(values)}]"


def invalid(record: ResourceRecord, violations: Sequence[str], fix: str) -> Problem:
    """A ValidationException with at least one violation."""
    count = "1 validation error" if len(violations) == 1 else f"{len(violations)} validation errors"
    return refused(record, "ValidationException", f"{count} detected: {'; '.join(violations)}", fix)


def invalid_mapping(record: ResourceRecord, error: str, fix: str) -> Problem:
    """The error of a mapping expression.

    The form is recorded; `Invalid mapping expression parameter specified` is from public reports.
    """
    message = f"Invalid mapping expression specified: Validation Result: warnings : [], errors : [{error}]"
    return bad_request(record, message, fix)
