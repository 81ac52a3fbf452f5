"""Java's iterators: of lists, which go both ways, and of the views of a map."""

from collections.abc import Callable, Iterator, Sequence, Sized
from itertools import islice
from typing import Any, ClassVar, overload

from parity.velocity.budget import spend
from parity.velocity.errors import JavaError
from parity.velocity.java.collections import Array, EntrySet, SubList, Values, View, splice
from parity.velocity.java.comparison import JavaObject
from parity.velocity.java.modifications import modified, state_of

_NONE = -1


class JavaIterator(JavaObject):
    """`iterator()`: goes once over a collection, and fails when others give it an item or take one meanwhile.

    Args:
        watched: the list or the map behind; None when it cannot change its size.
        cursor: the number of the item that is next.
    """

    __slots__ = ("cursor", "expected", "last", "watched")
    java_name: ClassVar[str] = "java.util.Iterator"

    def __init__(self, watched: Sized | None, cursor: int = 0) -> None:
        self.watched = watched
        self.cursor = cursor
        self.last = _NONE
        self.settle()

    def settle(self) -> None:
        """Accepts the collection as it is."""
        self.expected = None if self.watched is None else state_of(self.watched)

    def check(self) -> None:
        """Fails when others changed the collection."""
        if self.watched is not None and state_of(self.watched) != self.expected:
            raise JavaError("ConcurrentModificationException")

    def size(self) -> int:
        """How many items there are to go through."""
        raise NotImplementedError

    def item(self, index: int) -> Any:
        """An item."""
        raise NotImplementedError

    def drop(self, index: int) -> None:
        """Removes an item from the collection."""
        raise NotImplementedError

    def has_next(self) -> bool:
        return self.cursor != self.size()

    def next(self) -> Any:
        self.check()
        if self.cursor >= self.size():
            raise JavaError("NoSuchElementException")
        self.last = self.cursor
        self.cursor += 1
        return self.item(self.last)

    def remove(self) -> None:
        """Removes the item that was gone over last."""
        self._require_last()
        self.check()
        self.drop(self.last)
        self.last = _NONE
        self.settle()

    def _require_last(self) -> None:
        if self.last == _NONE:
            raise JavaError("IllegalStateException")

    def java_string(self) -> str:
        return f"{self.java_name}@{id(self) & 0x7FFFFFFF:x}"


class ListIterator(JavaIterator):
    """`listIterator()` of a list."""

    __slots__ = ("of",)
    java_name = "java.util.ArrayList$ListItr"

    def __init__(self, of: list[Any] | SubList, cursor: int = 0) -> None:
        self.of = of
        super().__init__(of if isinstance(of, list) else of.root(), cursor)

    def size(self) -> int:
        return len(self.of) if isinstance(self.of, list) else self.of.length

    def item(self, index: int) -> Any:
        return self.of[index] if isinstance(self.of, list) else self.of.iterated()[index]

    def drop(self, index: int) -> None:
        splice(self.of, index, index + 1, [])
        self.cursor -= index < self.cursor

    def has_previous(self) -> bool:
        return self.cursor != 0

    def next_index(self) -> int:
        return self.cursor

    def previous_index(self) -> int:
        return self.cursor - 1

    def previous(self) -> Any:
        self.check()
        if self.cursor <= 0:
            raise JavaError("NoSuchElementException")
        self.cursor -= 1
        self.last = self.cursor
        return self.item(self.last)

    def set(self, value: Any) -> None:
        """Replaces the item that was gone over last."""
        self._require_last()
        self.check()
        splice(self.of, self.last, self.last + 1, [value])

    def add(self, value: Any) -> None:
        """Puts an item before the one that is next."""
        self.check()
        splice(self.of, self.cursor, self.cursor, [value])
        self.cursor += 1
        self.last = _NONE
        self.settle()


class PlainIterator(ListIterator):
    """`iterator()` of a list."""

    __slots__ = ()
    java_name = "java.util.ArrayList$Itr"


