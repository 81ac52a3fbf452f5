"""Cached methods whose answers depend on what the cache key leaves out: one caller gets another's answer.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html
"""

import re
from collections.abc import Iterator

from parity.gateway.caching import cache_settings
from parity.lint.finding import Finding
from parity.lint.registry import MethodSubject, method_rule


@method_rule(cache_key="a cached method whose cache key lacks a path parameter, or the body: answers get mixed up")
def cache_keys(subject: MethodSubject) -> Iterator[Finding]:
    """Looks at the key of each method that a stage caches."""
    method, integration = subject.method, subject.integration
    verbs = ("GET", "POST", "PUT", "PATCH", "DELETE") if method.http_method == "ANY" else (method.http_method,)
    cached = [
        verb
        for verb in verbs
        if any(cache_settings(s, subject.resource.path, verb) for s in subject.of.stages.values())
    ]
    if not cached:
        return
    sources = [integration.request_parameters.get(name, name) for name in integration.cache_key_parameters]
    missing = [
        f"method.request.path.{name}"
        for name in re.findall(r"\{([^}+]+)\+?\}", subject.resource.path)
        if f"method.request.path.{name}" not in sources
    ]
    has_body = any(source.startswith("method.request.body") for source in sources)
    if not has_body and set(cached) & {"POST", "PUT", "PATCH"}:
        missing.append("method.request.body")
    for name in missing:
        yield Finding(
            rule="cache-key",
            severity="warning",
            declared_by=integration.declared_by or subject.declared_by,
            message=f"{', '.join(cached)} is cached, and {name} is not in the cache key: all its values get one answer",
            fix=_fix(name),
        )


def _fix(name: str) -> str:
    if name == "method.request.body":
        return (
            "map the body to a header (integration.request.header.NAME: method.request.body), and add that to the key"
        )
    return f"add {name!r} to cache_key_parameters, and to the method's request_parameters"
