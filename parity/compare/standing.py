"""What API Gateway does to every request whatever the client sends, told once in place of once a request."""

from collections.abc import Iterable

from parity.compare.comparison import CaseResult


def standing_reasons(results: Iterable[CaseResult]) -> list[str]:
    """The reasons of all differences that are not a case's own, the first of each field and kind."""
    standing: dict[str, str] = {}
    for result in results:
        own = result.own_differences
        for difference in result.differences:
            if difference not in own:
                for reason in difference.reasons:
                    standing.setdefault(f"{difference.field} {reason.partition(':')[0]}".lower(), reason)
    return list(standing.values())
