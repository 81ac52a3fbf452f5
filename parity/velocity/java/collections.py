"""Java's entries and views of a map, parts of a list, and arrays."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, overload

from parity.velocity.errors import JavaError
from parity.velocity.java.comparison import (
    JavaObject,
    Key,
    Work,
    java_equals,
    java_hash,
    list_hash,
    lists_equal,
    signed,
    value_of,
)
from parity.velocity.java.modifications import modified, state_of
from parity.velocity.java.text import java_string, list_string


class Entry(JavaObject):
    """A Map.Entry: a live view of one key of a map, which keeps its value when the map loses it."""

    __slots__ = ("key", "map", "value")
    java_name: ClassVar[str] = "java.util.LinkedHashMap$Entry"

    def __init__(self, of: dict[Any, Any], key: Any, value: Any) -> None:
        self.map = of
        self.key = key
        self.value = value

    def get_key(self) -> Any:
        return value_of(self.key)

    def get_value(self) -> Any:
        self.value = self.map.get(self.key, self.value)
        return self.value

    def set_value(self, value: Any) -> Any:
        old = self.get_value()
        self.value = value
        if self.key in self.map:
            self.map[self.key] = value
        return old

    def java_string(self) -> str:
        return f"{java_string(self.get_key())}={java_string(self.get_value())}"

    def java_equals(self, other: Any, work: Work) -> bool:
        return (
            isinstance(other, Entry)
            and java_equals(self.get_key(), other.get_key(), work)
            and java_equals(self.get_value(), other.get_value(), work)
        )

    def java_hash(self, work: Work) -> int:
        return java_hash(self.get_key(), work) ^ java_hash(self.get_value(), work)


class View(JavaObject):
    """A live collection of a map's keys, values or entries."""

    __slots__ = ("map",)
    java_name: ClassVar[str] = "java.util.LinkedHashMap$LinkedKeySet"
    is_set: ClassVar[bool] = True

    def __init__(self, of: dict[Any, Any]) -> None:
        self.map = of

    def __len__(self) -> int:
        return len(self.map)

    def items(self) -> list[Any]:
        """A snapshot of what the view holds, in the map's order."""
        return [value_of(key) for key in self.map]

    def iterated(self) -> Sequence[Any]:
        """What an iterator goes through."""
        return self.items()

    def java_string(self) -> str:
        return list_string(self.items(), self)

    def java_equals(self, other: Any, work: Work) -> bool:
        if not (self.is_set and isinstance(other, View) and other.is_set and len(self) == len(other)):
            return False
        return all(any(java_equals(item, theirs, work) for theirs in other.items()) for item in self.items())

    def java_hash(self, work: Work) -> int:
        if not self.is_set:
            return super().java_hash(work)
        return signed(sum(java_hash(item, work) for item in self.items()))


class LiveValues(Sequence[Any]):
    """The values of some keys of a map, each as it is when it is looked at: what Java's iterator goes through.

    Args:
        of: the map.
        keys: its keys, as they are in the dict.
    """

    __slots__ = ("_keys", "_of")

    def __init__(self, of: dict[Any, Any], keys: list[Any]) -> None:
        self._of = of
        self._keys = keys

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, index: int) -> Any: ...

    @overload
    def __getitem__(self, index: slice) -> "LiveValues": ...

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return LiveValues(self._of, self._keys[index])
        return self._of.get(self._keys[index])

    def __iter__(self) -> Iterator[Any]:
        return map(self._of.get, self._keys)


class LiveItems(Sequence[Any]):
    """Some items of a list, each as it is when it is looked at: what Java's iterator goes through.

    Args:
        of: the list.
        start, stop: the first of them, and the one after the last.
    """

    __slots__ = ("_of", "_start", "_stop")

    def __init__(self, of: Sequence[Any], start: int, stop: int) -> None:
        self._of = of
        self._start = start
        self._stop = stop

    def __len__(self) -> int:
        return self._stop - self._start

    @overload
    def __getitem__(self, index: int) -> Any: ...

    @overload
    def __getitem__(self, index: slice) -> "LiveItems": ...

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            start, stop, _ = index.indices(len(self))
            return LiveItems(self._of, self._start + start, self._start + max(start, stop))
        return self._of[self._start + index] if index < len(self) else self._of[len(self._of)]

    def __iter__(self) -> Iterator[Any]:
        return (self._of[at] for at in range(self._start, min(self._stop, len(self._of))))


