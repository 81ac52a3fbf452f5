"""JSON values as mapping templates see them.

An object is Java's LinkedHashMap and prints as `{a=1, b=two}`; an array is json-smart's and prints as JSON, wherever it
stands: `{a=[{"b":1}]}`.
"""

from typing import Any

from parity.jsonpath.json_text import to_json
from parity.velocity.budget import spend


class JsonArray(list[Any]):
    """A JSON array: printed as text it is JSON, with `/` escaped, as json-smart's JSONArray.toString does."""

    def java_string(self) -> str:
        """The JSON text of the array."""
        return to_json(self, escape_slash=True)


def template_value(value: Any) -> Any:
    """A JSON value that a template may read and change; its objects are the ones given, its arrays new ones.

    Args:
        value: what `parse_json` returned, and nothing else refers to.
    """
    if isinstance(value, (dict, list)):
        spend(len(value))
    if type(value) is dict:
        for key, item in value.items():
            if type(item) is dict:
                template_value(item)
            elif type(item) is list:
                value[key] = template_value(item)
        return value
    if type(value) is list:
        return JsonArray([template_value(item) for item in value])
    return value


def copied(value: Any) -> Any:
    """A copy of a JSON value, which a template may read and change without changing the original."""
    if type(value) is dict:
        return {key: copied(item) for key, item in value.items()}
    return JsonArray([copied(item) for item in value]) if type(value) is list else value
