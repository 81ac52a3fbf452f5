"""What is fuzzed: the two integrations of a comparison, or each route of the REST APIs of any program."""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Protocol

from parity.compare.authorization import LOCAL_CREDENTIALS, Authorization
from parity.compare.case import Case, Headers
from parity.compare.client import TIMEOUT_SECONDS, Answer, Client
from parity.compare.comparison import CaseResult, compare_answers
from parity.compare.redaction import SECRET_HEADERS, Redactor, secrets_in
from parity.compare.requests.models import declared_case
from parity.compare.settings import ALL, Side
from parity.errors import UserError
from parity.fuzz.requests import Route, Vocabulary

if TYPE_CHECKING:
    from parity.compare.pair.pair import Pair, PairClient
    from parity.compare.target import Target
    from parity.gateway.model.definition import Integration, Method, RestApi
    from parity.gateway.model.exchange import Exchange
    from parity.local.session import Session

PROXY = Route(path="/{proxy+}")
THROTTLED_STATUS = 429
FAILED = 500
THROTTLED_SECONDS = 20.0
"""How long a request is sent again and again that the API refuses because too many came before it."""
PAUSE_SECONDS = 0.1
MOST_NAMES = 40
"""Of each sort; more would leave no room for the names that every API gets."""
PARAMETER = re.compile(r"params\(\s*['\"]([^'\"]+)['\"]\s*\)")
KEY = re.compile(r"(?:\.|\[['\"])([A-Za-z_][\w-]*)")
MAPPED = re.compile(r"method\.request\.(?:multivalue)?(querystring|header)\.(.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What one integration answered. `label` names the integration, `url` is the base URL that the case was sent below.

    `exchange` is what the local gateway did with the request, None for a deployed API. `request` is the case as it was
    sent there, if that is not the case.
    """

    label: str
    url: str
    answer: Answer
    exchange: "Exchange | None" = None
    request: Case | None = None

    @property
    def reached(self) -> bool:
        """Whether the request came as far as the integration, or failed, and was not refused before."""
        if self.answer.status >= FAILED:
            return True
        if self.exchange is not None:
            return self.exchange.integration_request is not None
        return self.answer.header("x-amzn-ErrorType") is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What became of one request. `result` is the comparison of its replies where there are two backends to compare."""

    case: Case
    replies: tuple[Reply, ...]
    result: CaseResult | None = None


class Subject(Protocol):
    """Takes requests and tells what became of them."""

    @property
    def description(self) -> str:
        """What is fuzzed."""
        ...

    @property
    def routes(self) -> Sequence[Route]:
        """Where requests go."""
        ...

    @property
    def vocabulary(self) -> Vocabulary:
        """Which names matter."""
        ...

    def observe(self, route: int, case: Case) -> Observation:
        """Sends a case to one of the routes, and waits for each answer."""
        ...


class ComparedIntegrations:
    """Both integrations of a target, which get each request at the same time.

    Args:
        target: the API.
        clients: a connection to each integration.
        pool: a thread for each integration but one.
    """

    def __init__(
        self, target: "Target", clients: "Mapping[Side, Client | PairClient]", pool: ThreadPoolExecutor
    ) -> None:
        self._target = target
        self._clients = clients
        self._pool = pool
        self.description = target.description
        self.routes = (PROXY if target.pair is None else _route_of(target.pair),)
        known = target.settings
        self.vocabulary = Vocabulary(
            query_strings=[name for name in known.query_strings if name != ALL],
            headers=[name for name in known.headers if name != ALL],
        )
        apis = [each.api for each in target.pair.endpoints.values() if each.api] if target.pair else []
        if apis:
            self.vocabulary = vocabulary_of(apis)

    def observe(self, route: int, case: Case) -> Observation:  # noqa: ARG002 - there is one route
        """Sends a case to every integration at once and compares what arrived."""
        (first, client), *others = self._clients.items()
        waiting = {side: self._pool.submit(send_unthrottled, other, case) for side, other in others}
        answers = {first: send_unthrottled(client, case)}
        answers |= {side: future.result() for side, future in waiting.items()}
        by_side = {side: answers[side] for side in self._target.urls}
        result = compare_answers(case, by_side, self._target, generated=True)
        replies = tuple(
            Reply(
                label=side.value,
                url=self._target.urls[side],
                answer=result.answers[side],
                exchange=result.exchanges.get(side),
                request=result.requests.get(side),
            )
            for side in by_side
        )
        return Observation(case=case, replies=replies, result=result)


def _route_of(pair: "Pair") -> Route:
    """The left route of a pair, to which requests are made; its methods are those of either."""
    left = pair.left
    declared = _declared(left.path, left.declared, left.api) if left.declared and left.api else None
    return Route(
        method=left.method or pair.right.method or "ANY",
        path=left.path,
        declared=declared,
        content_types=_content_types(left.declared),
    )


def _content_types(method: "Method | None") -> tuple[str, ...]:
    return tuple(method.integration.request_templates) if method is not None and method.integration is not None else ()


def _declared(path: str, method: "Method", api: "RestApi") -> Callable[[str, str], Case] | None:
    """What makes the requests that a method's parameters and models ask for; None where it asks for nothing."""
    if not (method.request_models or method.request_parameters):
        return None
    return lambda verb, text: declared_case(path, verb, method, api.models, text)


@contextmanager
def compared_integrations(target: "Target", *, timeout: float = TIMEOUT_SECONDS) -> "Iterator[ComparedIntegrations]":
    """The integrations of a target, connected for as long as the context lasts.

    Args:
        target: the API.
        timeout: seconds to wait for an answer.
    """
    with ExitStack() as stack:
        clients = {side: target.client(side, timeout) for side in target.urls}
        for client in clients.values():
            stack.push(client)
        pool = stack.enter_context(ThreadPoolExecutor(max(1, len(clients) - 1), thread_name_prefix="fuzz"))
        yield ComparedIntegrations(target, clients, pool)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedRoute:
    """A method of a local REST API, in one of the stages, whose URL this is.

    `signed` is whether its requests have to be signed (AWS_IAM). `headers` are sent with each request that has none of
    that name, such as an API key; what they prove is shown nowhere.
    """

    route: Route
    label: str
    url: str
    signed: bool = False
    headers: Headers = ()


class ServedRoutes:
    """Every method of the REST APIs of a program that runs locally.

    Args:
        description: what is fuzzed, as a reader sees it.
        served: the methods.
        clients: a connection for each stage's URL, one that signs and one that does not.
        vocabulary: the names that the APIs know.
        exchange_of: finds what the gateway did with a request, by its id.
    """

    def __init__(
        self,
        description: str,
        served: Sequence[ServedRoute],
        clients: Mapping[tuple[str, bool], Client],
        vocabulary: Vocabulary,
        exchange_of: "Callable[[str], Exchange | None]",
    ) -> None:
        self.description = description
        self.routes = [each.route for each in served]
        self.vocabulary = vocabulary
        self._served = served
        self._clients = clients
        self._exchange_of = exchange_of

    def observe(self, route: int, case: Case) -> Observation:
        """Sends a case to one of the methods."""
        served = self._served[route]
        own = {name.lower() for name, _ in case.headers}
        added = tuple(header for header in served.headers if header[0].lower() not in own)
        sent = replace(case, headers=(*case.headers, *added))
        answer = send_unthrottled(self._clients[served.url, served.signed], sent)
        request_id = answer.header("x-amzn-RequestId")
        exchange = self._exchange_of(request_id) if request_id else None
        reply = Reply(label=served.label, url=served.url, answer=answer, exchange=exchange, request=sent)
        if added:
            reply = Redactor(secrets_in(added), {name.lower() for name, _ in added} & SECRET_HEADERS).value(reply)
        return Observation(case=case, replies=(reply,))


@contextmanager
def served_routes(
    session: "Session", *, only: Sequence[str] = (), headers: Headers = (), timeout: float = TIMEOUT_SECONDS
) -> Iterator[ServedRoutes]:
    """The methods of a session's REST APIs, connected for as long as the context lasts.

    Args:
        session: a program that runs, and records its exchanges.
        only: `METHOD PATH` of those that count, or patterns of them; all when empty.
        headers: what is sent with each request.
        timeout: seconds to wait for an answer.

    Raises:
        UserError: the program declares no method, or none that `only` names.
    """
    served = [
        ServedRoute(
            route=Route(
                method=method.http_method,
                path=resource.path,
                declared=_declared(resource.path, method, api.definition),
                content_types=_content_types(method),
            ),
            label=f"{method.http_method} {resource.path} of {api.definition.name}",
            url=api.url(name),
            signed=method.authorization == "AWS_IAM",
            headers=(*headers, *_key_headers(api.definition, method)),
        )
        for api in session.apis
        for name, stage in api.stages.items()
        for resource in api.definition.resources
        for method in resource.methods.values()
    ]
    if not served:
        raise UserError(f"{session.root}: there is nothing to fuzz; the program declares no method of a REST API")
    served = _chosen(served, only, session.project)
    with ExitStack() as stack:
        signature = Authorization(credentials=LOCAL_CREDENTIALS)
        clients = {
            (url, signed): stack.enter_context(
                Client(url, timeout=timeout, authorization=signature if signed else None)
            )
            for url, signed in dict.fromkeys((each.url, each.signed) for each in served)
        }
        counted = f"{len(served)} method{'' if len(served) == 1 else 's'}"
        description = f"{session.project}, stack {session.stack}, locally, {counted}"
        vocabulary = vocabulary_of([api.definition for api in session.apis])
        yield ServedRoutes(description, served, clients, vocabulary, session.exchange)


def _chosen(served: Sequence[ServedRoute], only: Sequence[str], project: str) -> list[ServedRoute]:
    """Those that `only` names, all when it is empty.

    Raises:
        UserError: one of its names is that of no route; the text lists what there is.
    """
    routes = dict.fromkeys(f"{each.route.method} {each.route.path}" for each in served)
    unknown = [name for name in only if not any(_is_named(route, [name]) for route in routes)]
    if unknown:
        listed = "\n".join(f"  {route}" for route in routes)
        raise UserError(f"there is no route {unknown[0]!r} in {project}. There are:\n{listed}")
    return [each for each in served if not only or _is_named(f"{each.route.method} {each.route.path}", only)]


def _is_named(route: str, names: Sequence[str]) -> bool:
    return any(route == name or fnmatchcase(route, name) for name in names)


def send_unthrottled(client: "Client | PairClient", case: Case) -> Answer:
    """Sends a case; while the API answers that too many requests came, after a pause once more."""
    until = time.monotonic() + THROTTLED_SECONDS
    while True:
        answer = client.send(case)
        refused = answer.header("x-amzn-ErrorType") == "TooManyRequestsException"  # a quota that is used up stays so
        if answer.status != THROTTLED_STATUS or not refused or time.monotonic() > until:
            return answer
        time.sleep(PAUSE_SECONDS)


def vocabulary_of(apis: "Sequence[RestApi]") -> Vocabulary:
    """The names that the templates and parameter mappings of some APIs know."""
    names: dict[str, dict[str, None]] = {"querystring": {}, "header": {}, "key": {}}
    for api in apis:
        for resource in api.resources:
            for method in resource.methods.values():
                _add_names(method, names)
    query_strings, headers, keys = (tuple(names[place])[:MOST_NAMES] for place in ("querystring", "header", "key"))
    return Vocabulary(query_strings=query_strings, headers=headers, keys=keys)


def _add_names(method: "Method", names: dict[str, dict[str, None]]) -> None:
    sources = list(_templates(method.integration)) if method.integration else []
    mapped = [*method.request_parameters]
    mapped += method.integration.request_parameters.values() if method.integration else ()
    for text in mapped:
        match = MAPPED.fullmatch(text)
        if match:
            names[match[1]][match[2]] = None
    for source in sources:
        for name in PARAMETER.findall(source):
            names["querystring"][name] = names["header"][name] = None
        for name in KEY.findall(source):
            names["key"][name] = None


def _templates(integration: "Integration") -> Iterator[str]:
    yield from integration.request_templates.values()
    for response in integration.responses:
        yield from response.response_templates.values()


def _key_headers(api: "RestApi", method: "Method") -> tuple[tuple[str, str], ...]:
    """The API key that a method asks for, the first that the program declares."""
    enabled = [key.value for key in api.api_keys if key.enabled]
    return (("x-api-key", enabled[0]),) if method.api_key_required and enabled else ()
