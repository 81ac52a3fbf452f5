"""Java's values as templates meet them, and how each looks as text and compares with another.

What JSON gives stands for what Jackson makes of it: `str` is String, `bool` Boolean, `float` Double, `dict`
LinkedHashMap, `list` ArrayList, and `int` Integer, Long or BigInteger by its size. The classes here are for values that
those cannot tell: a Long that would fit an Integer, a Character, a view of a map.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from parity.velocity.doubles import double_string, float_string
from parity.velocity.errors import JavaError, LimitError

INTEGER_MIN, INTEGER_MAX = -(2**31), 2**31 - 1
LONG_MIN, LONG_MAX = -(2**63), 2**63 - 1
PLAIN_LONG_MAX = 10**18 - 1
"""The largest `int` that stands for a Long by itself: of 19 digits and more, Jackson makes a BigInteger."""
MAX_TEXT = 16 * 1024 * 1024
"""The most characters that one value may have as text."""
_MAX_COLLECTION_TEXT = 256 * 1024
_MAX_DIGITS_BITS = 14_000


class Byte(int):
    """Java's Byte."""

    __slots__ = ()


class Short(int):
    """Java's Short."""

    __slots__ = ()


class Long(int):
    """A Long that a plain int of its value would not stand for."""

    __slots__ = ()


class BigInteger(int):
    """A BigInteger that a plain int of its value would not stand for."""

    __slots__ = ()


class Float(float):
    """Java's Float; the value is already rounded to 32 bits."""

    __slots__ = ()


class Character:
    """Java's Character: one UTF-16 unit."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value

    def java_string(self) -> str:
        return self.value


class JavaClass:
    """What `getClass()` gives: a name, nothing else."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def java_string(self) -> str:
        return f"class {self.name}"


class Key:
    """A key that Python would take for an equal one of another Java type, as a dict's key."""

    __slots__ = ("_hash", "value")

    def __init__(self, value: Any) -> None:
        from parity.velocity.comparison import java_hash  # here, as comparison is made of these values

        self.value = value
        self._hash = java_hash(value)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        from parity.velocity.comparison import java_equals

        return isinstance(other, Key) and java_equals(self.value, other.value)


def key_of(value: Any) -> Any:
    """The dict key that stands for a Java key."""
    if value.__class__ is str or value is None:
        return value
    if value.__class__ is int and INTEGER_MIN <= value <= INTEGER_MAX:
        return value
    return Key(value)


def value_of(key: Any) -> Any:
    """The Java key that a dict key stands for."""
    return key.value if key.__class__ is Key else key


class Entry:
    """A Map.Entry: a live view of one key of a map."""

    __slots__ = ("key", "map")

    def __init__(self, of: dict[Any, Any], key: Any) -> None:
        self.map = of
        self.key = key

    def get_key(self) -> Any:
        return value_of(self.key)

    def get_value(self) -> Any:
        return self.map.get(self.key)

    def set_value(self, value: Any) -> Any:
        old = self.map.get(self.key)
        self.map[self.key] = value
        return old

    def java_string(self) -> str:
        return f"{java_string(self.get_key())}={java_string(self.get_value())}"


class View:
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

    def java_string(self) -> str:
        return list_string(self.items(), self)


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


class EntrySet(View):
    """`entrySet()`."""

    __slots__ = ()
    java_name = "java.util.LinkedHashMap$LinkedEntrySet"

    def items(self) -> list[Any]:
        return [Entry(self.map, key) for key in self.map]


class SubList:
    """`subList(from, to)`: a live part of a list."""

    __slots__ = ("expected", "length", "offset", "parent")

    def __init__(self, parent: "list[Any] | SubList", offset: int, length: int) -> None:
        self.parent = parent
        self.offset = offset
        self.length = length
        self.expected = len(parent)

    def __len__(self) -> int:
        self.check()
        return self.length

    def check(self) -> None:
        """Fails when the list behind changed its size by other means."""
        if len(self.parent) != self.expected:
            raise JavaError("ConcurrentModificationException")

    def root(self) -> list[Any]:
        """The list that it is a part of."""
        return self.parent if isinstance(self.parent, list) else self.parent.root()

    def items(self) -> list[Any]:
        self.check()
        behind = self.parent if isinstance(self.parent, list) else self.parent.items()
        return behind[self.offset : self.offset + self.length]

    def splice(self, start: int, end: int, new: Sequence[Any]) -> None:
        """Puts `new` in the place of the items from `start` to before `end`."""
        self.check()
        splice(self.parent, self.offset + start, self.offset + end, new)
        self.length += len(new) - (end - start)
        self.expected = len(self.parent)

    def java_string(self) -> str:
        return list_string(self.items(), self)


def splice(target: list[Any] | SubList, start: int, end: int, new: Sequence[Any]) -> None:
    """Puts `new` in the place of the items of a list from `start` to before `end`."""
    if isinstance(target, SubList):
        target.splice(start, end, new)
    else:
        target[start:end] = new


class Array:
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
        return {"char": "[C", "byte": "[B"}.get(self.component, f"[L{self.component};")

    def java_string(self) -> str:
        return f"{self.java_name}@{id(self) & 0x7FFFFFFF:x}"


