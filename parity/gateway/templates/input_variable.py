"""`$input`: the body and the parameters of a request or response, as a mapping template sees them.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#input-variable-reference
"""

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any, ClassVar

from msgspec import Struct, field

from parity.gateway.model.definition import NOTHING
from parity.jsonpath.json_text import JsonTextError, parse_json, parse_with_floats, to_json
from parity.jsonpath.path import JsonPathError, compile_json_path
from parity.jsonpath.values import template_value
from parity.velocity import Budget, HostObject, java_string


class TemplateInput(Struct, kw_only=True):
    """What a mapping template is rendered with.

    `path`, `querystring` and `header` are the parameters of the method request, one value each. `context` is
    `$context` as a dict, which the template may change: `requestOverride` holds the dicts `header`, `path` and
    `querystring`, `responseOverride` the dict `header` and perhaps `status`; after rendering read them from `context`
    anew. Give the same dict to the response template.
    """

    body: bytes | str = b""
    path: Mapping[str, str] = NOTHING
    querystring: Mapping[str, str] = NOTHING
    header: Mapping[str, str] = NOTHING
    context: dict[str, Any] = field(default_factory=dict)
    stage_variables: Mapping[str, str] = NOTHING


_UNREAD: Any = object()


class InputVariable(HostObject):
    """`$input` of one rendering. The body is decoded and parsed when the template first asks for it.

    It is parsed once: what `path` gives is the document itself or a part of it, and what the template changes there is
    seen by every later `path` and `json`. `body` stays the raw text.

    Args:
        source: what the template is rendered with.
        budget: what the rendering may use up.
    """

    __slots__ = ("_budget", "_document", "_is_live", "_parameters", "_source", "_text", "_unusual_floats")

    def __init__(self, source: TemplateInput, budget: Budget) -> None:
        self._source = source
        self._budget = budget
        self._text: str | None = None
        self._document: Any = _UNREAD
        self._is_live = False
        self._unusual_floats: bool | None = None
        self._parameters: dict[str, dict[str, str]] | None = None

    def body(self) -> str:
        """The raw text of the body, `{}` when it is empty."""
        if self._text is None:
            body = self._source.body
            self._text = (body if isinstance(body, str) else body.decode("utf-8", "replace")) or "{}"
            self._budget.consume_text(self._text)
        return self._text

    def _read(self) -> Any:
        """The parsed body, or None where it is not JSON at all."""
        if self._document is _UNREAD:
            text = self.body()
            try:
                self._document, self._unusual_floats = parse_with_floats(text)
            except JsonTextError:
                self._document = None
            except ValueError:
                self._document = _parse_leniently(text)
        return self._document

    def _select(self, expression: object) -> Any:
        document = self._read()
        if document is None:
            return None
        if expression == "$" or expression is None or expression == "":
            return document
        try:
            return compile_json_path(java_string(expression)).read(document)
        except (JsonPathError, RecursionError):
            return None

    def path(self, expression: object) -> Any:
        """The part of the body that a JSONPath expression selects, to be read and changed; None for no match."""
        started = perf_counter()
        if not self._is_live:
            self._document = template_value(self._read())
            self._is_live, self._unusual_floats = True, None
        value = self._select(expression)
        self._budget.consume_time(started)
        return value

    def json(self, expression: object) -> str:
        """The JSON text of the part of the body that a JSONPath expression selects; `""` for no match."""
        started = perf_counter()
        value = self._select(expression)
        if value is None:
            return '""'
        may_compute = isinstance(expression, str) and "(" in expression
        text = to_json(value, unusual_floats=None if may_compute else self._unusual_floats)
        self._budget.consume_time(started)
        self._budget.consume_text(text)
        return text

    def params(self, name: object = None) -> Any:
        """All parameters by `path`, `querystring` and `header`, or the first of that name, in that order."""
        source = self._source
        if name is not None:
            for parameters in (source.path, source.querystring, source.header):
                if name in parameters:
                    return parameters[str(name)]
            return ""
        if self._parameters is None:
            self._parameters = {
                "path": dict(source.path),
                "querystring": dict(source.querystring),
                "header": dict(source.header),
            }
        return self._parameters

    def java_property(self, name: str) -> object:
        """`$input.body`; there is no other property."""
        return self.body() if name == "body" else None

    java_methods: ClassVar[Mapping[str, Callable[..., object]]] = {"path": path, "json": json, "params": params}


def _parse_leniently(text: str) -> Any:
    try:
        return parse_json(text)
    except JsonTextError:
        return None