class KeySet(View):
    """`keySet()`."""

    __slots__ = ()

    def items(self) -> list[Any]:
        return [key.value if key.__class__ is Key else key for key in self.map]


class Values(View):
    """`values()`."""

    __slots__ = ()
    java_name = "java.util.LinkedHashMap$LinkedValues"
    is_set = False

    def items(self) -> list[Any]:
        return list(self.map.values())

    def iterated(self) -> Sequence[Any]:
        return LiveValues(self.map, list(self.map))


class EntrySet(View):
    """`entrySet()`."""

    __slots__ = ()
    java_name = "java.util.LinkedHashMap$LinkedEntrySet"

    def items(self) -> list[Any]:
        return [Entry(self.map, key, value) for key, value in self.map.items()]


class SubList(JavaObject):
    """`subList(from, to)`: a live part of a list."""

    __slots__ = ("expected", "length", "offset", "parent")
    java_name: ClassVar[str] = "java.util.ArrayList$SubList"

    def __init__(self, parent: "list[Any] | SubList", offset: int, length: int) -> None:
        self.parent = parent
        self.offset = offset
        self.length = length
        self.expected = state_of(self.root())

    def __len__(self) -> int:
        self.check()
        return self.length

    def check(self) -> None:
        """Fails when the list behind changed its size by other means."""
        if state_of(self.root()) != self.expected:
            raise JavaError("ConcurrentModificationException")

    def root(self) -> list[Any]:
        """The list that it is a part of."""
        return self.parent if isinstance(self.parent, list) else self.parent.root()

    def iterated(self) -> Sequence[Any]:
        """What an iterator goes through."""
        self.check()
        offset, parent = self.offset, self.parent
        while isinstance(parent, SubList):
            offset, parent = offset + parent.offset, parent.parent
        return LiveItems(parent, offset, offset + self.length)

    def items(self) -> list[Any]:
        self.check()
        behind = self.parent if isinstance(self.parent, list) else self.parent.items()
        return behind[self.offset : self.offset + self.length]

    def splice(self, start: int, end: int, new: Sequence[Any]) -> None:
        """Puts `new` in the place of the items from `start` to before `end`."""
        self.check()
        splice(self.parent, self.offset + start, self.offset + end, new)
        self.length += len(new) - (end - start)
        self.expected = state_of(self.root())

    def java_string(self) -> str:
        return list_string(self.items(), self)

    def java_equals(self, other: Any, work: Work) -> bool:
        if not isinstance(other, (list, tuple, SubList)):
            return False
        return lists_equal(self.items(), other.items() if isinstance(other, SubList) else other, work)

    def java_hash(self, work: Work) -> int:
        return list_hash(self.items(), work)


def splice(target: list[Any] | SubList, start: int, end: int, new: Sequence[Any]) -> None:
    """Puts `new` in the place of the items of a list from `start` to before `end`."""
    if isinstance(target, SubList):
        target.splice(start, end, new)
        return
    target[start:end] = new
    if len(new) != end - start or not new:
        modified(target)


_PRIMITIVE_ARRAYS = {"char": "[C", "byte": "[B", "int": "[I"}


def array_class_name(component: str) -> str:
    """The name of the class of the arrays of a class."""
    return _PRIMITIVE_ARRAYS.get(component) or f"[L{component};"


class Array(JavaObject):
    """A Java array; velocity lets it be used as a list of fixed size."""

    __slots__ = ("component", "values")

    def __init__(self, component: str, values: list[Any]) -> None:
        self.component = component
        self.values = values

    def __len__(self) -> int:
        return len(self.values)

    def items(self) -> list[Any]:
        return self.values

    @property
    def java_name(self) -> str:
        return array_class_name(self.component)

    def java_string(self) -> str:
        return f"{self.java_name}@{id(self) & 0x7FFFFFFF:x}"


def items_of(value: Any) -> list[Any] | None:
    """What a collection or an array holds; None for anything else."""
    if isinstance(value, list):
        return value
    if isinstance(value, (View, SubList, Array)):
        return value.items()
    return list(value) if isinstance(value, tuple) else None
