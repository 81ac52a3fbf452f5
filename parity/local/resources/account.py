"""What a resource's outputs depend on besides its own inputs: account, region, and the resources before it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from parity.local.program.records import ResourceRecord

_REST_API = "aws:apigateway/restApi:RestApi"


class EmulatedAccount:
    """The account in which a program believes itself to be.

    Args:
        project: the project's name.
        stack: the stack's name.
        region: the default provider's region.
        account_id: the AWS account id.
        root: the project's folder.
        ask_origin: answers the URL, without a path, at which the REST API with a URN is served.
        answers: the file of answers; see `parity.local.program.answers`.
    """

    def __init__(
        self,
        *,
        project: str,
        stack: str,
        region: str,
        account_id: str,
        root: str = ".",
        ask_origin: Callable[[str], str] = lambda _: "http://127.0.0.1:0",
        answers: Mapping[str, Any] | None = None,
    ) -> None:
        self.answers: Mapping[str, Any] = answers or {}
        self.project = project
        self.stack = stack
        self.region = region
        self.account_id = account_id
        self.root = root
        self.by_urn: dict[str, dict[str, Any]] = {}
        self._by_type_and_id: dict[tuple[str, str], dict[str, Any]] = {}
        self._ask_origin = ask_origin
        self._origins: dict[str, str] = {}

    def remember(self, record: ResourceRecord, id_: str, outputs: Mapping[str, Any]) -> None:
        """Keeps a registered resource for those that come after it."""
        entry = {"type": record.type, "urn": record.urn, "id": id_, "outputs": outputs}
        self.by_urn[record.urn] = entry
        self._by_type_and_id[record.type, id_] = entry

    def find(self, type_: str, id_: str) -> Mapping[str, Any]:
        """The outputs of an earlier resource, empty when the program did not register it."""
        entry = self._by_type_and_id.get((type_, id_))
        return entry["outputs"] if entry else {}

    def region_of(self, provider: str) -> str:
        """The region of an explicit provider's reference (`urn::id`), or the default region."""
        entry = self.by_urn.get(provider.rpartition("::")[0]) if provider else None
        return str(entry["outputs"].get("region") or self.region) if entry else self.region

    def default_tags_of(self, provider: str) -> Mapping[str, str]:
        """The tags that an explicit provider gives to each of its resources."""
        entry = self.by_urn.get(provider.rpartition("::")[0]) if provider else None
        given = entry["outputs"].get("defaultTags") if entry else None
        default = json.loads(given) if isinstance(given, str) else given  # a provider's arguments are JSON text
        return (default or {}).get("tags") or {}

    def origin(self, rest_api_id: str) -> str | None:
        """The URL, without a path, at which a REST API is served; None when it is not this program's."""
        if rest_api_id not in self._origins:
            entry = self._by_type_and_id.get((_REST_API, rest_api_id))
            if entry is None:
                return None
            self._origins[rest_api_id] = self._ask_origin(entry["urn"])
        return self._origins[rest_api_id]
