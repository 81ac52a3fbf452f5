"""Clients of the emulated services, or of the endpoints that were given in their place."""

import threading
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config

from parity.local.aws_calls.variables import ALL_SERVICES, FAKE_CREDENTIALS


class Clients:
    """Makes clients of boto3, one for each service and region.

    Args:
        endpoints: URLs by service; `ALL_SERVICES` is that of every other.
    """

    def __init__(self, endpoints: Mapping[str, str]) -> None:
        self._endpoints = {name.lower(): url for name, url in endpoints.items()}
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()
        self._session = boto3.session.Session(
            aws_access_key_id=FAKE_CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=FAKE_CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=FAKE_CREDENTIALS["AWS_SESSION_TOKEN"],
        )

    def of(self, service: str, region: str) -> Any:
        """The client of a service, by boto3's name of it."""
        with self._lock:
            if (service, region) not in self._clients:
                url = self._endpoints.get(service) or self._endpoints.get(ALL_SERVICES)
                config = Config(
                    retries={"total_max_attempts": 2}, s3={"addressing_style": "path"}, parameter_validation=True
                )
                self._clients[service, region] = self._session.client(
                    service, region_name=region, endpoint_url=url, config=config
                )
            return self._clients[service, region]
