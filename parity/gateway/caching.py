"""A stage's cache of answers, and which requests of a method share one.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html
What is kept is the integration response: status, headers and body, as the templates made it. Errors that API Gateway
answers by itself are not kept.
"""

import time
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Final

from parity.gateway.access.throttling import method_key, settings_by_method
from parity.gateway.integrations.compiled import Answer
from parity.gateway.lifecycle.gateway_response import GatewayResponseError
from parity.gateway.lifecycle.mapping_expression import request_parameter
from parity.gateway.lifecycle.method_request import header_value
from parity.gateway.lifecycle.parameter_mapping import Value, compile_request_mappings
from parity.gateway.model.definition import Integration, Method, MethodSettings, Resource, Stage
from parity.gateway.model.exchange import MethodRequest
from parity.gateway.model.quotas import DEFAULT_TTL_SECONDS, MAX_CACHED_BYTES, MAX_TTL_SECONDS

_IGNORED_WARNING: Final = "199 Cache-control headers were ignored because the caller was unauthorized."
_CLEAN_UP_AT: Final = 1000
"""How many answers are kept before those that are too old are looked for."""


class StageCache:
    """The answers of a stage that are kept, by key; one that is too old is as good as none.

    Args:
        clock: the time in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._answers: dict[Hashable, tuple[float, Answer]] = {}

    def get(self, key: Hashable) -> Answer | None:
        """The answer for a key, None if there is none, or none that is young enough."""
        expires, answer = self._answers.get(key, (0.0, None))
        return answer if answer is not None and self._clock() < expires else None

    def put(self, key: Hashable, answer: Answer, seconds: float) -> None:
        """Keeps an answer for some seconds; one that is too large is not kept, and replaces none."""
        if len(answer[2]) > MAX_CACHED_BYTES:
            return
        now = self._clock()
        if len(self._answers) >= _CLEAN_UP_AT:
            self._answers = {known: entry for known, entry in self._answers.items() if now < entry[0]}
        self._answers[key] = (now + seconds, answer)


@dataclass(frozen=True, slots=True)
class CacheAccess:
    """What the cache may do for one request.

    `key` is where its answer is kept, `seconds` how long. `fresh` asks for an answer that is not the kept one, and
    `headers` are added to the answer.
    """

    key: Hashable
    seconds: float
    fresh: bool = False
    headers: tuple[tuple[str, str], ...] = ()


class MethodCache:
    """What the stage's settings and the integration say about the caching of one method.

    Args:
        stage: the stage, which has a cache.
        resource, method, integration: the method; its integration names the key's parameters.
        store: the stage's cache.

    Raises:
        MappingExpressionError: a mapping that the key is made from is not one that API Gateway knows.
    """

    def __init__(
        self, stage: Stage, resource: Resource, method: Method, integration: Integration, store: StageCache
    ) -> None:
        self.store = store
        self._stage = stage
        self._path, self._method = resource.path, method
        names = sorted(integration.cache_key_parameters)
        self._parts = [_key_part(name, integration, stage.variables) for name in names]
        # Production and canary share answers if they serve the same deployment.
        self._namespace = (integration.cache_namespace or resource.id, stage.deployment_id)
        self._by_verb: dict[str, MethodSettings | None] = {}

    def access(self, request: MethodRequest) -> CacheAccess | None:
        """What the cache may do for a request; None if its method is not cached.

        Raises:
            GatewayResponseError: the client may not invalidate the cache, and is turned away for trying (403).
        """
        verb = request.http_method
        if verb not in self._by_verb:
            self._by_verb[verb] = cache_settings(self._stage, self._path, verb)
        settings = self._by_verb[verb]
        if settings is None:
            return None
        ttl = settings.cache_ttl_seconds
        seconds = float(DEFAULT_TTL_SECONDS if ttl is None else min(ttl, MAX_TTL_SECONDS))
        key = (self._namespace, verb, tuple(part(request) for part in self._parts))
        if not _asks_for_a_fresh_answer(request):
            return CacheAccess(key, seconds)
        if settings.require_authorization_for_cache_control is False or self._method.authorization == "AWS_IAM":
            return CacheAccess(key, seconds, fresh=True)
        strategy = settings.unauthorized_cache_control_header_strategy or "SUCCEED_WITH_RESPONSE_HEADER"
        if strategy == "FAIL_WITH_403":
            reason = "The caller may not invalidate the cache"
            raise GatewayResponseError("ACCESS_DENIED", "Unauthorized", reason)
        warned = strategy == "SUCCEED_WITH_RESPONSE_HEADER"
        return CacheAccess(key, seconds, headers=(("Warning", _IGNORED_WARNING),) if warned else ())


def cache_settings(stage: Stage, resource_path: str, verb: str) -> MethodSettings | None:
    """The settings by which a stage caches an HTTP method of a resource; None if it does not.

    Without settings of its own, only GET takes those of `*/*`. What a method's own settings leave out is as in `*/*`
    (recorded on AWS, LocalStack snapshot test_create_update_stages).
    """
    if not stage.cache_cluster_enabled:
        return None
    declared = settings_by_method(stage)
    own = declared.get(method_key(resource_path, verb)) or declared.get(method_key(resource_path, "ANY"))
    settings = _inherited(own or MethodSettings(), declared.get("*/*", MethodSettings()), verb)
    return settings if settings.caching_enabled and settings.cache_ttl_seconds != 0 else None


def _inherited(own: MethodSettings, default: MethodSettings, verb: str) -> MethodSettings:
    """A method's settings, those that it leaves out from the stage's; caching only for GET."""
    enabled = own.caching_enabled
    if enabled is None:
        enabled = default.caching_enabled if verb == "GET" else False
    ttl, authorization = own.cache_ttl_seconds, own.require_authorization_for_cache_control
    strategy = own.unauthorized_cache_control_header_strategy or default.unauthorized_cache_control_header_strategy
    return MethodSettings(
        caching_enabled=enabled,
        cache_ttl_seconds=default.cache_ttl_seconds if ttl is None else ttl,
        require_authorization_for_cache_control=(
            default.require_authorization_for_cache_control if authorization is None else authorization
        ),
        unauthorized_cache_control_header_strategy=strategy,
    )


def _key_part(
    name: str, integration: Integration, stage_variables: Mapping[str, str]
) -> Callable[[MethodRequest], Value]:
    """What a cache key parameter is in a request: a method request parameter, or one of the integration request."""
    source = integration.request_parameters.get(name)
    if source is not None:
        (mapping,) = compile_request_mappings({name: source}, stage_variables)
        return mapping.evaluate
    parameter = request_parameter(name)
    return (lambda _: None) if parameter is None else parameter.value


def _asks_for_a_fresh_answer(request: MethodRequest) -> bool:
    """Whether the client sent `Cache-Control: max-age=0`."""
    sent = header_value(request.headers, "cache-control")
    return sent is not None and "max-age=0" in [part.strip().lower().replace(" ", "") for part in sent.split(",")]


async def cached_answer(cache: MethodCache, request: MethodRequest, run: Callable[[], Awaitable[Answer]]) -> Answer:
    """The kept answer to a request, or the integration's, which is then kept.

    Args:
        cache: that of the request's method.
        request: the method request.
        run: asks the integration.

    Raises:
        GatewayResponseError: the integration failed, or the client may not invalidate the cache.
    """
    access = cache.access(request)
    if access is None:
        return await run()
    answer = None if access.fresh else cache.store.get(access.key)
    if answer is None:
        answer = await run()
        cache.store.put(access.key, answer, access.seconds)
    status, headers, body = answer
    return status, [*headers, *access.headers], body
