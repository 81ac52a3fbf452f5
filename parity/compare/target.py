"""Which API is compared: one that runs locally, a deployed stack's, or the one at a URL."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from parity.compare.authorization import LOCAL_CREDENTIALS, Authorization, authorization_from, region_of
from parity.compare.client import TIMEOUT_SECONDS, Client
from parity.compare.diagnosis.template_files import TemplateFiles
from parity.compare.settings import COMPARE, OptionNames, Settings, Side, settings_from_config
from parity.errors import UserError

if TYPE_CHECKING:
    from parity.compare.pair.pair import Pair, PairClient
    from parity.gateway.model.exchange import Exchange
    from parity.local.program.records import ResourceRecord
    from parity.local.session import Session

LIVE_CONNECTIONS = 8
"""Connections to each integration of a deployed API; fewer than the default burst of the stage."""
LOCAL_CONNECTIONS = 1
"""One is fastest locally: more would each start another Lambda environment."""
STACK_OUTPUT_SECONDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An API under comparison. `urls` has the base URL of each integration that exists.

    `exchange_of` finds what the local gateway did with a request, by its `x-amzn-RequestId`; None for a deployed API.
    `outputs` are the stack's and `resources` what its program registered, where they are known. `authorization` is
    added to each request. `unavailable` tells why backends could not be started. `pair` is set where two
    routes are compared that somebody named; `urls` are then those of their stages.
    `note` says what a reader must know of how it is compared. `template_files` are those of the program. `options` are
    the names of the options that chose the API.
    """

    urls: Mapping[Side, str]
    settings: Settings
    description: str
    connections: int = LIVE_CONNECTIONS
    outputs: Mapping[str, Any] = field(default_factory=dict)
    resources: "Sequence[ResourceRecord]" = ()
    exchange_of: "Callable[[str], Exchange | None] | None" = None
    authorization: Authorization | None = None
    unavailable: Callable[[], Sequence[str]] = tuple
    pair: "Pair | None" = None
    note: str = ""
    template_files: TemplateFiles | None = None
    options: OptionNames = COMPARE

    def client(self, side: Side, timeout: float = TIMEOUT_SECONDS) -> "Client | PairClient":
        """A connection to one side.

        Args:
            side: which one.
            timeout: seconds to wait for an answer.
        """
        if self.pair is not None:
            return self.pair.client(side, timeout)
        return Client(self.urls[side], timeout=timeout, authorization=self.authorization)


@contextmanager
def local_target(program: Path, *, on_progress: Callable[[str], None] | None = None, **run: Any) -> Iterator[Target]:
    """Runs a Pulumi program locally for as long as the context lasts.

    Args:
        program: the folder of the program's Pulumi.yaml.
        on_progress: called with a few words on what is being done.
        run: keyword arguments of `parity.local.open_session`, such as `stack` and `config`.

    Raises:
        UserError: the program cannot be run, or declares no integration that can be compared.
    """
    from parity.local.program.worker_process import Worker

    worker = Worker(program)  # imports the Pulumi SDK in its process while this one imports what serves
    from parity.local import running

    with running(program, **run, record=True, on_progress=on_progress, worker=worker) as session:
        yield target_of_session(session)


def target_of_session(session: "Session", options: OptionNames = COMPARE) -> Target:
    """The API of a program that runs locally, and records its exchanges.

    Args:
        session: the program.
        options: what an error calls the options that choose the API.

    Raises:
        UserError: it declares no integration that can be compared.
    """
    urls = _local_urls(session, options)
    return Target(
        urls=urls,
        settings=settings_from_config(session.config, session.outputs.get("api_id"), session.outputs.get("url")),
        description=f"{session.project}, stack {session.stack}, locally",
        connections=LOCAL_CONNECTIONS,
        outputs=session.outputs,
        resources=session.resources,
        exchange_of=session.exchange,
        authorization=authorization_from(session.config, session.outputs, LOCAL_CREDENTIALS),
        template_files=TemplateFiles(session.root),
        options=options,
        unavailable=lambda: [backend.unavailable for backend in session.backends if backend.unavailable],
    )


