"""A resource that is about to exist, with what its outputs are computed from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from parity.local.program.older_python import dataclass
from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import text
from parity.local.resources.account import EmulatedAccount
from parity.local.resources.identity import LOWER_ALPHANUMERIC, arn, automatic_name, token


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceContext:
    """A resource, where it is created, and the account around it."""

    record: ResourceRecord
    emulated_account: EmulatedAccount
    region: str

    @classmethod
    def of(cls, record: ResourceRecord, emulated_account: EmulatedAccount) -> ResourceContext:
        """The creation of `record` in the region of its own, its provider's, or the default."""
        region = record.inputs.get("region") or emulated_account.region_of(record.provider)
        return cls(record=record, emulated_account=emulated_account, region=str(region))

    @property
    def inputs(self) -> Mapping[str, Any]:
        """The resource's inputs, in camelCase."""
        return self.record.inputs

    @property
    def account_id(self) -> str:
        """The account's twelve digits."""
        return self.emulated_account.account_id

    def text(self, name: str, default: str = "") -> str:
        """An input as text."""
        return text(self.inputs, name, default)

    def name(self, property_name: str = "name") -> str:
        """The physical name: as given, or made up from the logical one."""
        given = self.inputs.get(property_name)
        if given:
            return str(given)
        return automatic_name(self.record.urn, self.record.name, self.inputs.get(f"{property_name}Prefix"))

    def token(self, length: int, alphabet: str = LOWER_ALPHANUMERIC, salt: str = "") -> str:
        """A random-looking text that belongs to this resource."""
        return token(salt + self.record.urn, length, alphabet)

    def arn(self, service: str, resource: str, *, global_: bool = False, account: bool = True) -> str:
        """An ARN in this resource's region and account."""
        account_id = self.account_id if account else ""
        return arn(service, resource, region=self.region, account_id=account_id, global_=global_)


Computer = Callable[[ResourceContext], dict[str, Any]]
