"""What a `#foreach` goes through, and how it notices that a collection changed its size meanwhile."""

from collections.abc import Callable, Sequence
from typing import Any

from parity.velocity.java.collections import Array, LiveValues, SubList, View
from parity.velocity.java.iterators import JavaIterator, Remaining
from parity.velocity.java.modifications import state_of


class Watched:
    """A collection behind the one that a `#foreach` goes through; its length is wrong once that changed its size.

    Args:
        behind: the list or the map.
        count: how many items the loop found.
        end: after how many items Java's iterator sees no more, which it does not take for a change.
    """

    __slots__ = ("behind", "count", "end", "state")

    def __init__(self, behind: "list[Any] | dict[Any, Any]", count: int, end: Callable[[], int]) -> None:
        self.behind = behind
        self.state = state_of(behind)
        self.count = count
        self.end = end

    def __len__(self) -> int:
        return self.count if state_of(self.behind) == self.state else self.count + 1


def iterated(value: Any, most: int | None = None) -> tuple[Sequence[Any], Any] | None:
    """The items of a value, and what must keep its length while a loop goes through them; None when it has none.

    Args:
        value: the value.
        most: how many items a loop goes through at most, which matters for an iterator that the loop moves back.
    """
    if isinstance(value, (list, tuple, range)):
        return value, value
    if isinstance(value, dict):
        return LiveValues(value, list(value)), value
    if isinstance(value, View):
        return value.iterated(), value.map
    if isinstance(value, JavaIterator):
        rest = Remaining(value, most)
        return rest, range(len(rest))  # the iterator itself notices a change
    if isinstance(value, SubList):
        return value.iterated(), Watched(value.root(), len(value), lambda: value.length)
    return (value.items(), value) if isinstance(value, Array) else None
