"""A stage with a canary: a share of its requests is answered by another deployment, with stage variables of its own.

https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html
"""

import random
from collections.abc import Callable
from dataclasses import replace

from parity.gateway.gateway import Gateway, LogSink
from parity.gateway.lifecycle.request_work import DEFAULT_BUDGET, BudgetSize
from parity.gateway.model.backends import Backends
from parity.gateway.model.definition import Canary, RestApi, Stage
from parity.gateway.model.exchange import Exchange, Request

_share = random.Random()  # noqa: S311 - which requests, no secret


def stage_gateway(
    api: RestApi,
    stage: Stage,
    backends: Backends,
    *,
    log_sink: LogSink | None = None,
    budget: BudgetSize = DEFAULT_BUDGET,
) -> Gateway:
    """The gateway of a stage, which may have a canary; the arguments are those of `Gateway`."""
    production = Gateway(api, stage, backends, log_sink=log_sink, budget=budget)
    if stage.canary is None:
        return production
    canary = Gateway(
        api,
        canary_stage(stage, stage.canary),
        backends,
        log_sink=log_sink,
        access_control=production.access_control,
        cache=production.cache,
        budget=budget,
    )
    return CanaryGateway(production, canary, stage.canary.percent_traffic)


def canary_stage(stage: Stage, canary: Canary) -> Stage:
    """A stage as its canary requests see it."""
    return replace(
        stage,
        deployment_id=canary.deployment_id,
        variables={**stage.variables, **canary.stage_variable_overrides},
        cache_cluster_enabled=stage.cache_cluster_enabled and canary.use_stage_cache,
        serves_canary=True,
    )


class CanaryGateway(Gateway):
    """Lets the canary answer its share of the requests, chosen at random.

    Args:
        production: answers the others.
        canary: answers the canary's.
        percent: the canary's share, 0.0 to 100.0.
        dice: answers a number from 0 up to 1.
    """

    def __init__(
        self, production: Gateway, canary: Gateway, percent: float, dice: Callable[[], float] = _share.random
    ) -> None:
        self.api = production.api
        self.stage = production.stage
        self._production = production
        self._canary = canary
        self._share = percent / 100
        self._dice = dice

    async def handle(self, request: Request) -> Exchange:
        """Answers a request; see `Gateway.handle`."""
        chosen = self._canary if self._dice() < self._share else self._production
        return await chosen.handle(request)

    async def aclose(self) -> None:
        """Waits for the requests of both; see `Gateway.aclose`."""
        await self._production.aclose()
        await self._canary.aclose()
