"""A REST API in front of AWS services, and a function that notes which of them sent it an event."""

import json

import pulumi
import pulumi_aws as aws

RECORDER = """
import json, os, boto3
seen = boto3.resource("dynamodb").Table(os.environ["SEEN"])

def handler(event, context):
    records = event.get("Records") if isinstance(event, dict) else None
    named = records[0] if records else event
    source = named.get("eventSource") or named.get("EventSource") or named.get("source") or "invoked"
    seen.put_item(Item={"source": source, "event": json.dumps(event)})
    return {"answer": event}
"""
QUERY = "arn:aws:apigateway:us-east-1:"
FORM = {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"}

role = aws.iam.Role("role", assume_role_policy="{}")
key = {"hash_key": "id", "billing_mode": "PAY_PER_REQUEST"}
items = aws.dynamodb.Table(
    "items",
    attributes=[{"name": "id", "type": "S"}, {"name": "kind", "type": "S"}],
    global_secondary_indexes=[{"name": "by-kind", "hash_key": "kind", "projection_type": "ALL"}],
    stream_enabled=True,
    stream_view_type="NEW_AND_OLD_IMAGES",
    **key,
)
aws.dynamodb.TableItem(
    "first",
    table_name=items.name,
    hash_key="id",
    item=json.dumps({"id": {"S": "first"}, "kind": {"S": "seed"}}),
)
seen = aws.dynamodb.Table(
    "seen", hash_key="source", billing_mode="PAY_PER_REQUEST", attributes=[{"name": "source", "type": "S"}]
)
recorder = aws.lambda_.Function(
    "recorder",
    runtime="python3.13",
    handler="index.handler",
    role=role.arn,
    timeout=20,
    environment={"variables": {"SEEN": seen.name}},
    code=pulumi.AssetArchive({"index.py": pulumi.StringAsset(RECORDER)}),
)
queue = aws.sqs.Queue("queue")
copies = aws.sqs.Queue("copies")
topic = aws.sns.Topic("topic")
aws.sns.TopicSubscription("recorder", topic=topic.arn, protocol="lambda", endpoint=recorder.arn)
aws.sns.TopicSubscription("copies", topic=topic.arn, protocol="sqs", endpoint=copies.arn, raw_message_delivery=True)
stream = aws.kinesis.Stream("stream", shard_count=1)
for name, source in {"queue": queue.arn, "items": items.stream_arn, "stream": stream.arn}.items():
    aws.lambda_.EventSourceMapping(
        name,
        event_source_arn=source,
        function_name=recorder.name,
        starting_position=None if name == "queue" else "LATEST",
    )
bus = aws.cloudwatch.EventBus("bus")
rule = aws.cloudwatch.EventRule("rule", event_bus_name=bus.name, event_pattern=json.dumps({"source": ["orders"]}))
placed = aws.sqs.Queue("placed")
aws.cloudwatch.EventTarget(
    "placed",
    rule=rule.name,
    event_bus_name=bus.name,
    arn=placed.arn,
    input_transformer={"input_paths": {"order": "$.detail.order"}, "input_template": '{"placed": "<order>"}'},
)
aws.cloudwatch.EventTarget("recorder", rule=rule.name, event_bus_name=bus.name, arn=recorder.arn)
machine = aws.sfn.StateMachine(
    "machine",
    type="EXPRESS",
    role_arn=role.arn,
    definition=recorder.arn.apply(
        lambda arn: json.dumps(
            {"StartAt": "record", "States": {"record": {"Type": "Task", "Resource": arn, "End": True}}}
        )
    ),
)
bucket = aws.s3.Bucket("bucket")
aws.s3.BucketNotification(
    "recorder",
    bucket=bucket.id,
    lambda_functions=[{"lambda_function_arn": recorder.arn, "events": ["s3:ObjectCreated:*"], "filter_prefix": "new-"}],
)
aws.s3.BucketObject("greeting", bucket=bucket.bucket, key="greeting.txt", content="hello", content_type="text/plain")
parameter = aws.ssm.Parameter("parameter", name="/shop/currency", type="String", value="EUR")
secret = aws.secretsmanager.Secret("secret")
aws.secretsmanager.SecretVersion("secret", secret_id=secret.id, secret_string="hush")

api = aws.apigateway.RestApi("api")
declared: list[pulumi.Resource] = []
paths = {"": api.root_resource_id}


def route(
    path: str,
    uri: pulumi.Input[str],
    template: pulumi.Input[str] | None,
    verb: str = "POST",
    parameters: dict[str, str] | None = None,
    sends: str = "POST",
    response: str | None = None,
) -> None:
    """A method with a custom integration and its default response."""
    if path not in paths:
        parent, _, part = path.rpartition("/")
        paths[path] = aws.apigateway.Resource(path, rest_api=api.id, parent_id=paths[parent], path_part=part).id
    of = {"rest_api": api.id, "resource_id": paths[path], "http_method": verb}
    name = f"{verb} {path}"
    part = path.rpartition("/")[2]
    own = {f"method.request.path.{part.strip('{}')}": True} if part.startswith("{") else None
    method = aws.apigateway.Method(name, authorization="NONE", request_parameters=own, **of)
    integration = aws.apigateway.Integration(
        name,
        type="AWS",
        integration_http_method=sends,
        uri=uri,
        credentials=role.arn,
        request_parameters=parameters,
        request_templates={"application/json": template} if template is not None else None,
        opts=pulumi.ResourceOptions(depends_on=[method]),
        **of,
    )
    answer = aws.apigateway.MethodResponse(
        name, status_code="200", opts=pulumi.ResourceOptions(depends_on=[method]), **of
    )
    declared.append(
        aws.apigateway.IntegrationResponse(
            name,
            status_code="200",
            response_templates={"application/json": response} if response is not None else None,
            opts=pulumi.ResourceOptions(depends_on=[integration, answer]),
            **of,
        )
    )


def document(**values: pulumi.Input[object]) -> pulumi.Output[str]:
    """A template that is JSON, with the values of the program's resources."""
    return pulumi.Output.json_dumps(values)


dynamodb = f"{QUERY}dynamodb:action/"
route(
    "/items",
    f"{dynamodb}PutItem",
    items.name.apply(
        lambda name: (
            f"""{{"TableName": "{name}", "Item": {{
    "id": {{"S": $input.json('$.id')}}, "kind": {{"S": $input.json('$.kind')}}}}}}"""
        )
    ),
)
route(
    "/items/{kind}",
    f"{dynamodb}Query",
    document(
        TableName=items.name,
        IndexName="by-kind",
        KeyConditionExpression="kind = :kind",
        ExpressionAttributeValues={":kind": {"S": "$input.params('kind')"}},
    ),
    "GET",
    response='[#foreach($item in $input.path("$.Items"))"$item.id.S"#if($foreach.hasNext),#end#end]',
)
route(
    "/seen",
    f"{dynamodb}GetItem",
    document(TableName=seen.name, Key={"source": {"S": "$input.params('source')"}}),
    "GET",
    response='$input.path("$.Item.event.S")',
)
route(
    "/queue",
    queue.name.apply(lambda name: f"{QUERY}sqs:path/123456789012/{name}"),
    "Action=SendMessage&MessageBody=$util.urlEncode($input.body)",
    parameters=FORM,
)
route(
    "/copies",
    copies.name.apply(lambda name: f"{QUERY}sqs:path/123456789012/{name}"),
    "Action=ReceiveMessage",
    "GET",
    parameters=FORM,
    response='$input.path("$.ReceiveMessageResponse.ReceiveMessageResult.messages[0].Body")',
)
route(
    "/placed",
    placed.name.apply(lambda name: f"{QUERY}sqs:path/123456789012/{name}"),
    "Action=ReceiveMessage&WaitTimeSeconds=5",
    "GET",
    parameters=FORM,
    response='$input.path("$.ReceiveMessageResponse.ReceiveMessageResult.messages[0].Body")',
)
route(
    "/topic",
    f"{QUERY}sns:action/Publish",
    None,
    parameters={
        "integration.request.querystring.TopicArn": topic.arn.apply(lambda arn: f"'{arn}'"),
        "integration.request.querystring.Message": "method.request.body.message",
    },
)
route("/files", bucket.bucket.apply(lambda name: f"{QUERY}s3:path/{name}?list-type=2"), None, "GET", sends="GET")
for verb in ("GET", "PUT"):
    route(
        "/files/{key}",
        bucket.bucket.apply(lambda name: f"{QUERY}s3:path/{name}/{{key}}"),
        None,
        verb,
        parameters={"integration.request.path.key": "method.request.path.key"},
        sends=verb,
    )
route(
    "/events",
    f"{QUERY}events:action/PutEvents",
    bus.name.apply(
        lambda name: (
            f"""#set($context.requestOverride.header.X-Amz-Target = "AWSEvents.PutEvents")
#set($context.requestOverride.header.Content-Type = "application/x-amz-json-1.1")
{{"Entries": [{{"EventBusName": "{name}", "Source": "orders", "DetailType": "placed",
  "Detail": "$util.escapeJavaScript($input.body)"}}]}}"""
        )
    ),
)
route(
    "/stream",
    f"{QUERY}kinesis:action/PutRecord",
    document(StreamName=stream.name, Data="$util.base64Encode($input.body)", PartitionKey="1"),
)
route(
    "/machine",
    f"{QUERY}states:action/StartSyncExecution",
    machine.arn.apply(
        lambda arn: (
            f"""{{"stateMachineArn": "{arn}",
          "input": "$util.escapeJavaScript($input.body).replaceAll("\\\\'", "'")"}}"""
        )
    ),
    response='$input.path("$.output")',
)
route(
    "/parameter",
    f"{QUERY}ssm:action/GetParameter",
    None,
    "GET",
    parameters={"integration.request.querystring.Name": parameter.name.apply(lambda name: f"'{name}'")},
)
route(
    "/secret",
    f"{QUERY}secretsmanager:action/GetSecretValue",
    document(SecretId=secret.arn),
    "GET",
    parameters={
        "integration.request.header.X-Amz-Target": "'secretsmanager.GetSecretValue'",
        "integration.request.header.Content-Type": "'application/x-amz-json-1.1'",
    },
)
firehose = aws.kinesis.FirehoseDeliveryStream(
    "firehose",
    destination="extended_s3",
    extended_s3_configuration={"bucket_arn": bucket.arn, "role_arn": role.arn, "prefix": "delivered/"},
)
route(
    "/firehose",
    f"{QUERY}firehose:action/PutRecord",
    document(DeliveryStreamName=firehose.name, Record={"Data": "$util.base64Encode($input.body)"}),
)
logs = aws.cloudwatch.LogGroup("logs")
log = aws.cloudwatch.LogStream("log", log_group_name=logs.name)
JSON_TYPE = {"integration.request.header.Content-Type": "'application/x-amz-json-1.1'"}
for verb, action, rest in (
    ("POST", "PutLogEvents", '"logEvents": [{"timestamp": $context.requestTimeEpoch, "message": $input.json("$.m")}]'),
    ("GET", "GetLogEvents", '"startFromHead": true'),
):
    route(
        "/logs",
        f"{QUERY}logs:action/{action}",
        pulumi.Output.all(logs.name, log.name).apply(
            lambda names, rest=rest: f'{{"logGroupName": "{names[0]}", "logStreamName": "{names[1]}", {rest}}}'
        ),
        verb,
        parameters={**JSON_TYPE, "integration.request.header.X-Amz-Target": f"'Logs_20140328.{action}'"},
    )
deployment = aws.apigateway.Deployment("d", rest_api=api.id, opts=pulumi.ResourceOptions(depends_on=declared))
stage = aws.apigateway.Stage("dev", rest_api=api.id, deployment=deployment.id, stage_name="dev")
pulumi.export("url", stage.invoke_url)
