"""What `parity serve` prints: the APIs with their routes, the backends, what is not live, and log lines."""

import json
import os
import re
import shlex
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from parity.gateway.model.definition import Integration, Method, RestApi
from parity.terminal import printable, visible

if TYPE_CHECKING:
    from parity.local.program.records import ResourceRecord
    from parity.local.served_api import ServedApi
    from parity.local.session import Session

MOST_ROUTES = 40
"""How many routes of one API are listed; the others are counted."""

_FUNCTION_IN_URI = re.compile(r"function:([^:/]+)(:[^/]+)?/(?:response-streaming-)?invocations$")
_SECRET_COMMAND = re.compile(r"\$\(pulumi stack output (\w+) --show-secrets\)")
"""How a curl line for a deployed stack takes a secret from the stack's outputs."""
HIDDEN = "[secret]: --outputs FILE writes it to a file"
_BOLD, _DIM, _YELLOW, _RED, _PLAIN = "\033[1m", "\033[2m", "\033[33m", "\033[31m", "\033[0m"


class Style:
    """Colours for a terminal, nothing for a pipe; what is coloured is escaped.

    Args:
        stream: where the text goes.
    """

    def __init__(self, stream: TextIO) -> None:
        self._coloured = stream.isatty() and not os.environ.get("NO_COLOR")  # https://no-color.org

    def bold(self, text: str) -> str:
        """Headings."""
        return self._in(_BOLD, text)

    def dim(self, text: str) -> str:
        """What is beside the point."""
        return self._in(_DIM, text)

    def warning(self, text: str) -> str:
        """What its reader should look at."""
        return self._in(_YELLOW, text)

    def error(self, text: str) -> str:
        """What failed."""
        return self._in(_RED, text)

    def _in(self, code: str, text: str) -> str:
        shown = printable(text)
        return f"{code}{shown}{_PLAIN}" if self._coloured else shown


