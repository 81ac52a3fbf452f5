"""Two routes, found, with what a request to each needs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

from parity.compare.authorization import Authorization
from parity.compare.case import Case, Headers
from parity.compare.client import TIMEOUT_SECONDS, Answer, Client
from parity.compare.pair.ignore import IgnoreRules
from parity.compare.pair.route import RouteSpec, fill, match, parameters_of
from parity.compare.settings import Side
from parity.errors import UserError

if TYPE_CHECKING:
    from parity.gateway.model.definition import Integration, Method, RestApi
    from parity.gateway.model.exchange import Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One of the two routes. `url` is that of its stage, `path` its resource's.

    `declared` is the method as its `api` declares it, None for a deployed API; `exchange_of` finds what the local
    gateway did with a request, by its `x-amzn-RequestId`. `headers` are sent with each request, such as an API key.
    """

    side: Side
    spec: RouteSpec
    url: str
    path: str
    declared: "Method | None" = None
    api: "RestApi | None" = None
    authorization: Authorization | None = None
    headers: Headers = ()
    exchange_of: "Callable[[str], Exchange | None] | None" = None

    @property
    def method(self) -> str | None:
        """The method of every request to it; None takes that of the request."""
        return self.spec.method

    @property
    def integration(self) -> "Integration | None":
        """The integration that it leads to, None where that is not known."""
        return self.declared.integration if self.declared is not None else None

    def request(self, case: Case) -> Case:
        """A case as it is sent to this route."""
        path = fill(self.path, case.parameters or ())
        sent = {name.lower() for name, _ in case.headers}
        added = tuple(header for header in self.headers if header[0].lower() not in sent)
        return replace(case, method=self.method or case.method, path=path, headers=(*case.headers, *added))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two routes. `ignore` says which differences do not count; `twice` sends each request twice, to find the values
    that change from one request to the next by themselves.
    """

    left: Endpoint
    right: Endpoint
    ignore: IgnoreRules = field(default_factory=IgnoreRules)
    twice: bool = True

    def __post_init__(self) -> None:
        """Checks that the path parameters of one route can be filled in from those of the other.

        Raises:
            UserError: they cannot.
        """
        counts = [len(parameters_of(endpoint.path)) for endpoint in (self.left, self.right)]
        if counts[0] != counts[1]:
            raise UserError(
                f"{self.left.path} has {counts[0]} path parameters and {self.right.path} has {counts[1]}; "
                "a request to one cannot be sent to the other. Compare routes with as many"
            )

    @property
    def endpoints(self) -> Mapping[Side, Endpoint]:
        """Both, by their names."""
        return {self.left.side: self.left, self.right.side: self.right}

    def case_for(self, case: Case) -> Case | None:
        """A case with its path parameters, as it is sent to the left route; None where it is for neither route.

        A path may be that of either route, with or without the stage before it, or empty for the route itself. Where
        both routes are greedy, any other path stands below them.
        """
        if case.parameters is not None:
            return case if case.path else self._with(case, case.parameters)
        for endpoint in (self.left, self.right):
            values = _values_in(endpoint, case)
            if values is not None:
                return self._with(case, values)
        greedy = self.left.path.endswith("+}") and self.right.path.endswith("+}")
        if greedy and len(parameters_of(self.left.path)) == 1:
            return self._with(case, (case.path.lstrip("/") or "/",))
        return None

    def _with(self, case: Case, values: tuple[str, ...]) -> Case:
        method = self.left.method or case.method
        return replace(case, parameters=values, method=method, path=fill(self.left.path, values))

    def select(self, cases: Sequence[Case]) -> tuple[tuple[Case, ...], tuple[Case, ...]]:
        """The cases that are for the pair, and those that are for other routes."""
        found = [(case, self.case_for(case)) for case in cases]
        return tuple(own for _, own in found if own is not None), tuple(case for case, own in found if own is None)

    def client(self, side: Side, timeout: float = TIMEOUT_SECONDS) -> "PairClient":
        """A connection to one of the routes."""
        return PairClient(self, self.endpoints[side], timeout)


def _values_in(endpoint: Endpoint, case: Case) -> tuple[str, ...] | None:
    if endpoint.method is not None and case.method != endpoint.method and case.method_given:
        return None
    if not case.path:
        return () if not parameters_of(endpoint.path) else None
    without_stage = "/" + case.path.lstrip("/").partition("/")[2]
    found = match(endpoint.path, case.path)
    return found if found is not None else match(endpoint.path, without_stage) if case.has_stage else None


class PairClient:
    """One connection to one route; a case is sent as it is for that route, twice where the pair says so.

    Args:
        pair: the two routes.
        endpoint: the one that this connects to.
        timeout: seconds to wait for an answer.
    """

    def __init__(self, pair: Pair, endpoint: Endpoint, timeout: float) -> None:
        self._pair = pair
        self._endpoint = endpoint
        self._client = Client(endpoint.url, timeout=timeout, authorization=endpoint.authorization)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._client.__exit__(kind, error, traceback)

    def send(self, case: Case) -> Answer:
        """Sends a case, and waits for each answer.

        Raises:
            UserError: the case is for neither route.
        """
        own = self._pair.case_for(case)
        if own is None:
            raise UserError(f"{case.name}: {case.method} {case.path} is for neither route of the pair")
        request = self._endpoint.request(own)
        answer = self._client.send(request)
        if not self._pair.twice or answer.error:
            return answer
        return replace(answer, again=self._client.send(request))
