"""Finds the two routes of a pair: in a program that is run locally, or in a deployed API.

Whether a local route exists is known before anything is sent. Of a deployed API only what it answers is known.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parity.compare.authorization import LOCAL_CREDENTIALS, Authorization, authorization_from, region_of
from parity.compare.case import Headers
from parity.compare.diagnosis.template_files import TemplateFiles
from parity.compare.pair.ignore import IgnoreRules
from parity.compare.pair.pair import Endpoint, Pair
from parity.compare.pair.route import RouteSpec
from parity.compare.settings import COMPARE, OptionNames, Settings, Side
from parity.compare.target import LIVE_CONNECTIONS, LOCAL_CONNECTIONS, Target, stack_outputs
from parity.errors import UserError

if TYPE_CHECKING:
    from parity.gateway.model.definition import Method, RestApi
    from parity.local.served_api import ServedApi
    from parity.local.session import Session

MOST_ROUTES = 20
"""How many routes an error lists."""
ANSWERS_ALONE = "what the backends were sent is not known of a deployed API: the answers alone are compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRequest:
    """Two routes as they were named, and how they are compared. `headers` are sent with each request."""

    left: RouteSpec
    right: RouteSpec
    ignore: IgnoreRules = field(default_factory=IgnoreRules)
    twice: bool = True
    headers: Headers = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """Where a route is that does not say it. `run` are keyword arguments of `parity.local.running`.

    `program` is None where only URLs are known; `url` is the stage's URL of a deployed API. `options` are what an error
    calls the options that name a route.
    """

    program: Path | None
    run: Mapping[str, Any]
    deployed: bool = False
    url: str = ""
    on_progress: Callable[[str], None] | None = None
    options: OptionNames = COMPARE


@contextmanager
def pair_target(request: PairRequest, defaults: Defaults) -> Iterator[Target]:
    """The two routes, for as long as the context lasts.

    Args:
        request: the routes.
        defaults: where they are, as far as they do not say it.

    Raises:
        UserError: a program cannot be run, or a route is not there.
    """
    if request.left.text == request.right.text:
        both = f"{defaults.options.left} and {defaults.options.right}"
        raise UserError(f"{both} are both {request.left.text!r}; name two routes", status=2)
    with ExitStack() as stack:
        finder = _Finder(request, defaults, stack)
        problems, endpoints = [], []
        for spec in (request.left, request.right):
            try:
                endpoints.append(finder.endpoint(spec))
            except RouteError as error:
                problems.append(str(error))
        if problems:
            raise UserError("\n".join(dict.fromkeys(problems)))
        pair = Pair(left=endpoints[0], right=endpoints[1], ignore=request.ignore, twice=request.twice)
        yield _target(pair, finder.sessions, defaults.options)


class RouteError(UserError):
    """A route is not there; the text lists what there is."""


def _target(pair: Pair, sessions: "Sequence[Session]", options: OptionNames) -> Target:
    local = all(endpoint.declared is not None for endpoint in pair.endpoints.values())
    where = ", ".join(f"{session.project}, stack {session.stack}, locally" for session in sessions)
    unavailable = lambda: [each.unavailable for s in sessions for each in s.backends if each.unavailable]  # noqa: E731
    return Target(
        urls={side: endpoint.url for side, endpoint in pair.endpoints.items()},
        settings=Settings(query_strings=(), headers=()),
        description=where or "deployed APIs",
        connections=LOCAL_CONNECTIONS if local else LIVE_CONNECTIONS,
        resources=[resource for session in sessions for resource in session.resources],
        unavailable=unavailable,
        pair=pair,
        template_files=TemplateFiles(sessions[0].root) if sessions else None,
        note="" if local else ANSWERS_ALONE,
        options=options,
    )


class _Finder:
    """Finds routes; runs each program once for each stack."""

    def __init__(self, request: PairRequest, defaults: Defaults, stack: ExitStack) -> None:
        self._request = request
        self._defaults = defaults
        self._stack = stack
        self._running: dict[tuple[Path, str], Session] = {}

    @property
    def sessions(self) -> "list[Session]":
        """The programs that run."""
        return list(self._running.values())

    def endpoint(self, spec: RouteSpec) -> Endpoint:
        """The route.

        Raises:
            RouteError: it is not there.
            UserError: its program cannot be run.
        """
        own = bool(spec.program or spec.stack)
        if spec.deployed or (not own and (self._defaults.deployed or self._defaults.url)):
            return self._deployed(spec)
        return local_endpoint(self._session(spec), spec, self._request.headers)

    def _program(self, spec: RouteSpec) -> Path:
        program = Path(spec.program) if spec.program else self._defaults.program
        if program is None:
            raise UserError(f"{spec.text}: there is no program to find it in; name one with program=FOLDER", status=2)
        return program

    def _session(self, spec: RouteSpec) -> "Session":
        from parity.local import running

        program, run = self._program(spec), dict(self._defaults.run)
        run["stack"] = spec.stack or run.get("stack", "dev")
        key = (program.absolute(), run["stack"])
        if key not in self._running:
            run |= {"record": True, "on_progress": self._defaults.on_progress}
            self._running[key] = self._stack.enter_context(running(program, **run))
        return self._running[key]

    def _deployed(self, spec: RouteSpec) -> Endpoint:
        config: dict[str, Any] = dict(self._defaults.run.get("config", {}))
        url, outputs = spec.url or ("" if spec.stack else self._defaults.url), dict[str, Any]()
        if not url:
            stack = spec.stack or str(self._defaults.run.get("stack", "dev"))
            outputs = stack_outputs(
                self._program(spec),
                stack,
                show_secrets=bool(config.get("authorization")),
                options=self._defaults.options,
            )
            url = _stage_url(outputs, stack)
        return Endpoint(
            side=Side(spec.text),
            spec=spec,
            url=url.rstrip("/"),
            path=spec.path,
            authorization=authorization_from(config, outputs, region=region_of(url)),
            headers=self._request.headers,
        )


def _stage_url(outputs: Mapping[str, Any], stack: str) -> str:
    """The URL of a stack's stage: the output `url`, or the only one that looks like an invoke URL."""
    if outputs.get("url"):
        return str(outputs["url"])
    found = [value for value in outputs.values() if isinstance(value, str) and ".execute-api." in value]
    if len(found) == 1 and found[0].startswith("https://"):
        return found[0]
    raise UserError(
        f"stack {stack}: which output is the URL of a stage? Export one as 'url', or write the route as a URL; "
        f"there are: {', '.join(sorted(outputs)) or 'none'}"
    )


