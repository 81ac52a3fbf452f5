"""API keys and usage plans: who is calling, and how often they may.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from parity.gateway.access.throttling import Clock, MethodThrottling, Quota, TokenBucket, method_key, token_bucket
from parity.gateway.lifecycle.gateway_response import GatewayResponseError
from parity.gateway.lifecycle.method_request import header_value
from parity.gateway.model.definition import ApiKey, Method, RestApi, Stage, UsagePlan
from parity.gateway.model.exchange import MethodRequest


@dataclass(frozen=True, slots=True)
class ApiKeyIdentity:
    """`$context.identity.apiKey` and `apiKeyId`; None where the method requires no key."""

    api_key: str | None = None
    api_key_id: str | None = None


_NO_KEY = ApiKeyIdentity()


class AccessControl:
    """Admits requests of one stage: API key, then the limits of the usage plan, then those of the stage.

    Args:
        api: the API that is served.
        stage: its stage.
        clock: the time in seconds since the epoch.
    """

    def __init__(self, api: RestApi, stage: Stage, *, clock: Callable[[], float] = time.time) -> None:
        self._from_authorizer = api.api_key_source == "AUTHORIZER"
        self._throttling = MethodThrottling(stage, clock)
        keys = {key.id: key for key in api.api_keys if key.enabled}
        self._customers = {
            keys[key_id].value: _Customer(keys[key_id], plan, api, stage, clock)
            for plan in api.usage_plans
            if (api.id, stage.name) in plan.api_stages
            for key_id in plan.key_ids
            if key_id in keys
        }

    def admit(
        self, method: Method, resource_path: str, request: MethodRequest, authorizer_context: Mapping[str, Any]
    ) -> ApiKeyIdentity:
        """Admits a request, and counts it.

        Args:
            method: the method that is called.
            resource_path: the path of its resource.
            request: the request.
            authorizer_context: what the authorizer answered; its `usageIdentifierKey` is the key if the API takes it
                from there.

        Raises:
            GatewayResponseError: INVALID_API_KEY, THROTTLED or QUOTA_EXCEEDED.
        """
        if not method.api_key_required and not self._throttling.limits_something:
            return _NO_KEY
        customer = self._customer(request, authorizer_context) if method.api_key_required else None
        buckets = [self._throttling.bucket(resource_path, method.http_method)]
        if customer is not None:
            buckets = [*customer.buckets(method_key(resource_path, method.http_method)), *buckets]
        limits = [bucket for bucket in buckets if bucket is not None]
        if not all(bucket.has_token() for bucket in limits):
            raise GatewayResponseError("THROTTLED", "Too Many Requests", "The rate limit is exceeded")
        if customer is not None and customer.quota is not None:
            if not customer.quota.has_request():
                raise GatewayResponseError("QUOTA_EXCEEDED", "Limit Exceeded", "The usage plan's quota is used up")
            customer.quota.count()
        for bucket in limits:
            bucket.take()
        return _NO_KEY if customer is None else customer.identity

    def _customer(self, request: MethodRequest, authorizer_context: Mapping[str, Any]) -> "_Customer":
        if self._from_authorizer:
            value = authorizer_context.get("usageIdentifierKey")
        else:
            value = header_value(request.headers, "x-api-key")
        customer = self._customers.get(str(value)) if value else None
        if customer is None:
            reason = "The API key is not one of a usage plan of this stage" if value else "No API key was sent"
            raise GatewayResponseError("INVALID_API_KEY", "Forbidden", reason)
        return customer


class _Customer:
    """An API key in a usage plan, with its own buckets and quota."""

    def __init__(self, key: ApiKey, plan: UsagePlan, api: RestApi, stage: Stage, clock: Clock) -> None:
        self.identity = ApiKeyIdentity(key.value, key.id)
        self.quota = None
        if plan.quota_limit is not None:
            self.quota = Quota(plan.quota_limit, plan.quota_offset, plan.quota_period, clock)
        self._plan_bucket = token_bucket(plan.throttle_rate_limit, plan.throttle_burst_limit, clock)
        self._method_buckets = {
            path.lstrip("/"): token_bucket(rate, burst, clock)
            for (api_id, stage_name, path), (rate, burst) in plan.method_throttles.items()
            if (api_id, stage_name) == (api.id, stage.name)
        }

    def buckets(self, key: str) -> list[TokenBucket | None]:
        """The buckets that a call of a method draws from: the plan's for this method, and the plan's for all."""
        return [self._method_buckets.get(key), self._plan_bucket]
