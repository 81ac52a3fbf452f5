"""The events that functions get from other services, in the shapes of Lambda's guide.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
"""

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any


def sqs_record(message: Mapping[str, Any], queue_arn: str) -> dict[str, Any]:
    """A message of a queue, as `receive_message` gave it.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
    """
    attributes = {name: _message_attribute(value) for name, value in (message.get("MessageAttributes") or {}).items()}
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes") or {},
        "messageAttributes": attributes,
        "md5OfBody": message.get("MD5OfBody", ""),
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": queue_arn.split(":")[3],
    }


def _message_attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    attribute: dict[str, Any] = {"stringListValues": [], "binaryListValues": [], "dataType": value["DataType"]}
    if "StringValue" in value:
        attribute["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        attribute["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    return attribute


def sns_event(notification: Mapping[str, Any], subscription_arn: str) -> dict[str, Any]:
    """The event of a notification, as a topic writes it into a queue.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
    """
    attributes = notification.get("MessageAttributes") or {}
    message = {
        "Type": "Notification",
        "MessageId": notification["MessageId"],
        "TopicArn": notification["TopicArn"],
        "Subject": notification.get("Subject"),
        "Message": notification["Message"],
        "Timestamp": notification["Timestamp"],
        "SignatureVersion": notification.get("SignatureVersion", "1"),
        "Signature": notification.get("Signature", ""),
        "SigningCertUrl": notification.get("SigningCertURL", ""),
        "UnsubscribeUrl": notification.get("UnsubscribeURL", ""),
        "MessageAttributes": attributes,
    }
    record = {"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": subscription_arn}
    return {"Records": [{**record, "Sns": message}]}


def stream_record(record: Mapping[str, Any], stream_arn: str) -> dict[str, Any]:
    """A record of a table's stream. https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html"""
    change = dict(record["dynamodb"])
    for name in ("Keys", "NewImage", "OldImage"):
        if name in change:
            change[name] = {attribute: _typed(value) for attribute, value in change[name].items()}
    created = change.get("ApproximateCreationDateTime")
    if isinstance(created, datetime):
        change["ApproximateCreationDateTime"] = created.timestamp()
    return {
        "eventID": record["eventID"],
        "eventName": record["eventName"],
        "eventVersion": record.get("eventVersion", "1.1"),
        "eventSource": "aws:dynamodb",
        "awsRegion": stream_arn.split(":")[3],
        "dynamodb": change,
        "eventSourceARN": stream_arn,
    }


def _typed(value: Mapping[str, Any]) -> dict[str, Any]:
    """A typed value of DynamoDB with its bytes in base64."""
    return {kind: _plain(item) for kind, item in value.items()}


def _plain(item: Any) -> Any:
    if isinstance(item, bytes):
        return base64.b64encode(item).decode()
    if isinstance(item, list):
        return [_plain(each) for each in item]
    return {name: _plain(each) for name, each in item.items()} if isinstance(item, dict) else item


def kinesis_record(record: Mapping[str, Any], shard_id: str, stream_arn: str) -> dict[str, Any]:
    """A record of a stream of Kinesis. https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html"""
    arrival = record.get("ApproximateArrivalTimestamp")
    return {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": record["PartitionKey"],
            "sequenceNumber": record["SequenceNumber"],
            "data": base64.b64encode(record["Data"]).decode(),
            "approximateArrivalTimestamp": arrival.timestamp() if isinstance(arrival, datetime) else 0,
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"{shard_id}:{record['SequenceNumber']}",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": f"arn:aws:iam::{stream_arn.split(':')[4]}:role/lambda",
        "awsRegion": stream_arn.split(":")[3],
        "eventSourceARN": stream_arn,
    }


def target_event(event: str, target: Mapping[str, Any]) -> str:
    """What a rule's target gets of an event: all of it, a part, a constant, or a transformed text.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html

    Args:
        event: the event, as JSON.
        target: the target's inputs: `input`, `inputPath`, `inputTransformer`.
    """
    if target.get("input"):
        return str(target["input"])
    if target.get("inputPath"):
        return json.dumps(_at(json.loads(event), str(target["inputPath"])))
    transformer = target.get("inputTransformer")
    if not transformer:
        return event
    text, parsed = str(transformer.get("inputTemplate") or ""), json.loads(event)
    for name, path in (transformer.get("inputPaths") or {}).items():
        value = _at(parsed, str(path))
        text = text.replace(f"<{name}>", value if isinstance(value, str) else json.dumps(value))
    return text


def _at(event: Any, path: str) -> Any:
    """The part of an event at a path such as `$.detail.id`; null where there is none."""
    for name in path.removeprefix("$").strip(".").split("."):
        if name:
            event = event.get(name) if isinstance(event, dict) else None
    return event
