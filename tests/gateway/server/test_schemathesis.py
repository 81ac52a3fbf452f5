"""schemathesis against the running server: what an API's own description makes a fuzzer think of, and its opposite."""

import asyncio
import json
import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from parity.gateway.server.server import Server
from tests.gateway.server.test_fuzz import odd_api

EXAMPLES = max(int(os.environ.get("PARITY_FUZZ_REQUESTS", "0")) // 20, 15)
ANY_JSON = {"required": False, "content": {"application/json": {"schema": {}}, "text/plain": {"schema": {}}}}
STRING = {"type": "string"}
A = {"name": "a", "in": "query", "required": True, "schema": STRING}
HEADER = {"name": "X-Header", "in": "header", "schema": STRING}
PROXY = {"name": "proxy", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
ANSWER = {"responses": {"200": {"description": "whatever"}}}
DESCRIPTION = {
    "openapi": "3.0.3",
    "info": {"title": "odd", "version": "1"},
    "paths": {
        "/echo/{proxy}": {
            "get": {"parameters": [PROXY, HEADER, A], **ANSWER},
            "post": {"parameters": [PROXY, HEADER], "requestBody": ANY_JSON, **ANSWER},
        },
        "/mock": {"put": {"requestBody": ANY_JSON, **ANSWER}},
        "/valid": {"post": {"parameters": [A], "requestBody": ANY_JSON, **ANSWER}},
        "/proxy/{proxy}": {"delete": {"parameters": [PROXY, A], **ANSWER}},
    },
}
schema = schemathesis.openapi.from_dict(DESCRIPTION)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The API on a port, served from a thread."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = Server({"dev": odd_api()})
    asyncio.run_coroutine_threadsafe(server.start(), loop).result(10)
    yield f"http://127.0.0.1:{server.port}/dev"
    asyncio.run_coroutine_threadsafe(server.stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_has_awss_shape(case: "schemathesis.Case[Any]", url: str) -> None:
    response = case.call(base_url=url, timeout=10)
    assert "x-amzn-requestid" in response.headers
    if "x-amzn-errortype" in response.headers:
        assert list(json.loads(response.content or b"{}")) in (["message"], ["Message"])
    else:
        assert response.status_code == 200
