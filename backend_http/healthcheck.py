"""Exits with 0 when the service on this machine's `PORT` says that it is healthy, else with 1."""

import http.client
import os
import sys

TIMEOUT_SECONDS = 2


def healthy(port: int) -> bool:
    """Whether `/healthz` answers 200 on `port`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not healthy(int(os.environ.get("PORT", "8080"))))
