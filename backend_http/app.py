"""The HTTP backend: answers with the request that it received, or with the status that it is asked for.

`python app.py` serves it on `HOST` and `PORT` until SIGTERM, and then finishes what it has begun.
"""

import json
import os
from http import HTTPStatus
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.convertors import PathConvertor, register_url_convertor

# Longer than the load balancer keeps an idle connection (60 seconds), so that it never uses one that is being closed.
KEEP_ALIVE_SECONDS = 65
# Less than ECS waits between SIGTERM and SIGKILL (30 seconds).
SHUTDOWN_SECONDS = 25
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class EveryPathConvertor(PathConvertor):
    """Takes every path, one with a line break too, of which Starlette's own takes none."""

    regex = "(?s:.*)"


register_url_convertor("every_path", EveryPathConvertor())

# No page of documentation: each path belongs to the echo.
app = FastAPI(title="Echo", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)


@app.get("/healthz")
async def health() -> JSONResponse:
    """Says that the service accepts requests."""
    return JSONResponse({"status": "ok"})


@app.api_route("/status/{code:int}", methods=METHODS)
async def status(code: int) -> Response:
    """Answers with the status `code`, 200 to 599; any other is a 400."""
    if not 200 <= code <= 599:
        return JSONResponse({"message": f"{code} is no status from 200 to 599"}, status_code=400)
    if code in (204, 205, 304):  # these have no body
        return Response(status_code=code)
    return JSONResponse({"message": _phrase(code)}, status_code=code)


@app.api_route("/{path:every_path}", methods=METHODS)
async def echo(request: Request) -> Response:
    """Answers with the request.

    Returns:
        `method`; `path`, decoded; `query`, each name with all its values in their order; `headers`, by their names in
        lower case, repeats joined by commas, read as UTF-8 if they are that and as Latin-1 if not; `body`, as text,
        with U+FFFD for what is not UTF-8; `json`, the body parsed, or null when it is not JSON.
    """
    body = await request.body()
    text = body.decode("utf-8", errors="replace")
    received = {
        "method": request.method,
        "path": request.scope["path"],
        "query": _grouped(request.query_params.multi_items()),
        "headers": {name: ", ".join(map(_text, values)) for name, values in _grouped(request.headers.items()).items()},
        "body": text,
        "json": _parsed(text),
    }
    # In ASCII, since JSON can hold half a surrogate pair and UTF-8 cannot.
    return Response(json.dumps(received), media_type="application/json")


def _grouped(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


def _text(value: str) -> str:
    """A header's value, which Starlette reads as Latin-1, as UTF-8 if it is that."""
    try:
        return value.encode("latin-1").decode()
    except UnicodeDecodeError:
        return value


def _parsed(text: str) -> Any:
    """The JSON value that `text` holds, None for any other text, and for what JSON cannot answer: NaN and infinity."""
    try:
        value = json.loads(text, parse_constant=_refuse)
        json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        return None
    return value


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _phrase(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return f"Status {code}"


def main() -> None:
    """Serves until SIGTERM; HOST is 0.0.0.0 and PORT is 8080 if the environment says nothing."""
    uvicorn.run(
        app,
        host=os.environ.get("HOST", "0.0.0.0"),  # noqa: S104
        port=int(os.environ.get("PORT", "8080")),
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        access_log=False,
        server_header=False,
        lifespan="off",
    )


if __name__ == "__main__":
    main()
