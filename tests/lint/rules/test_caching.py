"""Cached methods whose answers depend on more than the cache key."""

from typing import Any

import pytest

from parity.gateway.model.definition import MethodSettings, Stage
from parity.lint.linter import lint
from tests.gateway.support import function, method, rest_api

ON = MethodSettings(caching_enabled=True)


def missing(http_method: str, path: str, settings: dict[str, MethodSettings], **integration: Any) -> list[str]:
    """What the rule says is not in the key."""
    api = rest_api({path: {http_method: method(function(**integration), http_method)}})
    stage = Stage(name="dev", cache_cluster_enabled=True, method_settings=settings)
    found = lint(api, {"dev": stage})
    return [finding.message.split()[4] for finding in found if finding.rule == "cache-key"]


@pytest.mark.parametrize(
    ("http_method", "path", "settings", "expected"),
    [
        ("GET", "/pets/{id}", {"*/*": ON}, ["method.request.path.id"]),
        ("GET", "/{kind}/{id}", {"*/*": ON}, ["method.request.path.kind", "method.request.path.id"]),
        ("ANY", "/{proxy+}", {"*/*": ON}, ["method.request.path.proxy"]),
        ("POST", "/pets", {"pets/POST": ON}, ["method.request.body"]),
        ("GET", "/pets", {"*/*": ON}, []),
        ("POST", "/pets/{id}", {"*/*": ON}, []),
        ("GET", "/pets/{id}", {}, []),
    ],
)
def test_a_key_that_lacks_what_the_answer_depends_on(
    http_method: str, path: str, settings: dict[str, MethodSettings], expected: list[str]
) -> None:
    assert missing(http_method, path, settings) == expected


def test_a_key_that_has_it() -> None:
    key = ("method.request.path.id", "integration.request.header.b")
    mappings = {"integration.request.header.b": "method.request.body"}
    settings = {"pets/{id}/POST": ON}
    assert missing("POST", "/pets/{id}", settings, cache_key_parameters=key, request_parameters=mappings) == []


def test_a_parameter_of_the_key_is_used() -> None:
    name = "method.request.querystring.kind"
    integration = function(cache_key_parameters=(name,))
    api = rest_api({"/pets": {"GET": method(integration, "GET", request_parameters={name: False})}})
    assert [finding.rule for finding in lint(api, {"dev": Stage(name="dev")})] == []
