"""Which arguments a resource type has, read from the classes of its Pulumi package.

The classes are generated from the provider's schema, so a misspelt, misplaced or missing argument is found here before
a real provider would refuse it.
"""

import importlib
import inspect
import types
import typing
import warnings
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from pulumi import _types as pulumi_types

from tests.engine.property_values import UNKNOWN, is_secret, is_special

PYTHON_PACKAGES = {"aws": "pulumi_aws", "docker-build": "pulumi_docker_build"}
PYTHON_MODULES = {"lambda": "lambda_", "index": ""}


@cache
def resource_class(token: str) -> type:
    """The Python class of a resource type such as `aws:lambda/function:Function`; KeyError for a foreign package."""
    package, module, name = token.split(":")
    module = module.partition("/")[0]
    path = ".".join(filter(None, (PYTHON_PACKAGES[package], PYTHON_MODULES.get(module, module))))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of resource types beside this one
        found: type = getattr(importlib.import_module(path), name)
    return found


@cache
def arguments_class(token: str) -> type:
    """The class of the arguments of a resource type."""
    cls = resource_class(token)
    found: type = getattr(importlib.import_module(cls.__module__), f"{cls.__name__}Args")
    return found


@cache
def computed_strings(token: str) -> frozenset[str]:
    """The properties of a resource type that are strings and no arguments: AWS alone sets them."""
    cls = resource_class(token)
    names = pulumi_types.resource_py_to_pulumi_names(cls)
    arguments = pulumi_types.input_type_types(arguments_class(token))
    kinds = pulumi_types.resource_types(cls)
    properties = {names.get(name, name): kind for name, kind in kinds.items()}
    return frozenset(name for name, kind in properties.items() if kind is str and name not in arguments)


@cache
def _arguments(cls: type) -> tuple[Mapping[str, Any], frozenset[str]]:
    """The arguments of a class of arguments by their Pulumi names, and the names of those that are required."""
    names = pulumi_types.input_type_py_to_pulumi_names(cls)
    parameters = inspect.signature(cls).parameters
    required = (names[name] for name, parameter in parameters.items() if parameter.default is inspect.Parameter.empty)
    return pulumi_types.input_type_types(cls), frozenset(required)


def argument_problems(token: str, inputs: Mapping[str, Any]) -> list[str]:
    """What is wrong with the inputs of a resource: unknown and missing arguments, and values of the wrong kind."""
    return list(_object_problems("", arguments_class(token), inputs))


def _object_problems(path: str, cls: type, value: Mapping[str, Any]) -> Iterator[str]:
    arguments, required = _arguments(cls)
    for name in sorted(required - value.keys()):
        yield f"{path}{name} is missing"
    for name, item in value.items():
        if name in arguments:
            yield from _value_problems(f"{path}{name}", arguments[name], item)
        elif not name.startswith("__"):
            yield f"{path}{name} is no argument of {cls.__name__}"


def _value_problems(path: str, kind: Any, value: Any) -> Iterator[str]:
    if is_secret(value):
        yield from _value_problems(path, kind, value["value"])
        return
    kinds = _alternatives(kind)
    if value is None or value == UNKNOWN or is_special(value) or not kinds:
        return
    problems = [list(_kind_problems(path, alternative, value)) for alternative in kinds]
    if all(problems):
        yield from min(problems, key=len)


def _alternatives(kind: Any) -> list[Any]:
    """The kinds of value that an annotation allows, without `Output`, `Awaitable` and `None`; empty means any."""
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        found = [alternative for argument in typing.get_args(kind) for alternative in _alternatives(argument)]
        return [alternative for alternative in found if not typing.is_typeddict(alternative)]
    if kind is Any or kind is type(None):
        return []
    if origin is not None and origin not in (list, dict) and not issubclass(origin, (Sequence, Mapping)):
        return []
    return [kind]


def _kind_problems(path: str, kind: Any, value: Any) -> Iterator[str]:
    origin = typing.get_origin(kind)
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(value, dict):
            yield f"{path} must be an object, not {value!r}"
            return
        for name, item in value.items():
            yield from _value_problems(f"{path}.{name}", typing.get_args(kind)[1], item)
    elif origin is not None:
        if not isinstance(value, list):
            yield f"{path} must be a list, not {value!r}"
            return
        for index, item in enumerate(value):
            yield from _value_problems(f"{path}[{index}]", typing.get_args(kind)[0], item)
    elif pulumi_types.is_input_type(kind):
        if not isinstance(value, dict):
            yield f"{path} must be an object, not {value!r}"
            return
        yield from _object_problems(f"{path}.", kind, value)
    else:
        yield from _scalar_problems(path, kind, value)


def _scalar_problems(path: str, kind: type, value: Any) -> Iterator[str]:
    expected: dict[type, tuple[type, ...]] = {str: (str,), bool: (bool,), int: (int, float), float: (int, float)}
    allowed = expected.get(kind)
    if allowed is None:
        return
    wrong_number = isinstance(value, bool) and kind is not bool
    broken_integer = kind is int and isinstance(value, float) and not value.is_integer()
    if not isinstance(value, allowed) or wrong_number or broken_integer:
        yield f"{path} must be of type {kind.__name__}, not {value!r}"
