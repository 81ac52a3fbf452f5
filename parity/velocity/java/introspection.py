"""What Velocity's introspection finds: methods, properties and indexes of Java's values and of host objects.

Only what the tables name is reachable. A method is chosen by name and by the Java types of the arguments; when none
fits, the reference is null. A property is a getter, a map's key, or an `is` method, in this order.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from parity.velocity.errors import JavaError
from parity.velocity.java.arithmetic import BIG_INTEGER, INTEGER, rank
from parity.velocity.java.collections import Array, Entry, EntrySet, KeySet, SubList, Values, View
from parity.velocity.java.comparison import java_equals, java_hash, key_of
from parity.velocity.java.host_object import HostObject
from parity.velocity.java.iterators import (
    ArrayIterator,
    EntryIterator,
    JavaIterator,
    KeyIterator,
    ListIterator,
    PlainArrayIterator,
    PlainIterator,
    SubListIterator,
    ValueIterator,
)
from parity.velocity.java.methods.big_numbers import BIG_DECIMAL_METHODS, BIG_INTEGER_METHODS
from parity.velocity.java.methods.characters import CHARACTER
from parity.velocity.java.methods.classes import CLASS, of_class
from parity.velocity.java.methods.collections import (
    ARRAY,
    ARRAY_LIST,
    ENTRY,
    ITERATOR,
    LIST,
    LIST_ITERATOR,
    MAP,
    VIEW,
)
from parity.velocity.java.methods.numbers import (
    BOOLEAN,
    BYTE_METHODS,
    DOUBLE_METHODS,
    FLOAT_METHODS,
    INTEGER_METHODS,
    LONG_METHODS,
    SHORT_METHODS,
)
from parity.velocity.java.methods.overloads import Methods, choose, is_int
from parity.velocity.java.methods.strings import STRING
from parity.velocity.java.modifications import modified
from parity.velocity.java.scalars import (
    CLASS_NAMES,
    BigInteger,
    Byte,
    Character,
    Float,
    JavaClass,
    Long,
    Short,
    java_class_name,
)
from parity.velocity.java.text import java_string


def _without_monitor(*_: Any) -> Any:
    raise JavaError("IllegalMonitorStateException", "current thread is not owner")


OBJECT: Methods = {
    "equals": [("O", lambda of, other: java_equals(of, other))],
    "hashCode": [("", lambda of: java_hash(of))],
    "toString": [("", java_string)],
    "getClass": [("", lambda of: JavaClass(java_class_name(of)))],
    "notify": [("", _without_monitor)],
    "notifyAll": [("", _without_monitor)],
    "wait": [("", _without_monitor), ("l", _without_monitor), ("li", _without_monitor)],
}


def _with_object(methods: Methods) -> Methods:
    own = {name: [*overloads, *OBJECT.get(name, ())] for name, overloads in methods.items()}
    return {**OBJECT, **own}


_INTEGER = _with_object(INTEGER_METHODS)
_LONG = _with_object(LONG_METHODS)
_BIG_INTEGER = _with_object(BIG_INTEGER_METHODS)
_ITERATOR = _with_object(ITERATOR)
_LIST_ITERATOR = _with_object(LIST_ITERATOR)

TABLES: dict[type, Methods] = {
    str: _with_object(STRING),
    bool: _with_object(BOOLEAN),
    float: _with_object(DOUBLE_METHODS),
    Long: _LONG,
    BigInteger: _BIG_INTEGER,
    Byte: _with_object(BYTE_METHODS),
    Short: _with_object(SHORT_METHODS),
    Float: _with_object(FLOAT_METHODS),
    Decimal: _with_object(BIG_DECIMAL_METHODS),
    Character: _with_object(CHARACTER),
    dict: _with_object(MAP),
    list: _with_object(ARRAY_LIST),
    tuple: _with_object(LIST),
    SubList: _with_object(LIST),
    KeySet: _with_object(VIEW),
    Values: _with_object(VIEW),
    EntrySet: _with_object(VIEW),
    Entry: _with_object(ENTRY),
    Array: _with_object(ARRAY),
    JavaClass: _with_object(CLASS),
    **dict.fromkeys((PlainIterator, PlainArrayIterator, KeyIterator, ValueIterator, EntryIterator), _ITERATOR),
    **dict.fromkeys((ListIterator, SubListIterator, ArrayIterator), _LIST_ITERATOR),
}
_NOTHING: Methods = {}
_BY_CLASS_NAME: dict[str, Methods] = {
    "java.lang.Integer": _INTEGER,
    "java.util.ArrayList": TABLES[list],
    "java.util.LinkedHashMap": TABLES[dict],
    **{CLASS_NAMES[cls]: table for cls, table in TABLES.items() if cls in CLASS_NAMES},
    **{cls.java_name: table for cls, table in TABLES.items() if issubclass(cls, (View, Entry, SubList, JavaIterator))},
}


def register(cls: type, java_name: str, methods: Methods) -> None:
    """Gives a class of Velocity's own its methods.

    Args:
        cls: the Python class.
        java_name: the full name of the Java class.
        methods: its methods by name.
    """
    TABLES[cls] = _BY_CLASS_NAME[java_name] = methods


def table_of(value: Any) -> Methods:
    """The methods of a value, by name."""
    cls = value.__class__
    if cls is int:
        found = rank(value)
        return _INTEGER if found == INTEGER else _BIG_INTEGER if found == BIG_INTEGER else _LONG
    table = TABLES.get(cls)
    if table is None:
        table = next(
            (TABLES[base] for base in cls.__mro__ if base in TABLES), OBJECT if value is not None else _NOTHING
        )
        TABLES[cls] = table
    return table


def _host_method(of: HostObject, name: str, arguments: Sequence[Any]) -> tuple[bool, Any]:
    method = of.java_methods.get(name)
    if method is None:
        overloads = OBJECT.get(name)
        chosen = choose(overloads, arguments) if overloads else None
        return (False, None) if chosen is None else (True, chosen[0](of, *arguments))
    try:
        return True, method(of, *arguments)
    except TypeError:
        return False, None


def call(of: Any, name: str, *arguments: Any) -> Any:
    """`$of.name(arguments)`; None when there is no such method.

    Raises:
        JavaError: the method threw.
    """
    if isinstance(of, HostObject):
        return _host_method(of, name, arguments)[1]
    overloads = table_of(of).get(name)
    chosen = choose(overloads, arguments) if overloads is not None else None
    if chosen is None and of.__class__ is JavaClass:
        overloads = _BY_CLASS_NAME.get(of.name, _NOTHING).get(name, ())
        chosen = choose(of_class(of.name, name, overloads), arguments)
    return None if chosen is None else chosen[0](of, *chosen[1])


def get_property(of: Any, name: str) -> Any:
    """`$of.name`; None when there is no such property.

    Raises:
        JavaError: the getter threw.
    """
    if isinstance(of, dict):
        if name == "class" or name == "Class":
            return JavaClass(java_class_name(of))
        return of.get(name)
    if isinstance(of, HostObject):
        return of.java_property(name)
    table = table_of(of)
    for getter in (f"get{name}", f"get{_other_case(name)}"):
        for parameters, function in table.get(getter, ()):
            if not parameters:
                return function(of)
    if isinstance(of, Array):
        return None  # Velocity lends an array the methods of a list, but not its properties
    for question in (f"is{name}", f"is{_other_case(name)}"):
        for parameters, function in table.get(question, ()):
            if not parameters:
                return function(of)
    return None


def _other_case(name: str) -> str:
    return (name[0].upper() if name[0].islower() else name[0].lower()) + name[1:]


def from_end(of: Any, index: Any) -> Any:
    """An index that counts from the end when it is negative.

    Raises:
        JavaError: it is negative and the value has no size.
    """
    if is_int(index) and index < 0:
        if not isinstance(of, (dict, list, tuple)) and "size" not in table_of(of):
            raise JavaError("VelocityException", f"a negative index needs a size(), which {java_string(of)} has not")
        return len(of) + index
    return index


def get_index(of: Any, index: Any) -> Any:
    """`$of[index]`; None when the value has no `get` for the index.

    Raises:
        JavaError: the index is out of bounds.
    """
    if isinstance(of, HostObject):
        return of.java_property(index) if isinstance(index, str) else None
    index = from_end(of, index)
    if isinstance(of, dict):
        return of.get(key_of(index))
    return call(of, "get", index)


def set_index(of: Any, index: Any, value: Any) -> None:
    """`#set($of[index] = value)`: `set` of a list or an array, `put` of a map, nothing for anything else."""
    try:
        index = from_end(of, index)
    except JavaError as error:
        raise JavaError("VelocityException", str(error)) from error
    if isinstance(of, dict):
        _put(of, key_of(index), value)
    elif isinstance(of, HostObject):
        call(of, "put", index, value)
    else:
        call(of, "set", index, value)


def set_property(of: Any, name: str, value: Any) -> None:
    """`#set($of.name = value)`: a setter, a map's key, `put` of a host object; nothing for anything else."""
    if isinstance(of, dict):
        _put(of, name, value)
    elif isinstance(of, HostObject):
        call(of, "put", name, value)
    elif isinstance(of, Entry) and name in ("value", "Value"):
        of.set_value(value)


def _put(of: dict[Any, Any], key: Any, value: Any) -> None:
    if key not in of:
        modified(of)
    of[key] = value
