"""The emulator's process: serves moto, creates the program's resources in it, and feeds its functions with events.

Started by `parity.local.services.live_services`. Its one argument is a JSON object: `listener` and `channel` are file
descriptors (`listener` null where other endpoints are used), `parent` is a process id, `endpoints` maps services to
the URLs used in place of moto.
"""

import json
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any


def main() -> None:
    """The entry point of the process."""
    job = json.loads(sys.argv[1])
    from parity.local.processes.parent_death import die_with_parent

    die_with_parent(job["parent"])
    from parity.local.aws_calls.variables import ALL_SERVICES
    from parity.local.services.emulator.channel import Channel

    channel = Channel(socket.socket(fileno=job["channel"]))
    endpoints: dict[str, str] = dict(job["endpoints"])
    open_to_others: Callable[[], None] = _nothing
    if ALL_SERVICES not in endpoints:
        endpoints[ALL_SERVICES], open_to_others = _serve(channel, job["listener"])
    from parity.local.services.emulator.clients import Clients
    from parity.local.services.events.sources import EventSources
    from parity.local.services.provisioning.resources import provision

    clients = Clients(endpoints)
    sources = EventSources(clients, channel)

    def on_provision(records: list[dict[str, Any]]) -> None:
        problems = provision(records, clients, sources)
        open_to_others()
        sources.start()
        channel.send({"kind": "provisioned", "problems": problems})

    channel.read(on_provision)
    os._exit(0)


def _serve(channel: Any, listener: int) -> tuple[str, Callable[[], None]]:
    """Serves moto at a port of its own; returns its URL, and what serves it at the inherited listener too."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    internal = socket.create_server(("127.0.0.1", 0), backlog=128)
    port = internal.getsockname()[1]
    os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"  # no web page is to read what the program stores
    os.environ["MOTO_PORT"] = str(port)  # where moto's interpreter of state machines calls other services
    from moto.core.config import default_user_config
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler
    from werkzeug.serving import make_server

    from parity.local.aws_calls.variables import ALL_SERVICES
    from parity.local.services.emulator.clients import Clients
    from parity.local.services.emulator.front import Front
    from parity.local.services.emulator.invocations import Invocations
    from parity.local.services.emulator.step_functions import SyncExecutions

    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    url = f"http://127.0.0.1:{port}"
    front = Front(
        DomainDispatcherApplication(_application),
        port,
        invoke=Invocations(channel).answer,
        start_sync_execution=SyncExecutions(Clients({ALL_SERVICES: url})).start,
        log=channel.log,
    )

    def serve(descriptor: int) -> None:
        server = make_server("127.0.0.1", port, front, threaded=True, request_handler=MotoRequestHandler, fd=descriptor)
        threading.Thread(target=server.serve_forever, daemon=True).start()

    serve(internal.detach())
    return url, lambda: serve(listener)


def _application(service: Any) -> Any:
    """moto's application of one service; what goes wrong in it is seen by the front, and logged."""
    from moto.moto_server.werkzeug_app import create_backend_app

    application = create_backend_app(service)
    application.config["PROPAGATE_EXCEPTIONS"] = True
    return application


def _nothing() -> None:
    """Other endpoints are used: there is nothing to open."""


if __name__ == "__main__":
    main()