class LogPrinter:
    """Prints log lines, each with the group that it belongs to.

    Args:
        stream: where they go.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._style = Style(stream)

    def write(self, group: str, line: str) -> None:
        """Prints one line of a log group."""
        label = self._style.dim(f"{_short(group)} | ") if group else ""
        self._stream.write(f"{label}{printable(line.rstrip())}\n")
        self._stream.flush()

    def note(self, text: str, *, failed: bool = False) -> None:
        """Prints what happened to the session itself."""
        shown = printable(text)
        self._stream.write((self._style.error(shown) if failed else shown) + "\n")
        self._stream.flush()


def nothing_to_serve(resources: "Iterable[ResourceRecord]") -> str:
    """Why a program without a REST API is not served: what it declares instead."""
    counts = Counter(
        record.declared_by.partition(' "')[0] for record in resources if record.type != "pulumi:pulumi:Stack"
    )
    declared = ", ".join(f"{name} ×{count}" if count > 1 else name for name, count in sorted(counts.items()))
    text = "nothing is served: the program declares no aws.apigateway.RestApi"
    text += f", but {declared}" if declared else ", and no other resource"
    if "aws.apigatewayv2.Api" in counts:
        text += ". HTTP and WebSocket APIs (aws.apigatewayv2.Api) are not emulated"
    return text


def description(session: "Session", style: Style) -> str:
    """What a session serves, in lines.

    Args:
        session: the session, started.
        style: the colours.
    """
    lines = [style.bold(f"{session.project}, stack {session.stack}")]
    if not session.apis:
        lines += ["", style.warning("The program declares no REST API.")]
    for api in session.apis:
        lines += ["", *_api_lines(api, style)]
    lines += _domain_lines(session, style)
    lines += _backend_lines(session, style)
    lines += _notice_lines(session, style)
    lines += _output_lines(session, style)
    curl = _curl(session)
    if curl:
        lines += ["", style.bold("Try it"), f"  {printable(curl)}"]
    return "\n".join(lines) + "\n\n"


def _api_lines(api: "ServedApi", style: Style) -> list[str]:
    stages = list(api.stages)
    lines = [style.bold(f"REST API {api.definition.name}") + style.dim(f"  {api.definition.id}")]
    lines += [f"  {visible(api.url(stage))}" for stage in stages]
    if not stages:
        lines.append(style.warning("  no stage: the API cannot be called: declare an aws.apigateway.Stage"))
    routes = list(_routes(api.definition))
    width = max((len(f"{method} {path}") for method, path, _ in routes[:MOST_ROUTES]), default=0)
    for method, path, target in routes[:MOST_ROUTES]:
        lines.append(f"  {visible(f'{method} {path}'):{width}}  {style.dim('→')} {visible(target)}")
    if len(routes) > MOST_ROUTES:
        lines.append(style.dim(f"  and {len(routes) - MOST_ROUTES} more routes"))
    return lines


def _routes(definition: RestApi) -> Iterable[tuple[str, str, str]]:
    for resource in sorted(definition.resources, key=lambda resource: resource.path):
        for http_method, method in sorted(resource.methods.items()):
            yield http_method, resource.path, _target(method.integration)


def _target(integration: Integration | None) -> str:
    if integration is None:
        return "no integration"
    found = _FUNCTION_IN_URI.search(integration.uri)
    if found:
        return f"{integration.type} Lambda {found[1]}{found[2] or ''}"
    if integration.type == "MOCK":
        return "MOCK"
    link = " through a VPC link" if integration.connection_type == "VPC_LINK" and integration.connection_id else ""
    return f"{integration.type} {integration.http_method} {integration.uri}{link}"


def _domain_lines(session: "Session", style: Style) -> list[str]:
    """The custom domain names, with what each of them leads to, and how to call it without DNS."""
    apis = {api.definition.id: api.definition.name for api in session.apis}
    lines = []
    for domain in session.domains.values():
        header = shlex.quote(f"Host: {domain.name}")
        lines.append(f"  {visible(domain.name)}  {style.dim(f'curl --header {header} ...')}")
        targets = [(f"rule {rule.priority}", rule.api_id, rule.stage) for rule in domain.rules]
        targets += [(f"/{m.base_path}", m.api_id, m.stage or "as the path says") for m in domain.mappings]
        lines += [
            f"    {visible(what)} {style.dim('→')} {visible(f'{apis.get(api, api)}, stage {stage}')}"
            for what, api, stage in targets
        ]
    return ["", style.bold("Custom domain names"), *lines] if lines else []


def _backend_lines(session: "Session", style: Style) -> list[str]:
    if not session.backends:
        return []
    lines = ["", style.bold("Backends")]
    for backend in session.backends:
        where = f" at {backend.origin}" if backend.origin else ""
        lines.append(visible(f"  {backend.kind} {backend.name}{where}"))
        if backend.unavailable:
            lines.append(style.warning(f"    not available: {backend.unavailable}"))
    return lines


def _notice_lines(session: "Session", style: Style) -> list[str]:
    lines = []
    if session.notices:
        lines += ["", style.bold("Note")]
        lines += [style.warning(f"  {notice}") for notice in session.notices]
    if session.unsupported_resources:
        lines += ["", style.bold("Not emulated locally")]
        lines += [style.dim(line) for line in _by_service(session.unsupported_resources)]
    return lines


def _by_service(names_of_type: Mapping[str, Sequence[str]]) -> list[str]:
    """A line for each service, with the types of its resources and how many there are."""
    services: dict[str, list[str]] = {}
    for type_, names in sorted(names_of_type.items()):
        service, _, label = type_.rpartition(".")
        services.setdefault(service, []).append(label if len(names) == 1 else f"{label} ×{len(names)}")
    width = max(len(service) for service in services)
    indent = " " * (width + 4)
    return [
        textwrap.fill(f"  {service:{width}}  {', '.join(labels)}", 110, subsequent_indent=indent)
        for service, labels in services.items()
    ]


def _output_lines(session: "Session", style: Style) -> list[str]:
    if not session.outputs:
        return []
    lines = ["", style.bold("Outputs")]
    width = max(len(name) for name in session.outputs)
    for name, value in sorted(session.outputs.items()):
        if name == "curl":
            continue  # it is printed to be pasted
        shown = HIDDEN if name in session.secret_outputs else _output_text(value)
        lines.append(f"  {name:{width}}  {shown}")
    return lines


def _output_text(value: Any) -> str:
    return visible(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _curl(session: "Session") -> str | None:
    """A line to paste: the program's own, or a request for the first route; one that answers anybody comes first."""
    own = session.outputs.get("curl")
    if isinstance(own, str):
        return _SECRET_COMMAND.sub(lambda command: _made_here(session, command), own)
    callable_ = [
        (_is_guarded(method), api.url(stage), method.http_method, resource.path)
        for api in session.apis
        for stage in api.stages
        for resource in sorted(api.definition.resources, key=lambda resource: resource.path)
        for _, method in sorted(resource.methods.items())
    ]
    if not callable_:
        return None
    _, url, http_method, path = min(callable_, key=lambda each: each[0])
    verb = "GET" if http_method == "ANY" else http_method
    sample = re.sub(r"\{([^}+]+)\+?\}", r"\1", path)
    flag = "" if verb == "GET" else f"-X {verb} "
    return f"curl {flag}{shlex.quote(url + sample)}"


def _is_guarded(method: Method) -> int:
    """How little a request without credentials shows of a method: 2 for nothing, 1 for no backend, 0 for all."""
    if method.api_key_required or method.authorization != "NONE" or method.integration is None:
        return 2
    return int(method.integration.type == "MOCK")


def _made_here(session: "Session", command: re.Match[str]) -> str:
    """The value that a command would print, as no CLI knows it; but not a secret that somebody configured."""
    value = session.outputs.get(command[1])
    plain = isinstance(value, str) and re.fullmatch(r"[\w.~-]+", value)
    return str(value) if plain and value not in session.config.values() else command[0]


def _short(group: str) -> str:
    """A log group's name without what every group of its kind has."""
    for prefix in ("/aws/lambda/", "/ecs/", "API-Gateway-Execution-Logs_"):
        if group.startswith(prefix):
            return group.removeprefix(prefix)
    return group.rpartition(":log-group:")[2] if group.startswith("arn:") else Path(group).name or group
