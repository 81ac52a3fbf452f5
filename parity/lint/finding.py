"""What lint finds."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is wrong, or will be for some request.

    `rule` names the kind of it; `declared_by` the resource; `template` is the source of the template that `line` and
    `column` (from 1) count in, or empty where it is not about a template.
    """

    rule: str
    severity: Severity
    declared_by: str
    message: str
    fix: str
    template: str = ""
    line: int = 0
    column: int = 0
