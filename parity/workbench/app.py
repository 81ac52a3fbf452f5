"""The workbench's web application, for the loopback interface alone.

A page of another origin must not use it: every request needs a Host of this computer's, and whatever changes a file or
sends a request needs JSON from the workbench's own origin, which a form of another page cannot send.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from parity.compare.diagnosis.template_files import TemplateFiles
from parity.gateway.logs.trace import exchange_to_json
from parity.gateway.model.exchange import Exchange
from parity.gateway.server.hosts import AcceptedHosts
from parity.local.session import Session
from parity.workbench.preview import preview
from parity.workbench.slots import Slot, slots_of, version_of

PAGE = Path(__file__).parent / "page"
MOST_REQUESTS = 200
"""How many of the last requests are listed."""
POLL_SECONDS = 0.2
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

Handler = Callable[[Request], Awaitable[Response]]


class Workbench:
    """The application over a running session, which must record its exchanges.

    Args:
        session: the program that is served.
        reload: makes a saved template live.
    """

    def __init__(self, session: Session, reload: Callable[[], Awaitable[None]]) -> None:
        self._session = session
        self._reload = reload
        self.closing = asyncio.Event()
        self.app = Starlette(
            routes=[
                *(Route(f"/{name}", guarded(_file(PAGE / name))) for name in ("workbench.css", "workbench.js")),
                Route("/", guarded(_file(PAGE / "index.html"))),
                Route("/api/state", guarded(self._state)),
                Route("/api/requests/{id}", guarded(self._trace)),
                Route("/api/preview", guarded(self._preview), methods=["POST"]),
                Route("/api/save", guarded(self._save), methods=["POST"]),
                Route("/api/send", guarded(self._send), methods=["POST"]),
                Route("/api/events", guarded(self._events)),
            ]
        )

    def _exchanges(self) -> list[Exchange]:
        """The last exchanges, the newest first."""
        found = [exchange for api in self._session.apis for exchange in api.exchanges.latest(MOST_REQUESTS)]
        return sorted(found, key=lambda exchange: -exchange.request.time)[:MOST_REQUESTS]

    def _slot(self, slot_id: str) -> Slot:
        found = next((slot for slot in slots_of(self._session) if slot.id == slot_id), None)
        if found is None:
            raise _ProblemError(404, "the program has no such template any more: reload the page")
        return found

    async def _state(self, _: Request) -> Response:
        """What there is: the program, its APIs, the templates and the last requests."""
        root = self._session.root
        return JSONResponse(
            {
                "project": self._session.project,
                "stack": self._session.stack,
                "apis": [
                    {"name": api.definition.name, "urls": [api.url(stage) for stage in api.stages]}
                    for api in self._session.apis
                ],
                "slots": [slot.to_json(root) for slot in slots_of(self._session)],
                "requests": [_summary(exchange) for exchange in self._exchanges()],
            }
        )

    async def _trace(self, request: Request) -> Response:
        exchange = self._session.exchange(request.path_params["id"])
        if exchange is None:
            raise _ProblemError(404, "this request is no longer kept: send it again")
        return JSONResponse(exchange_to_json(exchange))

    async def _preview(self, request: Request) -> Response:
        """Renders `{slot, source, request}`; in a thread, so that a slow template does not hold up the page."""
        given = await _json(request, "slot", "source", "request")
        exchange = self._session.exchange(given["request"])
        if exchange is None:
            raise _ProblemError(404, "this request is no longer kept: send it again")
        return JSONResponse(await asyncio.to_thread(preview, self._slot(given["slot"]), given["source"], exchange))

    async def _save(self, request: Request) -> Response:
        """Writes `{file, source, version}` to a template's file, unless someone else has changed it meanwhile."""
        given = await _json(request, "file", "source", "version")
        file = TemplateFiles(self._session.root).path(given["file"])
        if file is None:
            message = "no file of the program holds this template alone; move it to a .vtl file of its own"
            raise _ProblemError(409, message)
        if version_of(file) != given["version"]:
            raise _ProblemError(409, f"{file.name} was changed elsewhere meanwhile: reload the page")
        ending = "\n" if file.read_bytes().endswith(b"\n") and not given["source"].endswith("\n") else ""
        file.write_text(given["source"] + ending, encoding="utf-8", newline="")
        await self._reload()
        return JSONResponse({"saved": given["file"]})

    async def _send(self, request: Request) -> Response:
        """Sends `{method, url, headers, body}` to one of the APIs that are served, and to nothing else."""
        given = await _json(request, "method", "url", "body")
        if not any(given["url"].startswith(f"{api.origin}/") for api in self._session.apis):
            raise _ProblemError(400, "this is not the URL of an API that is served here")
        status, request_id = await asyncio.to_thread(_send_request, given)
        return JSONResponse({"status": status, "id": request_id})

    async def _events(self, _: Request) -> Response:
        return StreamingResponse(self._changes(), media_type="text/event-stream")

    async def _changes(self) -> AsyncIterator[str]:
        """One event each time that a request came, or the program was reloaded."""
        seen: tuple[Any, ...] = ()
        while not self.closing.is_set():
            # What a reload replaces is the definition: no file needs to be read to notice one.
            now = tuple(
                (id(api.definition), *(exchange.request_id for exchange in api.exchanges.latest(1)))
                for api in self._session.apis
            )
            if now != seen:
                seen = now
                yield "data: changed\n\n"
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self.closing.wait()


class _ProblemError(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def guarded(handler: Handler) -> Handler:
    """The handler for requests of the workbench's own page alone; problems become JSON."""
    hosts = AcceptedHosts("127.0.0.1")

    async def checked(request: Request) -> Response:
        host = request.headers.get("host", "")
        origin = request.headers.get("origin")
        if not hosts.accepts(host) or (origin is not None and urlsplit(origin).netloc != host):
            response: Response = JSONResponse({"message": "only the workbench's own page may ask"}, status_code=403)
        else:
            try:
                response = await handler(request)
            except _ProblemError as problem:
                response = JSONResponse({"message": str(problem)}, status_code=problem.status)
        response.headers.update(_HEADERS)
        return response

    return checked


async def _json(request: Request, *names: str) -> dict[str, str]:
    """The JSON object of a request, which has these texts."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise _ProblemError(415, "send application/json")
    try:
        given = json.loads(await request.body())
        return {**given, **{name: str(given[name]) for name in names}}
    except (ValueError, KeyError, TypeError) as error:
        raise _ProblemError(400, f"a JSON object with {', '.join(names)} is expected: {error}") from error


def _file(path: Path) -> Handler:
    async def serve(_: Request) -> Response:
        return Response(path.read_bytes(), media_type=_TYPES[path.suffix])

    return serve


def _summary(exchange: Exchange) -> dict[str, Any]:
    request, ended = exchange.request, exchange.gateway_response
    return {
        "id": exchange.request_id,
        "method": request.method,
        "path": request.path + (f"?{request.query_string}" if request.query_string else ""),
        "route": exchange.method_request.resource_path if exchange.method_request else "",
        "status": exchange.response.status if exchange.response else 0,
        "milliseconds": round(sum(exchange.timings_ms.values()), 1),
        "reason": (ended.reason or ended.message or ended.response_type) if ended else "",
        "body": request.body[:100_000].decode("utf-8", "replace"),
    }


def _send_request(given: dict[str, Any]) -> tuple[int, str]:
    import requests

    answer = requests.request(
        given["method"], given["url"], data=given["body"].encode(), headers=given.get("headers") or {}, timeout=60
    )
    return answer.status_code, answer.headers.get("x-amzn-RequestId", "")