def local_endpoint(session: "Session", spec: RouteSpec, headers: Headers = ()) -> Endpoint:
    """A route of a program that runs locally.

    Args:
        session: the program.
        spec: the route.
        headers: what is sent with each request.

    Raises:
        RouteError: it is not there, or in several APIs.
    """
    found = [
        (api, stage, method)
        for api in session.apis
        if spec.api in ("", api.definition.name, api.definition.id)
        for stage in api.stages
        if spec.stage in ("", stage)
        for method in [_method(api.definition, spec)]
        if method is not None
    ]
    if not found:
        raise RouteError(_not_there(session, spec))
    if len({api.urn for api, _, _ in found}) > 1:
        names = sorted({api.definition.name for api, _, _ in found})
        raise RouteError(f"{spec.text}: several APIs have it; add one of {', '.join(f'api={name}' for name in names)}")
    api, stage, method = found[0]
    return Endpoint(
        side=Side(spec.text),
        spec=spec,
        url=api.url(stage),
        path=spec.path,
        declared=method,
        api=api.definition,
        authorization=Authorization(credentials=LOCAL_CREDENTIALS) if method.authorization == "AWS_IAM" else None,
        headers=(*headers, *_key_headers(api.definition, method)),
        exchange_of=session.exchange,
    )


def _method(api: "RestApi", spec: RouteSpec) -> "Method | None":
    resource = next((each for each in api.resources if each.path == spec.path), None)
    if resource is None:
        return None
    if spec.method is not None:
        return resource.methods.get(spec.method) or resource.methods.get("ANY")
    return resource.methods.get("ANY") or next(iter(resource.methods.values()), None)


def _key_headers(api: "RestApi", method: "Method") -> Headers:
    """The API key that a method asks for, the first that the program declares."""
    enabled = [key.value for key in api.api_keys if key.enabled]
    return (("x-api-key", enabled[0]),) if method.api_key_required and enabled else ()


def routes_of(session: "Session") -> list[str]:
    """The routes of a session's APIs, as they are named: where there are several APIs or stages, with those."""
    apis = [api for api in session.apis if api.stages]
    return [
        f"{method} {resource.path}{_words(api, stage, len(apis))}"
        for api in apis
        for stage in api.stages
        for resource in sorted(api.definition.resources, key=lambda resource: resource.path)
        for method in sorted(resource.methods)
    ]


def _words(api: "ServedApi", stage: str, apis: int) -> str:
    return (f" api={api.definition.name}" if apis > 1 else "") + (f" stage={stage}" if len(api.stages) > 1 else "")


def _not_there(session: "Session", spec: RouteSpec) -> str:
    routes = routes_of(session)
    close = get_close_matches(spec.text, routes, n=1, cutoff=0.5)
    listed = "\n".join(f"  {route}" for route in routes[:MOST_ROUTES])
    if len(routes) > MOST_ROUTES:
        listed += f"\n  and {len(routes) - MOST_ROUTES} more ('parity serve' lists them)"
    meant = f"; did you mean {close[0]!r}?" if close else ""
    place = f"{session.project}, stack {session.stack}"
    return f"there is no route {spec.text!r} in {place}{meant} There are:\n{listed or '  none'}"
