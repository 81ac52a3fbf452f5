"""The Pulumi types of the resources that are created in the emulated services."""

from typing import Final

TABLE: Final = "aws:dynamodb/table:Table"
TABLE_ITEM: Final = "aws:dynamodb/tableItem:TableItem"
QUEUE: Final = "aws:sqs/queue:Queue"
QUEUE_POLICY: Final = "aws:sqs/queuePolicy:QueuePolicy"
REDRIVE_POLICY: Final = "aws:sqs/redrivePolicy:RedrivePolicy"
TOPIC: Final = "aws:sns/topic:Topic"
TOPIC_POLICY: Final = "aws:sns/topicPolicy:TopicPolicy"
TOPIC_SUBSCRIPTION: Final = "aws:sns/topicSubscription:TopicSubscription"
BUCKETS: Final = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
BUCKET_VERSIONINGS: Final = (
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketVersioningV2:BucketVersioningV2",
)
OBJECTS: Final = ("aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2")
BUCKET_NOTIFICATION: Final = "aws:s3/bucketNotification:BucketNotification"
STATE_MACHINE: Final = "aws:sfn/stateMachine:StateMachine"
STREAM: Final = "aws:kinesis/stream:Stream"
DELIVERY_STREAM: Final = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
LOG_STREAM: Final = "aws:cloudwatch/logStream:LogStream"
EVENT_BUS: Final = "aws:cloudwatch/eventBus:EventBus"
EVENT_RULE: Final = "aws:cloudwatch/eventRule:EventRule"
EVENT_TARGET: Final = "aws:cloudwatch/eventTarget:EventTarget"
PARAMETER: Final = "aws:ssm/parameter:Parameter"
SECRET: Final = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a type, not a secret
SECRET_VERSION: Final = "aws:secretsmanager/secretVersion:SecretVersion"  # noqa: S105
KEY: Final = "aws:kms/key:Key"
KEY_ALIAS: Final = "aws:kms/alias:Alias"
EVENT_SOURCE_MAPPING: Final = "aws:lambda/eventSourceMapping:EventSourceMapping"

SERVICE_TYPES: Final = frozenset(
    {
        *(TABLE, TABLE_ITEM, QUEUE, QUEUE_POLICY, REDRIVE_POLICY, TOPIC, TOPIC_POLICY, TOPIC_SUBSCRIPTION),
        *(
            *BUCKETS,
            *BUCKET_VERSIONINGS,
            *OBJECTS,
            BUCKET_NOTIFICATION,
            STATE_MACHINE,
            STREAM,
            EVENT_BUS,
            EVENT_RULE,
            EVENT_TARGET,
        ),
        *(DELIVERY_STREAM, LOG_GROUP, LOG_STREAM),
        *(PARAMETER, SECRET, SECRET_VERSION, KEY, KEY_ALIAS, EVENT_SOURCE_MAPPING),
    }
)
