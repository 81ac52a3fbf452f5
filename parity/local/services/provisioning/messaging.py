"""SQS, SNS, EventBridge, Kinesis, Firehose, logs: queues, topics, buses with rules and targets, streams, groups."""

from typing import Any

from parity.local.program.records import ResourceRecord
from parity.local.services.emulator.clients import Clients
from parity.local.services.provisioning.arguments import as_text, given, region_of

_QUEUE_ATTRIBUTES = {
    "VisibilityTimeout": "visibilityTimeoutSeconds",
    "MessageRetentionPeriod": "messageRetentionSeconds",
    "MaximumMessageSize": "maxMessageSize",
    "DelaySeconds": "delaySeconds",
    "ReceiveMessageWaitTimeSeconds": "receiveWaitTimeSeconds",
    "FifoQueue": "fifoQueue",
    "ContentBasedDeduplication": "contentBasedDeduplication",
    "RedrivePolicy": "redrivePolicy",
    "KmsMasterKeyId": "kmsMasterKeyId",
}
_SUBSCRIPTION_ATTRIBUTES = {
    "RawMessageDelivery": "rawMessageDelivery",
    "FilterPolicy": "filterPolicy",
    "FilterPolicyScope": "filterPolicyScope",
}


def create_queue(record: ResourceRecord, clients: Clients) -> None:
    """Creates a queue."""
    attributes = {name: _text(value) for name, value in given(record.inputs, **_QUEUE_ATTRIBUTES).items()}
    if attributes.get("FifoQueue") == "false":
        attributes = {name: value for name, value in attributes.items() if name not in ("FifoQueue", _DEDUPLICATION)}
    clients.of("sqs", region_of(record)).create_queue(QueueName=record.outputs["name"], Attributes=attributes)


_DEDUPLICATION = "ContentBasedDeduplication"


def set_redrive_policy(record: ResourceRecord, clients: Clients) -> None:
    """Sets the dead-letter queue of a queue."""
    client = clients.of("sqs", region_of(record))
    url = client.get_queue_url(QueueName=str(record.inputs["queueUrl"]).rpartition("/")[2])["QueueUrl"]
    client.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": as_text(record.inputs["redrivePolicy"])})


def create_topic(record: ResourceRecord, clients: Clients) -> None:
    """Creates a topic."""
    fields = {"FifoTopic": "fifoTopic", "ContentBasedDeduplication": "contentBasedDeduplication"}
    attributes = {name: _text(value) for name, value in given(record.inputs, **fields).items() if value}
    name = str(record.outputs["arn"]).rpartition(":")[2]
    clients.of("sns", region_of(record)).create_topic(Name=name, Attributes=attributes)


def subscribe(record: ResourceRecord, clients: Clients, *, queue_arn: str | None = None) -> str:
    """Subscribes to a topic; returns the subscription's ARN.

    Args:
        record: the subscription.
        clients: the services' clients.
        queue_arn: the queue that takes the messages in place of the endpoint.
    """
    inputs = record.inputs
    attributes = {name: _text(value) for name, value in given(inputs, **_SUBSCRIPTION_ATTRIBUTES).items()}
    if queue_arn is not None:
        attributes.pop("RawMessageDelivery", None)
    subscribed = clients.of("sns", str(inputs["topic"]).split(":")[3]).subscribe(
        TopicArn=inputs["topic"],
        Protocol="sqs" if queue_arn is not None else inputs["protocol"],
        Endpoint=queue_arn or inputs["endpoint"],
        Attributes=attributes,
        ReturnSubscriptionArn=True,
    )
    return str(subscribed["SubscriptionArn"])


def create_event_bus(record: ResourceRecord, clients: Clients) -> None:
    """Creates an event bus."""
    clients.of("events", region_of(record)).create_event_bus(Name=record.outputs["name"])


def put_rule(record: ResourceRecord, clients: Clients) -> None:
    """Creates a rule of an event bus."""
    inputs = record.inputs
    arguments = given(
        inputs, EventBusName="eventBusName", EventPattern="eventPattern", ScheduleExpression="scheduleExpression"
    )
    enabled = inputs.get("isEnabled") is not False and inputs.get("state") != "DISABLED"
    clients.of("events", region_of(record)).put_rule(
        Name=record.outputs["name"], State="ENABLED" if enabled else "DISABLED", **arguments
    )


def put_target(record: ResourceRecord, clients: Clients, *, queue_arn: str | None = None) -> None:
    """Adds a target to a rule; `queue_arn` is the queue that takes the events in place of the target."""
    inputs = record.inputs
    target: dict[str, Any] = {"Id": str(inputs.get("targetId") or record.name), "Arn": queue_arn or inputs["arn"]}
    if queue_arn is None:
        target.update(given(inputs, Input="input", InputPath="inputPath", RoleArn="roleArn"))
    clients.of("events", region_of(record)).put_targets(
        Rule=inputs["rule"], Targets=[target], **given(inputs, EventBusName="eventBusName")
    )


def create_stream(record: ResourceRecord, clients: Clients) -> None:
    """Creates a stream of Kinesis."""
    inputs, name = record.inputs, record.outputs["name"]
    client = clients.of("kinesis", region_of(record))
    mode = (inputs.get("streamModeDetails") or {}).get("streamMode")
    if mode == "ON_DEMAND":
        client.create_stream(StreamName=name, StreamModeDetails={"StreamMode": mode})
    else:
        client.create_stream(StreamName=name, ShardCount=int(inputs.get("shardCount") or 1))
    client.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})


def create_delivery_stream(record: ResourceRecord, clients: Clients) -> None:
    """Creates a delivery stream of Firehose into a bucket; other destinations are left out."""
    declared = record.inputs.get("extendedS3Configuration") or {}
    destination = given(declared, BucketARN="bucketArn", RoleARN="roleArn", Prefix="prefix")
    configured = {"ExtendedS3DestinationConfiguration": destination} if destination else {}
    clients.of("firehose", region_of(record)).create_delivery_stream(
        DeliveryStreamName=record.outputs["name"], DeliveryStreamType="DirectPut", **configured
    )


def create_log_group(record: ResourceRecord, clients: Clients) -> None:
    """Creates a log group."""
    clients.of("logs", region_of(record)).create_log_group(logGroupName=record.outputs["name"])


def create_log_stream(record: ResourceRecord, clients: Clients) -> None:
    """Creates a log stream in its group."""
    clients.of("logs", region_of(record)).create_log_stream(
        logGroupName=record.inputs["logGroupName"], logStreamName=record.outputs["name"]
    )


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) else as_text(value) if isinstance(value, dict) else str(value)
