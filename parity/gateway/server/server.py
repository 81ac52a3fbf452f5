"""Serves the stages of one REST API on one port: uvicorn's HTTP protocol, on httptools, in front of the gateways.

The names of header fields keep the case in which the client wrote them, what is not HTTP is answered in AWS's shape,
and `/{stage}` is taken off the path as an invoke URL has it.
https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html
"""

import asyncio
import socket
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import islice

import uvicorn
from uvicorn.server import ServerState

from parity.gateway.gateway import Gateway
from parity.gateway.model.exchange import Exchange
from parity.gateway.server.custom_domains import CustomDomain, FindGateway
from parity.gateway.server.hosts import AcceptedHosts
from parity.gateway.server.protocol import Dispatcher, GatewayProtocol

_BACKLOG = 2048
_KEEP_ALIVE_SECONDS = 60


class RecentExchanges:
    """The last exchanges by request id; the oldest goes when there are too many.

    Args:
        limit: how many are kept; 0 keeps none.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._by_id: OrderedDict[str, Exchange] = OrderedDict()

    def add(self, exchange: Exchange) -> None:
        """Keeps an exchange."""
        self._by_id[exchange.request_id] = exchange
        if len(self._by_id) > self._limit:
            self._by_id.popitem(last=False)

    def get(self, request_id: str) -> Exchange | None:
        """The exchange of a request, None when it is not kept; may be called from any thread."""
        return self._by_id.get(request_id)

    def latest(self, count: int) -> list[Exchange]:
        """The last exchanges, at most `count`, the newest first; for the event loop's own thread."""
        return list(islice(reversed(self._by_id.values()), count))

    def __getitem__(self, request_id: str) -> Exchange:
        return self._by_id[request_id]

    def __contains__(self, request_id: object) -> bool:
        return request_id in self._by_id

    def __len__(self) -> int:
        return len(self._by_id)


class Server:
    """Serves the stages of one REST API.

    Args:
        gateways: the API's gateways by stage name.
        host: the address to bind.
        port: the port to bind; 0 takes a free one.
        sock: a socket that is bound already, in place of host and port.
        record: how many exchanges to keep in `exchanges`.
        on_exchange: called with each finished exchange.
        host_names: Host headers that are answered beside local ones, such as custom domain names.
    """

    def __init__(
        self,
        gateways: Mapping[str, Gateway],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        sock: socket.socket | None = None,
        record: int = 0,
        on_exchange: Callable[[Exchange], None] | None = None,
        host_names: Collection[str] = (),
    ) -> None:
        self.exchanges = RecentExchanges(record)
        self._state = ServerState()
        self._socket = sock or _bind(host, port)
        accepted = AcceptedHosts(str(self._socket.getsockname()[0]), host_names)
        listeners = [*([self.exchanges.add] if record else []), *([on_exchange] if on_exchange else [])]
        self._dispatcher = Dispatcher(gateways, _all(listeners), accepted)
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port that is served."""
        return int(self._socket.getsockname()[1])

    @property
    def gateways(self) -> Mapping[str, Gateway]:
        """The gateways that answer now, by stage name."""
        return self._dispatcher.gateways

    def answer_domains(self, domains: Mapping[str, CustomDomain], gateway_of: FindGateway) -> None:
        """Answers requests for custom domain names from now on.

        Args:
            domains: the domain names by name, in lower case.
            gateway_of: finds the gateway of a stage that a domain name leads to.
        """
        self._dispatcher.domains, self._dispatcher.gateway_of = domains, gateway_of

    async def start(self) -> None:
        """Begins to accept requests."""
        loop = asyncio.get_running_loop()
        config = uvicorn.Config(
            self._dispatcher,
            interface="asgi3",
            lifespan="off",
            proxy_headers=False,
            access_log=False,
            log_config=None,
            ws="none",
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        )
        config.load()
        self._server = await loop.create_server(
            lambda: GatewayProtocol(config, self._state, self._dispatcher), sock=self._socket, backlog=_BACKLOG
        )

    async def swap(self, gateways: Mapping[str, Gateway]) -> None:
        """Lets other gateways answer from now on; requests under way finish on the old ones, which are then closed.

        Args:
            gateways: the new gateways by stage name.
        """
        old = self._dispatcher.gateways
        self._dispatcher.gateways = dict(gateways)
        kept = {id(gateway) for gateway in gateways.values()}
        await asyncio.gather(*(gateway.aclose() for gateway in old.values() if id(gateway) not in kept))

    async def stop(self, grace: float = 5.0) -> None:
        """Accepts no more requests and closes everything.

        Args:
            grace: how many seconds the requests under way get to finish.
        """
        if self._server is not None:
            self._server.close()
        for connection in list(self._state.connections):
            connection.shutdown()
        if self._state.tasks:
            _, late = await asyncio.wait(set(self._state.tasks), timeout=grace)
            for task in late:
                task.cancel()
        for connection in list(self._state.connections):
            transport = getattr(connection, "transport", None)
            if transport is not None:
                transport.close()
        for gateway in self._dispatcher.gateways.values():
            await gateway.aclose()
        self._socket.close()


def _all(listeners: Sequence[Callable[[Exchange], None]]) -> Callable[[Exchange], None] | None:
    """One function that calls all of some; None for none."""
    if len(listeners) < 2:
        return listeners[0] if listeners else None

    def call(exchange: Exchange) -> None:
        for listener in listeners:
            listener(exchange)

    return call


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((host, port))
    return bound
