"""JSON values as mapping templates see them.

An object is Java's LinkedHashMap and prints as `{a=1, b=two}`; an array is json-smart's and prints as JSON, wherever it
stands: `{a=[{"b":1}]}`. The nested objects of `$context` print as nothing.
"""

from typing import Any

from parity.gateway.json_text import to_json


class JsonArray(list[Any]):
    """A JSON array: printed as text it is JSON, with `/` escaped, as json-smart's JSONArray.toString does."""

    def java_string(self) -> str:
        """The JSON text of the array."""
        return to_json(self, escape_slash=True)


class ContextMap(dict[str, Any]):
    """`$context`, or an object in it. It has keys and values, and prints as nothing (recorded on AWS)."""

    def java_string(self) -> str:
        """The empty string."""
        return ""


def template_value(value: Any) -> Any:
    """A copy of a JSON value that a template may read and change.

    Args:
        value: what `parse_json` returned, or a part of it.
    """
    if type(value) is dict:
        return {key: template_value(item) for key, item in value.items()}
    if type(value) is list:
        return JsonArray([template_value(item) for item in value])
    return value


def as_context_map(context: dict[str, Any]) -> dict[str, Any]:
    """`$context` with every object in it a ContextMap.

    What is not one yet is replaced in place, so that what a template sets is found in `context` afterwards.

    Args:
        context: `$context` as a plain dict; `identity`, `requestOverride` and the like are dicts in it.
    """
    for key, value in context.items():
        if type(value) is dict:
            context[key] = as_context_map(ContextMap(value))
    return context
