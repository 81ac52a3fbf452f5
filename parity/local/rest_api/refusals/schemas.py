"""Models that AWS refuses for their JSON Schema: it has keywords that draft 4 lacks.

https://github.com/aws/aws-cdk/issues/14585 and https://github.com/clouddrove/terraform-aws-api-gateway/issues/30
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

_DRAFT_4: Final = frozenset(
    [
        "$ref",
        "$schema",
        "additionalItems",
        "additionalProperties",
        "allOf",
        "anyOf",
        "default",
        "definitions",
        "dependencies",
        "description",
        "enum",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "format",
        "id",
        "items",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "not",
        "oneOf",
        "pattern",
        "patternProperties",
        "properties",
        "required",
        "title",
        "type",
        "uniqueItems",
    ]
)
_SCHEMAS: Final = ("additionalItems", "additionalProperties", "items", "not")
_LISTS: Final = ("allOf", "anyOf", "items", "oneOf")
_MAPS: Final = ("definitions", "dependencies", "patternProperties", "properties")


def refused_schema(text: str) -> str | None:
    """AWS's message for a model whose schema has unknown keywords; None for one that is taken, or is no JSON.

    Args:
        text: the schema.
    """
    try:
        schema = json.loads(text)
    except (ValueError, RecursionError):
        return None
    errors = [
        f"Invalid model schema specified. Unsupported keyword(s): {json.dumps(keywords)}"
        for keywords in unknown_keywords(schema)
    ]
    return (
        f"Invalid model specified: Validation Result: warnings : [], errors : [{', '.join(errors)}]" if errors else None
    )


def unknown_keywords(schema: Any) -> Iterator[list[str]]:
    """The keywords that draft 4 lacks, for each schema within a schema that has any; beside a `$ref`, none counts."""
    if not isinstance(schema, Mapping) or isinstance(schema.get("$ref"), str):
        return
    unknown = sorted(keyword for keyword in schema if keyword not in _DRAFT_4)
    if unknown:
        yield unknown
    for keyword in _SCHEMAS:
        yield from unknown_keywords(schema.get(keyword))
    for keyword in _LISTS:
        value = schema.get(keyword)
        for item in value if isinstance(value, list) else ():
            yield from unknown_keywords(item)
    for keyword in _MAPS:
        value = schema.get(keyword)
        for item in value.values() if isinstance(value, Mapping) else ():
            yield from unknown_keywords(item)
