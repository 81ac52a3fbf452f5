"""How often a collection got or lost an item: what Java's collections count, and their iterators watch."""

from collections.abc import Sized

from parity.velocity.budget import active_budget


def modified(collection: object) -> None:
    """Counts that a list or a map got or lost an item."""
    budget = active_budget()
    if budget is not None:
        counts = budget.modifications
        counts[id(collection)] = counts.get(id(collection), 0) + 1


def state_of(collection: Sized) -> tuple[int, int]:
    """What differs once a list or a map got or lost an item, by a template's doing or otherwise."""
    budget = active_budget()
    return len(collection), 0 if budget is None else budget.modifications.get(id(collection), 0)
