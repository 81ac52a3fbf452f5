"""Requests that a route's own declarations ask for: its parameters, and the models of its bodies (JSON Schema draft 4).

They are few, and the same each time: every property, only what is required, and values that templates get wrong.
https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from parity.compare.case import Case, json_body
from parity.compare.pair.route import fill, parameters_of

if TYPE_CHECKING:
    from parity.gateway.model.definition import Method, Model

WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS", "DELETE"})
DEEPEST = 12
TEXTS = {
    "plain": "value",
    "quotes": "say \"hi\" and 'bye' \\ C:\\new",
    "non-ascii": "Grüße 日本 😀",
    "lines": "a\nb\tc",
}
"""Texts for each kind of request."""
FORMATS = {
    "date-time": "2024-01-02T03:04:05Z",
    "date": "2024-01-02",
    "email": "someone@example.com",
    "uuid": "123e4567-e89b-42d3-a456-426614174000",
    "uri": "https://example.com/a",
    "ipv4": "192.0.2.1",
}


@dataclass(frozen=True, slots=True)
class _Sampler:
    """Makes values of a schema; `text` is what a string holds that may be any."""

    text: str
    models: "Mapping[str, Model]"
    only_required: bool = False

    def value(self, schema: Any, depth: int = 0) -> Any:
        """A value, as good as the schema's plain keywords say; `pattern` and `not` are not looked at."""
        if not isinstance(schema, dict) or depth > DEEPEST:
            return self.text
        if isinstance(schema.get("$ref"), str):
            return self._referred(schema["$ref"], depth)
        for key in ("const", "default", "example"):
            if key in schema:
                return schema[key]
        if schema.get("enum"):
            return schema["enum"][0]
        for key in ("oneOf", "anyOf"):
            if schema.get(key):
                return self.value({**schema, **schema[key][0], key: None}, depth + 1)
        merged = dict(schema)
        for part in schema.get("allOf") or ():
            merged = {**merged, **part, "properties": {**merged.get("properties", {}), **part.get("properties", {})}}
            merged["required"] = [*(schema.get("required") or ()), *(part.get("required") or ())]
        return self._of_type(merged, depth)

    def _referred(self, reference: str, depth: int) -> Any:
        model = self.models.get(reference.rpartition("/")[2])
        return self.value(_schema(model), depth + 1) if model is not None else {}

    def _of_type(self, schema: dict[str, Any], depth: int) -> Any:
        type_ = schema.get("type")
        type_ = next((each for each in type_ if each != "null"), "null") if isinstance(type_, list) else type_
        if type_ == "object" or (type_ is None and "properties" in schema):
            names = schema.get("required") or () if self.only_required else schema.get("properties") or {}
            properties = schema.get("properties") or {}
            return {name: self.value(properties.get(name), depth + 1) for name in names}
        if type_ == "array":
            items = schema.get("items")
            item = items[0] if isinstance(items, list) and items else items
            return [self.value(item, depth + 1) for _ in range(max(1, int(schema.get("minItems") or 1)))]
        if type_ in ("integer", "number"):
            low, high = schema.get("minimum"), schema.get("maximum")
            number = low if low is not None else high if high is not None else 1
            return number + (1 if schema.get("exclusiveMinimum") and low is not None else 0)
        if type_ == "boolean":
            return True
        return None if type_ == "null" else self._string(schema)

    def _string(self, schema: Mapping[str, Any]) -> str:
        if schema.get("format") in FORMATS:
            return FORMATS[schema["format"]]
        text = self.text.ljust(int(schema.get("minLength") or 0), "x")
        return text[: int(schema["maxLength"])] if schema.get("maxLength") else text


def _schema(model: "Model | None") -> Any:
    try:
        return json.loads(model.schema) if model is not None else None
    except ValueError:
        return None


def model_cases(path: str, verb: str, method: "Method", models: "Mapping[str, Model]") -> tuple[Case, ...]:
    """The requests of a route.

    Args:
        path: the resource's path.
        verb: the HTTP method to send.
        method: the method as its API declares it.
        models: the API's models by name.
    """
    content_type, name = next(iter(method.request_models.items()), ("application/json", ""))
    schema = _schema(models.get(name))
    has_body = bool(name) or verb not in WITHOUT_BODY
    cases = []
    for kind, text in TEXTS.items():
        body = _Sampler(text, models).value(schema) if schema is not None else {"key": text}
        cases.append(_case(kind, path, verb, method, text, body if has_body else None, content_type))
    if has_body and schema is not None:
        required = _Sampler("value", models, only_required=True).value(schema)
        cases.append(_case("only-required", path, verb, method, "value", required, content_type))
    if has_body:
        cases.append(_case("no-body", path, verb, method, "value", None, ""))
    return tuple(dict.fromkeys(cases))


def declared_case(path: str, verb: str, method: "Method", models: "Mapping[str, Model]", text: str) -> Case:
    """One request with every parameter and property of a route, and its path.

    Args:
        path: the resource's path.
        verb: the HTTP method to send.
        method: the method as its API declares it.
        models: the API's models by name.
        text: what each parameter and string holds, if it may be any.
    """
    content_type, name = next(iter(method.request_models.items()), ("application/json", ""))
    schema = _schema(models.get(name))
    body = _Sampler(text, models).value(schema) if schema is not None else {"key": text}
    has_body = bool(name) or verb not in WITHOUT_BODY
    case = _case("plain", path, verb, method, text, body if has_body else None, content_type)
    parameters = tuple(quote(text, safe="") or "a" for _ in parameters_of(path))
    return replace(case, path=fill(path, parameters), parameters=None)


def _case(kind: str, path: str, verb: str, method: "Method", text: str, body: Any, content_type: str) -> Case:
    declared = [name.removeprefix("method.request.").split(".", 1) for name in method.request_parameters]
    query = {name: text for place, name in declared if place == "querystring"}
    headers = [(name, "value") for place, name in declared if place == "header" and name.lower() != "content-type"]
    if body is not None:
        headers.append(("Content-Type", content_type))
    return Case(
        name=kind,
        why={"plain": "Every parameter and property", "only-required": "Only what the model requires"}.get(kind, ""),
        method=verb,
        path="",
        query_string=urlencode(query, quote_via=quote),
        headers=tuple(headers),
        body=json_body(body) if body is not None else None,
        parameters=tuple(quote(text, safe="") if kind != "lines" else "a" for _ in parameters_of(path)),
    )
