"""Pollers: each takes what arrives in a queue or a stream to one function, in a thread of its own."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from parity.local.services.emulator.channel import Channel, Invocation
from parity.local.services.emulator.clients import Clients
from parity.local.services.events.lambda_events import kinesis_record, sqs_record, stream_record

_PAUSE_SECONDS = 0.2
_LONG_POLL_SECONDS = 2
_RETRY_SECONDS = 1.0
_MOST_MESSAGES = 10

Matches = Callable[[Any], bool]
"""Whether an event source mapping's filter takes a record."""


class Delivery:
    """Invokes one function with batches of records.

    Args:
        channel: the connection with the process that runs the functions.
        function: the function's name or ARN.
        source: what the events come from, for the log.
        reports_failures: whether the function names the records that failed (`ReportBatchItemFailures`).
    """

    def __init__(self, channel: Channel, function: str, source: str, *, reports_failures: bool) -> None:
        self._channel = channel
        self._function = function
        self._source = source
        self._reports_failures = reports_failures

    def send(self, event: Any) -> tuple[bool, frozenset[str]]:
        """Invokes the function; returns whether it succeeded, and the identifiers of the records that failed."""
        result = self._channel.invoke(self._function, json.dumps(event).encode())
        if result.error or result.function_error:
            self._channel.log(f"{self._source}: {self._function} failed: {_reason(result)}")
            return False, frozenset()
        return True, _failures(result.payload) if self._reports_failures else frozenset()


def _reason(result: Invocation) -> str:
    return result.error or result.payload.decode("utf-8", "replace")


def _failures(payload: bytes) -> frozenset[str]:
    try:
        listed = json.loads(payload or b"null")
        return frozenset(str(item["itemIdentifier"]) for item in (listed or {}).get("batchItemFailures") or ())
    except (ValueError, TypeError, KeyError, AttributeError):
        return frozenset()


def poll_queue(
    clients: Clients, queue_arn: str, batch_size: int, matches: Matches, deliver: Callable[[list[Any]], Sequence[str]]
) -> None:
    """Takes the messages of a queue to a function, for ever.

    A message is deleted once its batch succeeded; otherwise the queue shows it again after its visibility timeout.

    Args:
        clients: the services' clients.
        queue_arn: the queue.
        batch_size: the most messages of one invocation; beyond ten they are still received ten at a time.
        matches: the filter; what it does not take is deleted.
        deliver: invokes the function; returns the ids of the messages that are done.
    """
    _, _, _, region, _, name = queue_arn.split(":")
    client = clients.of("sqs", region)
    url = ""
    while True:
        try:
            url = url or client.get_queue_url(QueueName=name)["QueueUrl"]
            messages = client.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=min(batch_size, _MOST_MESSAGES),
                WaitTimeSeconds=_LONG_POLL_SECONDS,
                AttributeNames=["All"],
                MessageAttributeNames=["All"],
            ).get("Messages", [])
            records = [sqs_record(message, queue_arn) for message in messages]
            taken = [record for record in records if matches({**record, "body": _parsed(record["body"])})]
            done = {record["messageId"] for record in records if record not in taken}
            if taken:
                done |= set(deliver(taken))
            for record in records:
                if record["messageId"] in done:
                    client.delete_message(QueueUrl=url, ReceiptHandle=record["receiptHandle"])
        except (BotoCoreError, ClientError):
            time.sleep(_RETRY_SECONDS)  # the endpoint is not there yet, or the queue is gone


def poll_table_stream(
    clients: Clients,
    stream_arn: str,
    batch_size: int,
    start: str,
    matches: Matches,
    deliver: Callable[[list[Any]], bool],
) -> Callable[[], None]:
    """What takes the records of a table's stream to a function, for ever, from where the stream is now."""
    region, table = stream_arn.split(":")[3], stream_arn.split("/")[1]
    client = clients.of("dynamodbstreams", region)
    # Another endpoint than the embedded emulator labels its streams as it likes.
    described = clients.of("dynamodb", region).describe_table(TableName=table)["Table"]
    arn = str(described.get("LatestStreamArn") or stream_arn)
    shards = client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]

    def iterator(shard_id: str) -> str:
        return str(client.get_shard_iterator(StreamArn=arn, ShardId=shard_id, ShardIteratorType=start)["ShardIterator"])

    iterators = {str(shard["ShardId"]): iterator(shard["ShardId"]) for shard in shards}
    return _records_poller(
        client, iterators, batch_size, lambda record, _: stream_record(record, stream_arn), matches, deliver
    )


def poll_kinesis_stream(
    clients: Clients,
    stream_arn: str,
    batch_size: int,
    start: str,
    matches: Matches,
    deliver: Callable[[list[Any]], bool],
) -> Callable[[], None]:
    """What takes the records of a stream of Kinesis to a function, for ever, from where the stream is now."""
    client = clients.of("kinesis", stream_arn.split(":")[3])
    name = stream_arn.rpartition("/")[2]
    shards = client.describe_stream(StreamName=name)["StreamDescription"]["Shards"]

    def iterator(shard_id: str) -> str:
        return str(
            client.get_shard_iterator(StreamName=name, ShardId=shard_id, ShardIteratorType=start)["ShardIterator"]
        )

    iterators = {str(shard["ShardId"]): iterator(shard["ShardId"]) for shard in shards}
    return _records_poller(
        client, iterators, batch_size, lambda record, shard: kinesis_record(record, shard, stream_arn), matches, deliver
    )


def _records_poller(
    client: Any,
    iterators: dict[str, str],
    batch_size: int,
    convert: Callable[[Mapping[str, Any], str], dict[str, Any]],
    matches: Matches,
    deliver: Callable[[list[Any]], bool],
) -> Callable[[], None]:
    """A loop over shards. A batch that fails is tried again before what follows it, as Lambda does."""

    def poll() -> None:
        while True:
            for shard_id, batch in _batches(client, iterators, batch_size):
                records = [convert(record, shard_id) for record in batch]
                taken = [record for record in records if matches(record)]
                while taken and not deliver(taken):
                    time.sleep(_RETRY_SECONDS)
            time.sleep(_PAUSE_SECONDS)

    return poll


def _batches(client: Any, iterators: dict[str, str], batch_size: int) -> Iterator[tuple[str, list[Any]]]:
    for shard_id, position in list(iterators.items()):
        try:
            answer = client.get_records(ShardIterator=position, Limit=batch_size)
        except (BotoCoreError, ClientError):
            continue
        if answer.get("NextShardIterator"):
            iterators[shard_id] = answer["NextShardIterator"]
        else:
            del iterators[shard_id]
        if answer["Records"]:
            yield shard_id, answer["Records"]


def _parsed(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body


def run(loop: Callable[[], None], name: str) -> None:
    """Runs a loop in a thread that does not keep the process."""
    threading.Thread(target=loop, name=name, daemon=True).start()