def _local_urls(session: "Session", options: OptionNames) -> dict[Side, str]:
    """The URLs of this project's two integrations, of which each is checked to be a route of the program.

    Raises:
        UserError: one is not; the text lists the routes that there are.
    """
    from parity.compare.pair.finding import routes_of

    named = f"name two routes to compare: {options.left} 'POST /orders' {options.right} '/v2/orders'. There are:"
    listed = "\n".join(f"  {route}" for route in routes_of(session)[:20]) or "  none"
    try:
        urls = _urls(session.outputs, f"{session.options.program}/Pulumi.yaml")
    except UserError as error:
        raise UserError(f"{error}; {named}\n{listed}") from error
    for side, url in urls.items():
        if not _is_route(session, url):
            raise UserError(f"there is no route {urlsplit(url).path} for the {side} integration; {named}\n{listed}")
    return urls


def _is_route(session: "Session", url: str) -> bool:
    """Whether a URL is that of a resource, or of one above another, in a stage of a local API; or of no local API."""
    for api in session.apis:
        for stage in api.stages:
            base = api.url(stage)
            if url == base or url.startswith(f"{base}/"):
                path = url[len(base) :].rstrip("/")
                return any(f"{resource.path}/".startswith(f"{path}/") for resource in api.definition.resources)
    return not any(url.startswith(f"{api.origin}/") for api in session.apis)


