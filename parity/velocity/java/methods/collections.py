"""The methods of Java's collections: lists, maps, sets, entries, arrays and iterators."""

from collections.abc import Callable, Sequence
from functools import cmp_to_key
from typing import Any

from parity.velocity.budget import spend
from parity.velocity.errors import JavaError, LimitError
from parity.velocity.java.collections import (
    Array,
    Entry,
    EntrySet,
    KeySet,
    SubList,
    Values,
    View,
    items_of,
    splice,
)
from parity.velocity.java.comparison import java_equals, key_of, value_of
from parity.velocity.java.iterators import JavaIterator, ListIterator, iterator, list_iterator
from parity.velocity.java.methods.overloads import VOID, Methods
from parity.velocity.java.modifications import modified
from parity.velocity.java.scalars import Byte, Character

List = list[Any] | SubList | tuple[Any, ...]
Map = dict[Any, Any]

_MAX_COMPARISONS = 400_000
_ITEMS: dict[str, type] = {"java.lang.String": str, "char": Character, "byte": Byte}
"""What an array of a class holds."""


def _items(of: Any) -> Sequence[Any]:
    items = items_of(of)
    if items is None:
        raise JavaError("NullPointerException")
    return items


def _checked(index: int, length: int) -> int:
    if not 0 <= index < length:
        raise JavaError("IndexOutOfBoundsException", f"Index {index} out of bounds for length {length}")
    return index


def _changeable(of: Any) -> Any:
    if isinstance(of, (Array, tuple)):
        raise JavaError("UnsupportedOperationException")
    return of


def _get(of: Any, index: int) -> Any:
    items = _items(of)
    return items[_checked(index, len(items))]


def _set(of: Any, index: int, value: Any) -> Any:
    old = _get(of, index)
    if isinstance(of, Array):
        kind = _ITEMS.get(of.component)
        if kind is not None and not isinstance(value, kind) and (value is not None or kind is not str):
            raise JavaError("IllegalArgumentException", "array element type mismatch")
        of.values[index] = value
    else:
        splice(_changeable(of), index, index + 1, [value])
    return old


def _add(of: Any, value: Any) -> bool:
    if isinstance(of, list):
        of.append(value)
        modified(of)
    else:
        splice(_changeable(of), len(of), len(of), [value])
    return True


def _insert(of: Any, index: int, value: Any) -> str:
    if not 0 <= index <= len(of):
        raise JavaError("IndexOutOfBoundsException", f"Index: {index}, Size: {len(of)}")
    splice(_changeable(of), index, index, [value])
    return VOID


def _add_all(of: Any, values: Any) -> bool:
    added = list(_items(values))
    if not added and not isinstance(of, list):
        return False
    splice(_changeable(of), len(of), len(of), added)
    return bool(added)


def _insert_all(of: Any, index: int, values: Any) -> bool:
    added = list(_items(values))
    if not 0 <= index <= len(of):
        raise JavaError("IndexOutOfBoundsException", f"Index: {index}, Size: {len(of)}")
    splice(_changeable(of), index, index, added)
    return bool(added)


def _remove_at(of: Any, index: int) -> Any:
    old = _get(of, index)
    splice(_changeable(of), index, index + 1, [])
    return old


def index_of(of: Any, value: Any) -> int:
    """Where a list first holds a value; -1 when it does not."""
    for index, item in enumerate(_items(of)):
        if java_equals(value, item):
            return index
    return -1


def _last_index_of(of: Any, value: Any) -> int:
    items = _items(of)
    for index in range(len(items) - 1, -1, -1):
        if java_equals(value, items[index]):
            return index
    return -1


def _remove(of: Any, value: Any) -> bool:
    index = index_of(of, value)
    if index >= 0:
        splice(_changeable(of), index, index + 1, [])
    elif isinstance(of, tuple):
        raise JavaError("UnsupportedOperationException")
    return index >= 0


def contains(of: Any, value: Any) -> bool:
    """Whether a collection holds a value."""
    if isinstance(of, KeySet):
        return key_of(value) in of.map
    return index_of(of, value) >= 0


def _check_work(items: Any, others: Any) -> None:
    if not isinstance(items, KeySet) and len(items) * len(others) > _MAX_COMPARISONS:
        raise LimitError("the collections are too long to compare each item of one with each of the other")


def _contains_all(of: Any, values: Any) -> bool:
    _check_work(of, _items(values))
    return all(contains(of, value) for value in _items(values))