class JavaIterator:
    """`iterator()`: goes once over a collection, and fails when that changes its size meanwhile.

    Attributes:
        values: what the collection held.
        position: the number of the next of them.
        source: the list or the map that must keep its size; None when nothing can change.
    """

    __slots__ = ("position", "source", "values")

    def __init__(self, values: list[Any], source: "list[Any] | dict[Any, Any] | None" = None) -> None:
        self.values = values
        self.source = source
        self.position = 0

    def has_next(self) -> bool:
        return self.position != len(self.source if isinstance(self.source, list) else self.values)

    def next(self) -> Any:
        if self.source is not None and len(self.source) != len(self.values):
            raise JavaError("ConcurrentModificationException")
        if self.position >= len(self.values):
            raise JavaError("NoSuchElementException")
        self.position += 1
        return self.values[self.position - 1]

    def items(self) -> list[Any]:
        """What is left, which is then used up."""
        rest = self.values[self.position :]
        self.position = len(self.values)
        return rest

    def java_string(self) -> str:
        return f"java.util.ArrayList$Itr@{id(self) & 0x7FFFFFFF:x}"


class HostObject:
    """An object that a host offers to templates; nothing of it is reachable but what these declare.

    Attributes:
        java_methods: the methods by their Java names; each is called with the object and the arguments. A call with
            another number of arguments, or one that raises TypeError, counts as a call of no such method.
    """

    java_methods: ClassVar[Mapping[str, Callable[..., object]]] = {}

    def java_property(self, name: str) -> object:  # noqa: ARG002 - for subclasses to use
        """The value of `$object.name` and `$object["name"]`; None when there is none."""
        return None

    def java_string(self) -> str:
        """The object as text, as Java's `toString` would have it."""
        return type(self).__name__


def list_string(items: Sequence[Any], this: Any) -> str:
    """Java's `AbstractCollection.toString`."""
    text = ", ".join(["(this Collection)" if item is this else java_string(item) for item in items])
    if len(text) > _MAX_COLLECTION_TEXT:
        raise LimitError(f"a list is longer than {_MAX_COLLECTION_TEXT:,} characters as text")
    return f"[{text}]"


def map_string(of: Mapping[Any, Any]) -> str:
    """Java's `AbstractMap.toString`."""
    parts = []
    for key, value in of.items():
        name = "(this Map)" if key.__class__ is Key and key.value is of else java_string(value_of(key))
        parts.append(f"{name}={'(this Map)' if value is of else java_string(value)}")
    text = ", ".join(parts)
    if len(text) > _MAX_COLLECTION_TEXT:
        raise LimitError(f"a map is longer than {_MAX_COLLECTION_TEXT:,} characters as text")
    return f"{{{text}}}"


def integer_string(value: int) -> str:
    """A whole number in decimal digits."""
    if value.bit_length() > _MAX_DIGITS_BITS:
        raise LimitError("a number has more than 4,200 digits")
    return int.__repr__(value)


def _boolean_string(value: bool) -> str:
    return "true" if value else "false"


_STRINGS: dict[type, Callable[[Any], str]] = {
    str: str,
    int: integer_string,
    bool: _boolean_string,
    float: double_string,
    type(None): lambda _: "null",
    dict: map_string,
    list: lambda value: list_string(value, value),
    Long: integer_string,
    BigInteger: integer_string,
    Byte: integer_string,
    Short: integer_string,
    Float: float_string,
    Decimal: str,
}


def java_string(value: Any) -> str:
    """A value as text: Java's `String.valueOf`.

    Args:
        value: any value that a template can hold.

    Raises:
        LimitError: the text would be too long.
    """
    known = _STRINGS.get(value.__class__)
    if known is not None:
        return known(value)
    own = getattr(value, "java_string", None)
    if own is not None:
        text = own()
        return "null" if text is None else str(text)
    if isinstance(value, Mapping):
        return map_string(value)
    if isinstance(value, (list, tuple)):
        return list_string(value, value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return integer_string(value)
    return type(value).__name__


def items_of(value: Any) -> list[Any] | None:
    """What a collection or an array holds; None for anything else."""
    if isinstance(value, list):
        return value
    if isinstance(value, (View, SubList, Array)):
        return value.items()
    return list(value) if isinstance(value, tuple) else None


def java_class_name(value: Any) -> str:
    """The name of a value's Java class."""
    cls = value.__class__
    if cls is int:
        if INTEGER_MIN <= value <= INTEGER_MAX:
            return "java.lang.Integer"
        return "java.lang.Long" if -PLAIN_LONG_MAX <= value <= PLAIN_LONG_MAX else "java.math.BigInteger"
    known = CLASS_NAMES.get(cls)
    if known is not None:
        return known
    named = getattr(cls, "java_name", None)
    if named is not None:
        return str(value.java_name)
    if isinstance(value, dict):
        return "java.util.LinkedHashMap"
    return "java.util.ArrayList" if isinstance(value, list) else str(cls.__name__)


CLASS_NAMES: dict[type, str] = {
    str: "java.lang.String",
    bool: "java.lang.Boolean",
    float: "java.lang.Double",
    Long: "java.lang.Long",
    BigInteger: "java.math.BigInteger",
    Byte: "java.lang.Byte",
    Short: "java.lang.Short",
    Float: "java.lang.Float",
    Decimal: "java.math.BigDecimal",
    Character: "java.lang.Character",
    Entry: "java.util.LinkedHashMap$Entry",
    SubList: "java.util.ArrayList$SubList",
    JavaClass: "java.lang.Class",
    JavaIterator: "java.util.ArrayList$Itr",
}


def is_number(value: Any) -> bool:
    """Whether a value is a java.lang.Number."""
    return isinstance(value, (int, float, Decimal)) and value.__class__ is not bool
