"""One route of a program that runs locally, for tests that send it requests."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from parity.compare.case import Case, Headers, json_body
from parity.compare.client import Answer, Client
from parity.compare.pair.finding import local_endpoint
from parity.compare.pair.pair import Endpoint
from parity.compare.pair.route import parameters_of, parse_route
from parity.compare.received import body_of
from parity.errors import UserError

if TYPE_CHECKING:
    from parity.gateway.model.exchange import Exchange
    from parity.local.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteResult:
    """What became of a request: the answer, and what the gateway did."""

    answer: Answer
    exchange: "Exchange"

    @property
    def status(self) -> int:
        """The status that the client got."""
        return self.answer.status

    @property
    def headers(self) -> Headers:
        """The answer's headers, as (name, value)."""
        return self.answer.headers

    @property
    def text(self) -> str:
        """The answer's body."""
        return self.answer.text

    def json(self) -> Any:
        """The answer's body as JSON.

        Raises:
            ValueError: it is not JSON.
        """
        return json.loads(self.answer.text)

    @property
    def sent(self) -> Any:
        """The body that the backend was sent: the event of a function, as JSON; a text that is not JSON as it is.

        None where no backend was reached.
        """
        request = self.exchange.integration_request
        return body_of(request.body.decode("utf-8", "replace")) if request is not None else None

    @property
    def sent_to(self) -> str:
        """The method and the URI of the request to the backend, empty where none was reached."""
        request = self.exchange.integration_request
        return f"{request.method} {request.uri}" if request is not None else ""


class LocalRoute:
    """A route; calling it sends a request.

    Args:
        endpoint: where it is.
        method: the HTTP method.
    """

    def __init__(self, endpoint: Endpoint, method: str) -> None:
        self._endpoint = endpoint
        self._method = method

    @classmethod
    def find(cls, session: "Session", text: str) -> "LocalRoute":
        """The route of a program.

        Args:
            session: the program, which records its exchanges.
            text: the route, such as `POST /orders/{id} stage=dev`.

        Raises:
            UserError: there is no such route.
        """
        endpoint = local_endpoint(session, parse_route(text, "parity_route"))
        declared = endpoint.declared.http_method if endpoint.declared is not None else "GET"
        return cls(endpoint, endpoint.method or ("GET" if declared == "ANY" else declared))

    def __call__(
        self,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: str | bytes | None = None,
        json: Any = None,
    ) -> RouteResult:
        """Sends a request, and waits for the answer.

        Args:
            path: the path parameters, not encoded.
            query: the query string's parameters, not encoded.
            headers: the headers.
            body: the body as it is sent.
            json: a value whose JSON is sent in place of a body, as application/json.

        Raises:
            UserError: a path parameter is missing.
            ConnectionError: there was no answer.
        """
        names, given = parameters_of(self._endpoint.path), path or {}
        missing = [name for name in names if name not in given]
        if missing:
            raise UserError(f"{self._endpoint.side}: give path={{{missing[0]!r}: …}}")
        fields = dict(headers or {})
        if json is not None:
            fields.setdefault("Content-Type", "application/json")
        data = json_body(json) if json is not None else body.encode() if isinstance(body, str) else body
        case = Case(
            name=self._endpoint.side,
            method=self._method,
            query_string=urlencode(query or {}, quote_via=quote),
            headers=tuple(fields.items()),
            body=data,
            parameters=tuple(quote(given[name], safe="") for name in names),
        )
        with Client(self._endpoint.url, authorization=self._endpoint.authorization) as client:
            answer = client.send(self._endpoint.request(case))
        request_id = answer.header("x-amzn-RequestId")
        exchange = self._endpoint.exchange_of(request_id) if request_id and self._endpoint.exchange_of else None
        if exchange is None:
            raise ConnectionError(answer.error or f"{self._endpoint.side}: the gateway knows nothing of the request")
        return RouteResult(answer=answer, exchange=exchange)
