"""What a backend is to its user."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BackendState:
    """A backend as its user sees it: its kind, its name, where it answers, and why not if it does not."""

    kind: str
    name: str
    origin: str = ""
    unavailable: str = ""
    declared_by: str = ""
