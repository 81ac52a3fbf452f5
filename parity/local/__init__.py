"""Runs a Pulumi program in process and makes the resources that it registers live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from parity.local.session import ServedApi, Session, open_session, running

__all__ = ["ServedApi", "Session", "open_session", "running"]


def __getattr__(name: str) -> Any:
    # The worker process imports its modules from this package and must not pay for those that serve.
    if name in __all__:
        from parity.local import session

        return getattr(session, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