def _keep(of: Any, values: Any, wanted: bool) -> bool:
    others = list(_items(values))
    items = _items(of)
    _check_work(items, others)
    kept = [item for item in items if contains(others, item) is wanted]
    changed = len(kept) != len(items)
    if changed:
        splice(_changeable(of), 0, len(items), kept)
    return changed


def _clear(of: Any) -> str:
    splice(_changeable(of), 0, len(of), [])
    return VOID


def _sub_list(of: Any, start: int, end: int) -> Any:
    if start < 0:
        raise JavaError("IndexOutOfBoundsException", f"fromIndex = {start}")
    if end > len(of):
        raise JavaError("IndexOutOfBoundsException", f"toIndex = {end}")
    if start > end:
        raise JavaError("IllegalArgumentException", f"fromIndex({start}) > toIndex({end})")
    if isinstance(of, (Array, tuple)):
        return list(_items(of)[start:end])
    return SubList(of, start, end - start)


def _to_array(of: Any) -> Array:
    return Array("java.lang.Object", list(_items(of)))


def _fill_array(of: Any, array: Array) -> Array:
    """`toArray(array)`: in the array itself when it is long enough, with a null after the items."""
    items = list(_items(of))
    if array.component != "java.lang.Object" and not all(item is None or isinstance(item, str) for item in items):
        raise JavaError("ArrayStoreException")
    if len(array) < len(items):
        return Array(array.component, items)
    array.values[: len(items) + 1] = [*items, None][: len(array)]
    return array


def _needs_a_function(*_: Any) -> Any:
    """A template has no function to give, only null."""
    raise JavaError("NullPointerException")


def _sort(of: Any, _: None) -> str:
    items = list(_items(of))
    spend(len(items) * 5)
    splice(_changeable(of), 0, len(items), sorted(items, key=cmp_to_key(_order)))
    modified(of)
    return VOID


def _order(left: Any, right: Any) -> int:
    """Java's natural order."""
    from parity.velocity.java.introspection import call  # which knows the methods of all classes, so also these

    result = call(left, "compareTo", right)
    if result is None:
        raise JavaError("NullPointerException" if left is None else "ClassCastException", "not a Comparable")
    return int(result)


def _is_empty(of: Any) -> bool:
    return len(of) == 0


COLLECTION: Methods = {
    "size": [("", len)],
    "isEmpty": [("", _is_empty)],
    "contains": [("O", contains)],
    "containsAll": [("C", _contains_all)],
    "iterator": [("", iterator)],
    "toArray": [("", _to_array), ("X", _needs_a_function), ("O*", _fill_array)],
    "forEach": [("X", _needs_a_function)],
    "removeIf": [("X", _needs_a_function)],
}

LIST: Methods = {
    **COLLECTION,
    "get": [("i", _get)],
    "set": [("iO", _set)],
    "add": [("O", _add), ("iO", _insert)],
    "addAll": [("C", _add_all), ("iC", _insert_all)],
    "remove": [("i", _remove_at), ("O", _remove)],
    "removeAll": [("C", lambda of, values: _keep(of, values, False))],
    "retainAll": [("C", lambda of, values: _keep(of, values, True))],
    "indexOf": [("O", index_of)],
    "lastIndexOf": [("O", _last_index_of)],
    "clear": [("", _clear)],
    "subList": [("ii", _sub_list)],
    "listIterator": [("", list_iterator), ("i", list_iterator)],
    "replaceAll": [("X", _needs_a_function)],
    "sort": [("X", _sort)],
}

ARRAY_LIST: Methods = {
    **LIST,
    "clone": [("", lambda of: list(_items(of)))],
    "ensureCapacity": [("i", lambda *_: VOID)],
    "trimToSize": [("", lambda _: VOID)],
}


def _put(of: Map, key: Any, value: Any) -> Any:
    key = key_of(key)
    old = None
    if key in of:
        old = of[key]  # not `get`, with which a loop's scope looks in the scope around it too
    else:
        modified(of)
    of[key] = value
    return old


def _put_all(of: Map, others: Map) -> str:
    if others is None:
        raise JavaError("NullPointerException")
    size = len(of)
    of.update(others)
    if len(of) != size:
        modified(of)
    return VOID


def _remove_key(of: Map, key: Any) -> Any:
    key = key_of(key)
    if key in of:
        modified(of)
    return of.pop(key, None)


def _remove_pair(of: Map, key: Any, value: Any) -> bool:
    key = key_of(key)
    if key in of and java_equals(of[key], value):
        del of[key]
        modified(of)
        return True
    return False


