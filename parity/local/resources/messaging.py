"""Outputs of what moves events and of what they start: queues, topics, streams, buses, state machines."""

from __future__ import annotations

import uuid
from typing import Any

from parity.local.resources.generic import CREATED
from parity.local.resources.identity import HEXADECIMAL, dns_suffix_of
from parity.local.resources.resource_context import Computer, ResourceContext


def _queue(context: ResourceContext) -> dict[str, Any]:
    fifo = ".fifo" if context.inputs.get("fifoQueue") and not context.inputs.get("name") else ""
    name = context.name() + fifo
    url = f"https://sqs.{context.region}.{dns_suffix_of(context.region)}/{context.account_id}/{name}"
    return {"id": url, "url": url, "name": name, "arn": context.arn("sqs", name)}


def _topic(context: ResourceContext) -> dict[str, Any]:
    fifo = ".fifo" if context.inputs.get("fifoTopic") and not context.inputs.get("name") else ""
    arn = context.arn("sns", context.name() + fifo)
    return {"id": arn, "arn": arn, "name": context.name() + fifo, "owner": context.account_id}


def _subscription(context: ResourceContext) -> dict[str, Any]:
    arn = f"{context.text('topic')}:{_uuid(context)}"
    return {"id": arn, "arn": arn, "ownerId": context.account_id}


def _stream(context: ResourceContext) -> dict[str, Any]:
    arn = context.arn("kinesis", f"stream/{context.name()}")
    return {"id": arn, "arn": arn, "name": context.name()}


def _delivery_stream(context: ResourceContext) -> dict[str, Any]:
    arn = context.arn("firehose", f"deliverystream/{context.name()}")
    return {"id": arn, "arn": arn, "name": context.name()}


def _state_machine(context: ResourceContext) -> dict[str, Any]:
    arn = context.arn("states", f"stateMachine:{context.name()}")
    return {"id": arn, "arn": arn, "name": context.name(), "creationDate": CREATED, "status": "ACTIVE"}


def _event_bus(context: ResourceContext) -> dict[str, Any]:
    return {"id": context.name(), "name": context.name(), "arn": context.arn("events", f"event-bus/{context.name()}")}


def _event_rule(context: ResourceContext) -> dict[str, Any]:
    bus = context.text("eventBusName", "default").rpartition("/")[2]
    path = context.name() if bus == "default" else f"{bus}/{context.name()}"
    return {"id": path, "name": context.name(), "arn": context.arn("events", f"rule/{path}"), "eventBusName": bus}


def _event_target(context: ResourceContext) -> dict[str, Any]:
    target = context.text("targetId") or context.record.name
    return {"id": f"{context.text('rule')}-{target}", "targetId": target, "eventBusName": "default"}


def _event_source_mapping(context: ResourceContext) -> dict[str, Any]:
    id_ = _uuid(context)
    return {
        "id": id_,
        "uuid": id_,
        "arn": context.arn("lambda", f"event-source-mapping:{id_}"),
        "functionArn": context.text("functionName"),
        "state": "Enabled",
        "lastModified": CREATED,
    }


def _uuid(context: ResourceContext) -> str:
    return str(uuid.UUID(hex=context.token(32, HEXADECIMAL), version=4))


COMPUTERS: dict[str, Computer] = {
    "aws:sqs/queue:Queue": _queue,
    "aws:sns/topic:Topic": _topic,
    "aws:sns/topicSubscription:TopicSubscription": _subscription,
    "aws:kinesis/stream:Stream": _stream,
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": _delivery_stream,
    "aws:sfn/stateMachine:StateMachine": _state_machine,
    "aws:cloudwatch/eventBus:EventBus": _event_bus,
    "aws:cloudwatch/eventRule:EventRule": _event_rule,
    "aws:cloudwatch/eventTarget:EventTarget": _event_target,
    "aws:lambda/eventSourceMapping:EventSourceMapping": _event_source_mapping,
}