class SubListIterator(ListIterator):
    """`iterator()` and `listIterator()` of a part of a list."""

    __slots__ = ()
    java_name = "java.util.ArrayList$SubList$1"


class ArrayIterator(ListIterator):
    """`listIterator()` of an array, whose size is fixed."""

    __slots__ = ()
    java_name = "java.util.AbstractList$ListItr"

    def __init__(self, of: Array | tuple[Any, ...], cursor: int = 0) -> None:
        super().__init__(of.values if isinstance(of, Array) else list(of), cursor)

    def drop(self, index: int) -> None:  # noqa: ARG002 - Java's refuses any
        raise JavaError("UnsupportedOperationException")

    def add(self, value: Any) -> None:  # noqa: ARG002 - Java's refuses any
        raise JavaError("UnsupportedOperationException")


class PlainArrayIterator(ArrayIterator):
    """`iterator()` of an array."""

    __slots__ = ()
    java_name = "java.util.AbstractList$Itr"


class KeyIterator(JavaIterator):
    """`iterator()` of a map's keys, values or entries: this one of the keys."""

    __slots__ = ("items", "keys", "map")
    java_name = "java.util.LinkedHashMap$LinkedKeyIterator"

    def __init__(self, of: View) -> None:
        self.map = of.map
        self.keys = list(of.map)
        self.items = of.iterated()
        super().__init__(of.map)

    def size(self) -> int:
        return len(self.keys)

    def item(self, index: int) -> Any:
        return self.items[index]

    def drop(self, index: int) -> None:
        del self.map[self.keys[index]]
        modified(self.map)


class ValueIterator(KeyIterator):
    __slots__ = ()
    java_name = "java.util.LinkedHashMap$LinkedValueIterator"


class EntryIterator(KeyIterator):
    __slots__ = ()
    java_name = "java.util.LinkedHashMap$LinkedEntryIterator"


def iterator(of: Any) -> JavaIterator:
    """`iterator()` of a collection."""
    if isinstance(of, View):
        kind = EntryIterator if isinstance(of, EntrySet) else ValueIterator if isinstance(of, Values) else KeyIterator
        return kind(of)
    if isinstance(of, SubList):
        return list_iterator(of)
    return PlainIterator(of) if isinstance(of, list) else PlainArrayIterator(of)


def list_iterator(of: Any, cursor: int = 0) -> ListIterator:
    """`listIterator(cursor)` of a list, a part of one or an array."""
    if not 0 <= cursor <= len(of):
        raise JavaError("IndexOutOfBoundsException", f"Index: {cursor}")
    if isinstance(of, SubList):
        return SubListIterator(of, cursor)
    return ListIterator(of, cursor) if isinstance(of, list) else ArrayIterator(of, cursor)


class Remaining(Sequence[Any]):
    """What an iterator still has to go through; a `#foreach` moves the iterator itself.

    Args:
        of: the iterator.
        most: after how many items to stop; None for all.
    """

    __slots__ = ("_most", "_of")

    def __init__(self, of: JavaIterator, most: int | None = None) -> None:
        self._of = of
        self._most = most

    def __len__(self) -> int:
        rest = max(self._of.size() - self._of.cursor, 0)
        return rest if self._most is None else min(rest, self._most)

    @overload
    def __getitem__(self, index: int) -> Any: ...

    @overload
    def __getitem__(self, index: slice) -> "Remaining": ...

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return Remaining(self._of, index.stop)
        raise NotImplementedError

    def __iter__(self) -> Iterator[Any]:
        return islice(self._go(self._of.has_next, self._of.next), self._most)

    def _go(self, has_next: Callable[[], bool], following: Callable[[], Any]) -> Iterator[Any]:
        while has_next():
            spend(_STEPS_AN_ITEM)  # a template may move the iterator back in the loop
            yield following()


_STEPS_AN_ITEM = 5
