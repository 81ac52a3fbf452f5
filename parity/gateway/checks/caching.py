"""What is wrong with a stage's cache and the keys of its methods."""

from collections.abc import Iterator

from parity.gateway.checks.problem import Problem
from parity.gateway.model.definition import Integration, Method, Stage
from parity.gateway.model.quotas import MAX_TTL_SECONDS


def check_stage_cache(stage: Stage) -> Iterator[Problem]:
    """The problems of a stage's method settings for its cache."""
    enabled = [key for key, settings in stage.method_settings.items() if settings.caching_enabled]
    if enabled and not stage.cache_cluster_enabled:
        message = f"caching is enabled for {', '.join(enabled)}, and the stage has no cache: nothing is cached"
        fix = 'set cache_cluster_enabled=True and cache_cluster_size="0.5" on the stage'
        yield Problem("warning", stage.declared_by, message, fix, "request")
    if stage.cache_cluster_enabled and not enabled:
        message = "the stage has a cache, and no method settings enable caching: nothing is cached"
        fix = 'set caching_enabled=True in the MethodSettings of "*/*", or of a method'
        yield Problem("warning", stage.declared_by, message, fix, "request")
    for key, settings in stage.method_settings.items():
        if settings.cache_ttl_seconds is not None and settings.cache_ttl_seconds > MAX_TTL_SECONDS:
            message = f"cache_ttl_in_seconds of {key} is {settings.cache_ttl_seconds}"
            yield Problem("error", stage.declared_by, message, f"write a number from 0 to {MAX_TTL_SECONDS}")


def check_cache_key(method: Method, integration: Integration, by: str) -> Iterator[Problem]:
    """The cache key parameters that AWS refuses, since neither the method nor the integration declares them."""
    for name in integration.cache_key_parameters:
        if name not in method.request_parameters and name not in integration.request_parameters:
            message = f"Invalid cache key parameter specified: {name}"
            yield Problem("error", by, message, f"declare it: add {name!r} to the method's request_parameters")