def _contains_value(of: Map, value: Any) -> bool:
    return any(java_equals(value, item) for item in of.values())


def _get_or_default(of: Map, key: Any, default: Any) -> Any:
    return of.get(key_of(key), default)


def _put_if_absent(of: Map, key: Any, value: Any) -> Any:
    key = key_of(key)
    old = of.get(key)
    if old is None:
        _put(of, value_of(key), value)
    return old


def _replace(of: Map, key: Any, value: Any) -> Any:
    key = key_of(key)
    if key not in of:
        return None
    old = of[key]
    of[key] = value
    return old


def _replace_pair(of: Map, key: Any, old: Any, value: Any) -> bool:
    key = key_of(key)
    if key in of and java_equals(of[key], old):
        of[key] = value
        return True
    return False


def _clear_map(of: Map) -> str:
    of.clear()
    modified(of)
    return VOID


MAP: Methods = {
    "get": [("O", lambda of, key: of.get(key_of(key)))],
    "put": [("OO", _put)],
    "containsKey": [("O", lambda of, key: key_of(key) in of)],
    "containsValue": [("O", _contains_value)],
    "keySet": [("", KeySet)],
    "entrySet": [("", EntrySet)],
    "values": [("", Values)],
    "size": [("", len)],
    "isEmpty": [("", _is_empty)],
    "remove": [("O", _remove_key), ("OO", _remove_pair)],
    "putAll": [("M", _put_all)],
    "clear": [("", _clear_map)],
    "getOrDefault": [("OO", _get_or_default)],
    "putIfAbsent": [("OO", _put_if_absent)],
    "replace": [("OO", _replace), ("OOO", _replace_pair)],
    "clone": [("", dict)],
    "compute": [("OX", _needs_a_function)],
    "computeIfAbsent": [("OX", _needs_a_function)],
    "computeIfPresent": [("OX", _needs_a_function)],
    "forEach": [("X", _needs_a_function)],
    "merge": [("OOX", _needs_a_function)],
    "replaceAll": [("X", _needs_a_function)],
}


def _unsupported(*_: Any) -> Any:
    raise JavaError("UnsupportedOperationException")


def _remove_from_view(of: View, value: Any) -> bool:
    for key, item in zip(list(of.map), of.items(), strict=True):
        if java_equals(value, item):
            del of.map[key]
            modified(of.map)
            return True
    return False


def _keep_in_view(of: View, values: Any, wanted: bool) -> bool:
    others = _items(values)
    _check_work(of, others)
    doomed = [
        key
        for key, item in zip(list(of.map), of.items(), strict=True)
        if any(java_equals(item, other) for other in others) is not wanted
    ]
    for key in doomed:
        del of.map[key]
        modified(of.map)
    return bool(doomed)


def _clear_view(of: View) -> str:
    return _clear_map(of.map)


VIEW: Methods = {
    **COLLECTION,
    "add": [("O", _unsupported)],
    "addAll": [("C", lambda _, values: bool(_items(values)) and _unsupported())],
    "remove": [("O", _remove_from_view)],
    "removeAll": [("C", lambda of, values: _keep_in_view(of, values, False))],
    "retainAll": [("C", lambda of, values: _keep_in_view(of, values, True))],
    "clear": [("", _clear_view)],
}

ENTRY: Methods = {
    "getKey": [("", Entry.get_key)],
    "getValue": [("", Entry.get_value)],
    "setValue": [("O", Entry.set_value)],
}


def _void(name: str) -> Callable[..., str]:
    def call(of: JavaIterator, *arguments: Any) -> str:
        getattr(of, name)(*arguments)
        return VOID

    return call


ITERATOR: Methods = {
    "hasNext": [("", JavaIterator.has_next)],
    "next": [("", JavaIterator.next)],
    "remove": [("", _void("remove"))],
    "forEachRemaining": [("X", _needs_a_function)],
}

LIST_ITERATOR: Methods = {
    **ITERATOR,
    "hasPrevious": [("", ListIterator.has_previous)],
    "previous": [("", ListIterator.previous)],
    "nextIndex": [("", ListIterator.next_index)],
    "previousIndex": [("", ListIterator.previous_index)],
    "set": [("O", _void("set"))],
    "add": [("O", _void("add"))],
}

ARRAY: Methods = LIST

__all__ = [
    "ARRAY",
    "ARRAY_LIST",
    "ENTRY",
    "ITERATOR",
    "LIST",
    "LIST_ITERATOR",
    "MAP",
    "VIEW",
    "contains",
    "index_of",
    "value_of",
]
