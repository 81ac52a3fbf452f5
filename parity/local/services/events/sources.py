"""Connects event sources with the program's functions: mappings, subscriptions and targets.

A topic or a rule reaches a function by way of a queue that no one else sees, because the emulators would run the
function themselves, in Docker.
"""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from parity.local.program.records import ResourceRecord
from parity.local.services import resource_types as types
from parity.local.services.emulator.channel import Channel
from parity.local.services.emulator.clients import Clients
from parity.local.services.events.lambda_events import sns_event, target_event
from parity.local.services.events.pollers import (
    Delivery,
    Matches,
    poll_kinesis_stream,
    poll_queue,
    poll_table_stream,
    run,
)
from parity.local.services.events.targets import sender
from parity.local.services.provisioning import messaging
from parity.local.services.provisioning.arguments import region_of

_DEFAULT_BATCH = {"sqs": 10, "dynamodb": 100, "kinesis": 100}


class EventSources:
    """The event sources of a program. They deliver from `start` on.

    Args:
        clients: the services' clients.
        channel: the connection with the process that runs the functions.
    """

    def __init__(self, clients: Clients, channel: Channel) -> None:
        self._clients = clients
        self._channel = channel
        self._loops: list[tuple[Callable[[], None], str]] = []
        self._queues = 0

    def start(self) -> None:
        """Begins to deliver."""
        loops, self._loops = self._loops, []
        for loop, name in loops:
            run(loop, name)

    def connect(self, record: ResourceRecord) -> None:
        """Takes a subscription, a target or a mapping; others are left out.

        Raises:
            KeyError: an argument is missing.
            botocore.exceptions.ClientError: the service refuses it.
        """
        if record.type == types.EVENT_SOURCE_MAPPING:
            self._map(record)
        elif record.type == types.TOPIC_SUBSCRIPTION:
            self._subscribe(record)
        elif record.type == types.EVENT_TARGET:
            self._target(record)
        elif record.type == types.BUCKET_NOTIFICATION:
            self._notify(record)

    def _map(self, record: ResourceRecord) -> None:
        inputs = record.inputs
        if inputs.get("enabled") is False:
            return
        arn, function = str(inputs["eventSourceArn"]), str(inputs["functionName"])
        service = arn.split(":")[2]
        reports = "ReportBatchItemFailures" in (inputs.get("functionResponseTypes") or ())
        delivery = Delivery(self._channel, function, arn, reports_failures=reports)
        size = int(inputs.get("batchSize") or _DEFAULT_BATCH.get(service, 10))
        matches = _filter(inputs.get("filterCriteria"))

        def deliver(records: list[Any]) -> bool:
            return delivery.send({"Records": records})[0]

        start = str(inputs.get("startingPosition") or "LATEST")
        if service == "sqs":
            self._clients.of("sqs", arn.split(":")[3]).get_queue_url(QueueName=arn.rpartition(":")[2])  # it exists
            self._loops.append((lambda: poll_queue(self._clients, arn, size, matches, _finished(delivery)), arn))
        elif service == "dynamodb":
            poller = poll_table_stream(self._clients, arn, size, start, matches, deliver)
            self._loops.append((poller, arn))
        elif service == "kinesis":
            poller = poll_kinesis_stream(self._clients, arn, size, start, matches, deliver)
            self._loops.append((poller, arn))
        else:
            self._channel.log(f"{record.declared_by}: events of {service} are not delivered locally")

    def _subscribe(self, record: ResourceRecord) -> None:
        inputs = record.inputs
        if inputs.get("protocol") != "lambda":
            if inputs.get("protocol") in ("sqs", "email", "email-json", "sms"):
                messaging.subscribe(record, self._clients)
            else:
                self._channel.log(f"{record.declared_by}: {inputs.get('protocol')} endpoints get no messages locally")
            return
        queue_arn = self._queue(str(inputs["topic"]).split(":")[3])
        arn = messaging.subscribe(record, self._clients, queue_arn=queue_arn)
        function = str(inputs["endpoint"])
        self._forward(queue_arn, function, lambda body: sns_event(json.loads(body), arn))

    def _target(self, record: ResourceRecord) -> None:
        inputs = record.inputs
        arn = str(inputs["arn"])
        service, region = arn.split(":")[2:4]
        if service == "logs" or ":event-bus/" in arn:
            messaging.put_target(record, self._clients)
            return
        send = sender(self._clients, inputs)
        if service != "lambda" and send is None:
            self._channel.log(f"{record.declared_by}: events do not reach {service} locally")
            return
        queue_arn = self._queue(region)
        messaging.put_target(record, self._clients, queue_arn=queue_arn)
        if send is None:
            self._forward(queue_arn, arn, lambda body: json.loads(target_event(body, inputs)))
        else:
            self._deliver(queue_arn, lambda body: send(target_event(body, inputs)))

    def _notify(self, record: ResourceRecord) -> None:
        """Notifications of a bucket: to queues as they are, to functions by way of a queue."""
        inputs, region = record.inputs, region_of(record)
        queues = [{"queueArn": each["queueArn"], **each} for each in inputs.get("queues") or []]
        for each in inputs.get("lambdaFunctions") or []:
            queue_arn = self._queue(region)
            queues.append({**each, "queueArn": queue_arn})
            self._forward(queue_arn, str(each["lambdaFunctionArn"]), json.loads)
        if inputs.get("topics"):
            self._channel.log(f"{record.declared_by}: topics get no notifications locally")
        self._clients.of("s3", region).put_bucket_notification_configuration(
            Bucket=inputs["bucket"],
            NotificationConfiguration={"QueueConfigurations": [_queue_configuration(each) for each in queues]},
        )

    def _queue(self, region: str) -> str:
        """The ARN of a new queue that takes what a function is to get."""
        self._queues += 1
        client = self._clients.of("sqs", region)
        url = client.create_queue(QueueName=f"parity-delivery-{self._queues}")["QueueUrl"]
        attributes = client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
        return str(attributes["QueueArn"])

    def _forward(self, queue_arn: str, function: str, event_of: Callable[[str], Any]) -> None:
        """Delivers each message of a queue as an asynchronous invocation."""
        delivery = Delivery(self._channel, function, queue_arn, reports_failures=False)

        def send(body: str) -> None:
            event = event_of(body)
            if not isinstance(event, dict) or event.get("Event") != "s3:TestEvent":  # S3 tries a new destination
                delivery.send(event)

        self._deliver(queue_arn, send)

    def _deliver(self, queue_arn: str, send: Callable[[str], None]) -> None:
        """Sends each message of a queue on, once."""

        def deliver(records: list[Any]) -> list[str]:
            for record in records:
                try:
                    send(record["body"])
                except (BotoCoreError, ClientError, ValueError) as error:
                    self._channel.log(f"an event was not delivered: {error}")
            return [record["messageId"] for record in records]

        self._loops.append((lambda: poll_queue(self._clients, queue_arn, 1, _everything, deliver), queue_arn))


