"""A REST API and the port at which it is served, whatever version of it answers."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping

from parity.errors import UserError
from parity.gateway.gateway import Gateway
from parity.gateway.model.definition import RestApi, Stage
from parity.gateway.model.exchange import Exchange, Request
from parity.gateway.server.custom_domains import CustomDomain, FindGateway
from parity.gateway.server.server import RecentExchanges, Server
from parity.local.rest_api.user_pools import UserPoolEndpoint
from parity.local.session_options import Wait


class WaitingGateway(Gateway):
    """Stands before a gateway and, when a request comes, asks which one is to answer it by now.

    Args:
        gateway: the gateway that answers unless there is a newer one.
        latest: answers the newest gateway of a stage, once it is ready.
    """

    def __init__(self, gateway: Gateway, latest: Callable[[str], Awaitable[Gateway | None]]) -> None:
        self.api = gateway.api
        self.stage = gateway.stage
        self._gateway = gateway
        self._latest = latest

    async def handle(self, request: Request) -> Exchange:
        """Answers a request; see `Gateway.handle`."""
        latest = await self._latest(self.stage.name)
        return await (latest or self._gateway).handle(request)

    async def aclose(self) -> None:
        """Waits for the requests under way; see `Gateway.aclose`."""
        await self._gateway.aclose()


class ServedApi:
    """A REST API and the address at which it is served.

    Args:
        urn: the URN of its RestApi resource.
        host: the address of the port.
        listener: the bound socket.
        record: how many exchanges to keep.
        before_request: awaited before each request.
        on_exchange: called with each finished exchange.
    """

    def __init__(
        self,
        urn: str,
        host: str,
        listener: socket.socket,
        record: int,
        before_request: Wait | None = None,
        on_exchange: Callable[[Exchange], None] | None = None,
    ) -> None:
        self.urn = urn
        self._before_request = before_request
        self._latest: Mapping[str, Gateway] = {}
        self.origin = _origin(host, listener.getsockname()[1])
        self._server = Server({}, sock=listener, record=record, on_exchange=on_exchange)
        self._started = False
        self.definition = RestApi(id="", name="")
        self.stages: Mapping[str, Stage] = {}

    @property
    def gateways(self) -> Mapping[str, Gateway]:
        """The gateways by stage name."""
        return self._latest

    @property
    def exchanges(self) -> RecentExchanges:
        """The recent exchanges by request id; empty when the session does not record."""
        return self._server.exchanges

    def url(self, stage_name: str) -> str:
        """The invoke URL of a stage."""
        return f"{self.origin}/{stage_name}"

    async def show(
        self, definition: RestApi, stages: Mapping[str, Stage], gateways: Mapping[str, Gateway]
    ) -> "asyncio.Task[None]":
        """Serves these gateways from the next request on; requests under way finish on the old ones.

        Returns:
            What ends when the old ones have finished.
        """
        self.definition, self.stages, self._latest = definition, stages, gateways
        if self._before_request is not None:
            gateways = {name: WaitingGateway(gateway, self._gateway_for) for name, gateway in gateways.items()}
        endpoints = {pool.id: UserPoolEndpoint(pool) for pool in definition.user_pools.values()}
        finishing = asyncio.create_task(self._server.swap({**endpoints, **gateways}))
        if not self._started:
            self._started = True
            await finishing
            await self._server.start()
        await asyncio.sleep(0)  # in its first step the swap is made
        return finishing

    async def _gateway_for(self, stage_name: str) -> Gateway | None:
        """The gateway that is to answer a request that came just now."""
        if self._before_request is not None:
            await self._before_request()
        return self._latest.get(stage_name)

    def answer_domains(self, domains: Mapping[str, CustomDomain], gateway_of: FindGateway) -> None:
        """Answers requests for custom domain names at this port too; see `Server.answer_domains`."""
        self._server.answer_domains(domains, gateway_of)

    def serving(self, stage_name: str) -> Gateway | None:
        """The gateway that answers the requests to a stage now, None if there is none."""
        return self._server.gateways.get(stage_name)

    async def stop(self, grace_seconds: float) -> None:
        """Accepts no more requests."""
        await self._server.stop(grace_seconds)


def bind(host: str, port: int) -> socket.socket:
    """A socket that is bound, and does not listen yet.

    Raises:
        UserError: the port is taken, or the address is not local.
    """
    bound: socket.socket | None = None
    try:
        address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(address[0], socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address[4])
    except OSError as error:
        if bound is not None:
            bound.close()
        where = f"{host}:{port}" if port else host
        fix = "choose another port with --port, or leave it out for a free one" if port else "choose another --host"
        raise UserError(f"cannot serve at {where}: {error.strerror}; {fix}") from error
    return bound


def _origin(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in ("", "0.0.0.0") else "[::1]" if host == "::" else host  # noqa: S104 - compared
    return f"http://[{shown}]:{port}" if ":" in shown and not shown.startswith("[") else f"http://{shown}:{port}"
