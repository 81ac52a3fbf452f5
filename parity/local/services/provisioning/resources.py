"""Creates the resources of a program, each by its type, in the order in which the program registered them."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from parity.local.program.records import ResourceRecord
from parity.local.services import resource_types as types
from parity.local.services.emulator.clients import Clients
from parity.local.services.provisioning import dynamodb, messaging, storage

_CREATORS: Mapping[str, Callable[[ResourceRecord, Clients], None]] = {
    types.TABLE: dynamodb.create_table,
    types.TABLE_ITEM: dynamodb.put_item,
    types.QUEUE: messaging.create_queue,
    types.REDRIVE_POLICY: messaging.set_redrive_policy,
    types.TOPIC: messaging.create_topic,
    types.EVENT_BUS: messaging.create_event_bus,
    types.EVENT_RULE: messaging.put_rule,
    types.STREAM: messaging.create_stream,
    types.DELIVERY_STREAM: messaging.create_delivery_stream,
    types.LOG_GROUP: messaging.create_log_group,
    types.LOG_STREAM: messaging.create_log_stream,
    types.STATE_MACHINE: storage.create_state_machine,
    types.PARAMETER: storage.put_parameter,
    types.SECRET: storage.create_secret,
    types.SECRET_VERSION: storage.put_secret_value,
    types.KEY: storage.create_key,
    types.KEY_ALIAS: storage.create_alias,
    **dict.fromkeys(types.BUCKETS, storage.create_bucket),
    **dict.fromkeys(types.BUCKET_VERSIONINGS, storage.set_versioning),
    **dict.fromkeys(types.OBJECTS, storage.put_object),
}

_EXISTS = frozenset(
    {
        *(
            "ResourceInUseException",
            "ResourceAlreadyExistsException",
            "ResourceExistsException",
            "AlreadyExistsException",
        ),
        *("QueueAlreadyExists", "QueueNameExists", "BucketAlreadyOwnedByYou", "StateMachineAlreadyExists"),
    }
)
"""The errors of a resource that is there from an earlier run, at an endpoint that keeps its data."""


class Connector(Protocol):
    """Connects what delivers events: with the program's functions, or among the services themselves."""

    def connect(self, record: ResourceRecord) -> None:
        """Takes a subscription, a rule's target or an event source mapping."""
        ...


def provision(records: list[dict[str, Any]], clients: Clients, connector: Connector) -> list[str]:
    """Creates resources.

    Args:
        records: what `ResourceRecord.to_json` made of them.
        clients: the services' clients.
        connector: takes those that deliver events.

    Returns:
        A line for each resource that could not be created, with the reason.
    """
    problems = []
    for value in records:
        record = ResourceRecord.from_json(value)
        try:
            creator = _CREATORS.get(record.type)
            if creator is not None:
                creator(record, clients)
            else:
                connector.connect(record)
            if record.type == types.EVENT_RULE and record.inputs.get("scheduleExpression"):
                problems.append(f"{record.declared_by}: schedules do not run locally")
        except ClientError as error:
            if error.response["Error"]["Code"] not in _EXISTS:
                problems.append(f"{record.declared_by} was not created in the emulated service: {error}")
        except (BotoCoreError, KeyError, OSError, ValueError) as error:
            problems.append(f"{record.declared_by} was not created in the emulated service: {_reason(error)}")
    return problems


def _reason(error: Exception) -> str:
    return f"it has no {error}" if isinstance(error, KeyError) else str(error)