def url_target(url: str, config: Mapping[str, str] | None = None, options: OptionNames = COMPARE) -> Target:
    """The deployed API at a stage's URL.

    Args:
        url: the invoke URL of the stage, such as `https://1a2bc3d456.execute-api.us-east-1.amazonaws.com/dev`.
        config: the configuration it was deployed with, as far as it is not the default; `backend` says which sides
            exist.
        options: what an error calls the options that choose the API.

    Raises:
        UserError: the URL is not one of a stage.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UserError(
            f"{options.url}: {url!r} is not the URL of a stage; it looks like "
            "https://1a2bc3d456.execute-api.us-east-1.amazonaws.com/dev ('pulumi stack output url' prints it)",
            status=2,
        )
    values = {key.removeprefix("parity:"): value for key, value in (config or {}).items()}
    outputs = {"url": url.rstrip("/"), "backend": values.get("backend", "both")}
    label, _, rest = parts.hostname.partition(".")
    api_id = label if rest.startswith("execute-api.") else values.get("apiId")
    return Target(
        urls=_urls(outputs, url),
        settings=settings_from_config(values, api_id, url),
        description=url,
        outputs=outputs,
        authorization=authorization_from(values, {}, region=region_of(url)),
        options=options,
    )


def stack_target(
    program: Path, stack: str, config: Mapping[str, str] | None = None, options: OptionNames = COMPARE
) -> Target:
    """The API of a deployed stack, found through `pulumi stack output --json`.

    Args:
        program: the folder of the program's Pulumi.yaml.
        stack: the stack's name, as the Pulumi CLI knows it.
        config: values that come before those of the stack's configuration file.
        options: what an error calls the options that choose the API.

    Raises:
        UserError: there is no Pulumi CLI, no such stack, or the stack has no API to compare.
    """
    _require_pulumi_cli(stack, options)
    values = {**_stack_config(program, stack), **(config or {})}
    authorization = values.get("authorization", values.get("parity:authorization"))
    outputs = stack_outputs(program, stack, show_secrets=authorization in ("api-key", "lambda"), options=options)
    return Target(
        urls=_urls(outputs, f"stack {stack}"),
        settings=settings_from_config(values, outputs.get("api_id"), outputs.get("url")),
        description=f"stack {stack} on AWS, {outputs.get('url', '')}",
        outputs=outputs,
        authorization=authorization_from(values, outputs, region=region_of(str(outputs.get("url", "")))),
        options=options,
    )


def _require_pulumi_cli(stack: str, options: OptionNames) -> None:
    if shutil.which("pulumi") is None:
        install = "Install it (https://www.pulumi.com/docs/install/)"
        otherwise = (
            f"{install}, name the API by {options.url}, or leave {options.deployed} out to run the program locally "
            f"with the configuration of stack {stack}"
        )
        raise UserError(
            f"{f'{options.deployed} asks for' if options.deployed else 'this checks'} the API of stack {stack} on AWS, "
            "and the Pulumi CLI that knows its URL is not on the PATH. "
            + (otherwise if options.deployed else f"{install}, or name the API by {options.url}")
        )


def stack_outputs(program: Path, stack: str, *, show_secrets: bool, options: OptionNames = COMPARE) -> dict[str, Any]:
    """What a deployed stack exports, as the Pulumi CLI prints it.

    Raises:
        UserError: there is no Pulumi CLI, or no such stack.
    """
    _require_pulumi_cli(stack, options)
    command = ["pulumi", "stack", "output", "--json", "--stack", stack, *(["--show-secrets"] if show_secrets else [])]
    try:
        done = subprocess.run(
            command, cwd=program, capture_output=True, text=True, timeout=STACK_OUTPUT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise UserError(
            f"stack {stack}: '{' '.join(command)}' gave no answer in {STACK_OUTPUT_SECONDS} s; is the Pulumi CLI "
            "logged in (pulumi login)?"
        ) from error
    if done.returncode != 0:
        raise UserError(
            f"stack {stack}: '{' '.join(command)}' failed in {program}: {done.stderr.strip()}\n"
            "Is the stack deployed ('pulumi up'), and the CLI logged in?"
            + (
                f" Leave {options.deployed} out to compare locally"
                if options.deployed
                else f" An API can be named by {options.url} too"
            )
        )
    try:
        outputs = json.loads(done.stdout)
    except ValueError as error:
        raise UserError(f"stack {stack}: '{' '.join(command)}' printed no JSON: {done.stdout[:200]!r}") from error
    if not isinstance(outputs, dict):
        raise UserError(f"stack {stack}: '{' '.join(command)}' printed no mapping of outputs")
    return outputs


def _stack_config(program: Path, stack: str) -> dict[str, Any]:
    """The configuration of a stack: the defaults of Pulumi.yaml, then the values of the stack's own file."""
    from parity.local.program.project import Project, read_yaml

    project = Project.at(program)
    values = {
        key.removeprefix(f"{project.name}:"): declared.get("value", declared.get("default"))
        for key, declared in project.declared_config.items()
        if isinstance(declared, dict)
    }
    file = project.stack_file(stack)
    own = read_yaml(file).get("config") or {} if file else {}
    values |= {key.removeprefix(f"{project.name}:"): value for key, value in own.items()}
    return {key: value for key, value in values.items() if value is not None}


def _urls(outputs: Mapping[str, Any], where: str) -> dict[Side, str]:
    """The integrations' URLs from a stack's outputs; what `parity:backend` left out has none."""
    url, backend = outputs.get("url"), outputs.get("backend", "both")
    urls: dict[Side, str] = {}
    for side, key in ((Side.LAMBDA, "lambda"), (Side.HTTP, "http")):
        if outputs.get(f"{key}_url"):
            urls[side] = str(outputs[f"{key}_url"])
        elif url and backend in ("both", key) and not any(f"{other}_url" in outputs for other in ("lambda", "http")):
            urls[side] = f"{str(url).rstrip('/')}/{key}"
    if not urls:
        raise UserError(
            f"{where}: nothing to compare; a stack needs the output lambda_url, http_url or url, and has "
            + (", ".join(sorted(outputs)) or "none")
        )
    return urls
