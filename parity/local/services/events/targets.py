"""What a rule's target gets, where the target is another service than Lambda.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from parity.local.services.emulator.clients import Clients

Send = Callable[[str], None]
"""Sends an event, as JSON or whatever an input transformer made of it."""


def sender(clients: Clients, target: Mapping[str, Any]) -> Send | None:
    """What sends events to a target; None for a kind of target that gets none locally.

    Args:
        clients: the services' clients.
        target: the target's inputs, of which `arn` says what it is.
    """
    arn = str(target["arn"])
    _, _, service, region, _, resource = arn.split(":", 5)
    name = resource.rpartition("/")[2]
    if service == "sqs":
        group = (target.get("sqsTarget") or {}).get("messageGroupId")
        return lambda event: _send_message(clients.of("sqs", region), resource, event, group)
    if service == "sns":
        return lambda event: clients.of("sns", region).publish(TopicArn=arn, Message=event)
    if service == "states":
        return lambda event: clients.of("stepfunctions", region).start_execution(stateMachineArn=arn, input=event)
    if service == "kinesis":
        return lambda event: clients.of("kinesis", region).put_record(
            StreamName=name, Data=event.encode(), PartitionKey=name
        )
    if service == "firehose":
        return lambda event: clients.of("firehose", region).put_record(
            DeliveryStreamName=name, Record={"Data": event.encode()}
        )
    return None


def _send_message(client: Any, queue: str, event: str, group: str | None) -> None:
    url = client.get_queue_url(QueueName=queue)["QueueUrl"]
    client.send_message(QueueUrl=url, MessageBody=event, **({"MessageGroupId": group} if group else {}))