def _finished(delivery: Delivery) -> Callable[[list[Any]], list[str]]:
    """Delivers messages; returns the ids of those that are done."""

    def deliver(records: list[Any]) -> list[str]:
        succeeded, failed = delivery.send({"Records": records})
        return [record["messageId"] for record in records if succeeded and record["messageId"] not in failed]

    return deliver


def _queue_configuration(declared: Mapping[str, Any]) -> dict[str, Any]:
    """What of a bucket's events goes to a queue."""
    rules = [
        {"Name": name, "Value": declared[own]}
        for name, own in (("prefix", "filterPrefix"), ("suffix", "filterSuffix"))
        if declared.get(own)
    ]
    configuration: dict[str, Any] = {"QueueArn": declared["queueArn"], "Events": list(declared["events"])}
    return {**configuration, "Filter": {"Key": {"FilterRules": rules}}} if rules else configuration


def _everything(_record: Any) -> bool:
    return True


def _filter(criteria: Any) -> Matches:
    """The filter of a mapping: a record is taken that matches one of its patterns.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
    """
    patterns = [str(each["pattern"]) for each in (criteria or {}).get("filters") or () if each.get("pattern")]
    if not patterns:
        return _everything
    try:
        from moto.events.models import EventPattern
    except ImportError:
        logging.getLogger(__name__).warning("filters of event source mappings need moto")
        return _everything
    loaded = [EventPattern.load(pattern) for pattern in patterns]
    return lambda record: any(pattern.matches_event(record) for pattern in loaded)
