"""Serves the workbench's page on the loopback interface, in the event loop that serves the APIs."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from parity.errors import UserError
from parity.local.session import Session
from parity.workbench.app import Workbench


@contextlib.asynccontextmanager
async def serving_workbench(
    session: Session, port: int = 0, reload: Callable[[], Awaitable[None]] | None = None
) -> AsyncIterator[str]:
    """Serves the workbench as long as the context lasts, and gives its URL.

    Args:
        session: a session that records its exchanges.
        port: the port; 0 takes a free one.
        reload: makes a saved template live; the session's own `start` by default.

    Raises:
        UserError: the port is taken.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise UserError(f"the workbench's port {port} cannot be used: {error.strerror}; name another") from error
    workbench = Workbench(session, reload or session.start)
    config = uvicorn.Config(workbench.app, lifespan="off", access_log=False, log_config=None, ws="none")
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: HttpToolsProtocol(config=config, server_state=state, app_state={}), sock=listener
    )
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        server.close()
        workbench.closing.set()
        if state.tasks:
            await asyncio.wait(set(state.tasks), timeout=2)
        for connection in list(state.connections):
            connection.shutdown()
        listener.close()
