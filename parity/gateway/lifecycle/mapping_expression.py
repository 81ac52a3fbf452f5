"""The expressions that name a part of a request: `method.request.PLACE.NAME`, `context.NAME`, `'a constant'`.

https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
Header names are compared by case, except where an authorizer reads its identity source.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from parity.gateway.model.exchange import MethodRequest

METHOD_REQUEST: Final = "method.request."
PLACES: Final = ("header", "querystring", "path", "multivalueheader", "multivaluequerystring")


class RequestParameter(NamedTuple):
    """`method.request.PLACE.NAME`, with PLACE one of PLACES."""

    place: str
    name: str

    @property
    def declaration(self) -> str:
        """The method request parameter that declares it: a multi-value place is declared as the plain one."""
        return f"{METHOD_REQUEST}{self.place.removeprefix('multivalue')}.{self.name}"

    def value(self, request: MethodRequest) -> str | tuple[str, ...] | None:
        """Its value: the last one, every one for a multi-value place, None if the request has none."""
        match self.place:
            case "header":
                return request.headers.get(self.name)
            case "querystring":
                return request.query.get(self.name)
            case "path":
                return request.path_parameters.get(self.name)
            case "multivalueheader":
                return request.multi_value_headers.get(self.name)
            case _:
                return request.multi_value_query.get(self.name)


def request_parameter(expression: str) -> RequestParameter | None:
    """Reads `method.request.PLACE.NAME`; None for anything else, `method.request.body` included."""
    if not expression.startswith(METHOD_REQUEST):
        return None
    place, _, name = expression.removeprefix(METHOD_REQUEST).partition(".")
    return RequestParameter(place, name) if place in PLACES and name else None


def constant(expression: str) -> str | None:
    """The text of `'a constant'`, None for anything else."""
    return expression[1:-1] if len(expression) >= 2 and expression[0] == expression[-1] == "'" else None


def walk(value: Any, path: Iterable[str]) -> Any:
    """What a dotted path leads to in nested maps, None where it leads nowhere."""
    for name in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value
