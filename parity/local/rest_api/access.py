"""Who may call a REST API how often: API keys, usage plans and the settings of methods."""

from collections.abc import Mapping
from typing import Any

from parity.gateway.model.definition import ApiKey, MethodSettings, UsagePlan
from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import ResourceIndex, number, optional_text, text, whole_number


def api_keys(resource_index: ResourceIndex) -> tuple[ApiKey, ...]:
    """The account's API keys."""
    return tuple(
        ApiKey(
            id=record.id,
            value=text(record.outputs, "value"),
            name=text(record.outputs, "name"),
            enabled=record.inputs.get("enabled") is not False,
        )
        for record in resource_index.of_type("aws:apigateway/apiKey:ApiKey")
    )


def usage_plans(resource_index: ResourceIndex) -> tuple[UsagePlan, ...]:
    """The account's usage plans with the keys that belong to each."""
    keys = resource_index.grouped("aws:apigateway/usagePlanKey:UsagePlanKey", "usagePlanId")
    return tuple(
        _usage_plan(record, keys.get((record.id,), []))
        for record in resource_index.of_type("aws:apigateway/usagePlan:UsagePlan")
    )


def _usage_plan(record: ResourceRecord, keys: list[ResourceRecord]) -> UsagePlan:
    inputs = record.inputs
    stages = inputs.get("apiStages") or []
    throttle, quota = inputs.get("throttleSettings") or {}, inputs.get("quotaSettings") or {}
    period: Any = text(quota, "period", "MONTH")
    return UsagePlan(
        id=record.id,
        name=text(record.outputs, "name"),
        api_stages=tuple((text(stage, "apiId"), text(stage, "stage")) for stage in stages),
        key_ids=tuple(text(key.inputs, "keyId") for key in keys),
        throttle_rate_limit=number(throttle, "rateLimit"),
        throttle_burst_limit=whole_number(throttle, "burstLimit"),
        quota_limit=whole_number(quota, "limit"),
        quota_offset=whole_number(quota, "offset") or 0,
        quota_period=period,
        method_throttles={
            (text(stage, "apiId"), text(stage, "stage"), text(limits, "path")): (
                number(limits, "rateLimit") or 0.0,
                whole_number(limits, "burstLimit") or 0,
            )
            for stage in stages
            for limits in stage.get("throttles") or []
        },
    )


def method_settings(resource_index: ResourceIndex) -> dict[tuple[str, str], dict[str, MethodSettings]]:
    """The settings of methods by API and stage, then by method path (`*/*` or `{path}/{METHOD}`)."""
    found: dict[tuple[str, str], dict[str, MethodSettings]] = {}
    for record in resource_index.of_type("aws:apigateway/methodSettings:MethodSettings"):
        inputs = record.inputs
        key = (text(inputs, "restApi"), text(inputs, "stageName"))
        path = text(inputs, "methodPath").lstrip("/")
        found.setdefault(key, {})[path] = _settings(inputs.get("settings") or {})
    return found


def _settings(settings: Mapping[str, Any]) -> MethodSettings:
    level: Any = text(settings, "loggingLevel", "OFF").upper()
    strategy: Any = optional_text(settings, "unauthorizedCacheControlHeaderStrategy")
    return MethodSettings(
        throttling_rate_limit=number(settings, "throttlingRateLimit"),
        throttling_burst_limit=whole_number(settings, "throttlingBurstLimit"),
        logging_level=level,
        data_trace=settings.get("dataTraceEnabled") in (True, "true"),
        caching_enabled=settings.get("cachingEnabled"),
        cache_ttl_seconds=whole_number(settings, "cacheTtlInSeconds"),
        require_authorization_for_cache_control=settings.get("requireAuthorizationForCacheControl"),
        unauthorized_cache_control_header_strategy=strategy,
    )
