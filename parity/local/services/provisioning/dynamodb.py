"""DynamoDB: tables with their indexes and streams, and items.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
"""

import json
from collections.abc import Mapping
from typing import Any

from parity.local.program.records import ResourceRecord
from parity.local.services.emulator.clients import Clients
from parity.local.services.provisioning.arguments import given, region_of

_DEFAULT_CAPACITY = 5


def create_table(record: ResourceRecord, clients: Clients) -> None:
    """Creates a table."""
    inputs, name = record.inputs, str(record.outputs["name"])
    client = clients.of("dynamodb", region_of(record))
    arguments: dict[str, Any] = {
        "TableName": name,
        "AttributeDefinitions": [
            {"AttributeName": attribute["name"], "AttributeType": attribute["type"]}
            for attribute in inputs.get("attributes") or []
        ],
        "KeySchema": _key_schema(inputs),
    }
    on_demand = inputs.get("billingMode") == "PAY_PER_REQUEST"
    if on_demand:
        arguments["BillingMode"] = "PAY_PER_REQUEST"
    else:
        arguments["ProvisionedThroughput"] = _throughput(inputs)
    if inputs.get("globalSecondaryIndexes"):
        arguments["GlobalSecondaryIndexes"] = [
            {**_index(index), **({} if on_demand else {"ProvisionedThroughput": _throughput(index)})}
            for index in inputs["globalSecondaryIndexes"]
        ]
    if inputs.get("localSecondaryIndexes"):
        arguments["LocalSecondaryIndexes"] = [
            _index({"hashKey": inputs.get("hashKey"), **index}) for index in inputs["localSecondaryIndexes"]
        ]
    if inputs.get("streamEnabled"):
        view = inputs.get("streamViewType") or "NEW_AND_OLD_IMAGES"
        arguments["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": view}
    client.create_table(**arguments)
    if record.outputs.get("streamLabel"):
        _give_label_to_stream(name, str(record.outputs["arn"]), str(record.outputs["streamLabel"]))
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    ttl = inputs.get("ttl") or {}
    if ttl.get("enabled", True) and ttl.get("attributeName"):
        specification = {"Enabled": True, "AttributeName": ttl["attributeName"]}
        client.update_time_to_live(TableName=name, TimeToLiveSpecification=specification)


def _give_label_to_stream(table: str, arn: str, label: str) -> None:
    """moto labels a stream with the time; in its own process it can be given the label that the program sees."""
    from moto.dynamodb.models import dynamodb_backends

    _, _, _, region, account, _ = arn.split(":", 5)
    created = dynamodb_backends[account][region].tables.get(table)
    if created is not None:  # else the table is at another endpoint
        created.latest_stream_label = label


def put_item(record: ResourceRecord, clients: Clients) -> None:
    """Puts an item into its table."""
    inputs = record.inputs
    item = json.loads(inputs["item"])
    clients.of("dynamodb", region_of(record)).put_item(TableName=inputs["tableName"], Item=item)


def _key_schema(keys: Mapping[str, Any]) -> list[dict[str, str]]:
    schema = [{"AttributeName": str(keys.get("hashKey")), "KeyType": "HASH"}]
    if keys.get("rangeKey"):
        schema.append({"AttributeName": str(keys["rangeKey"]), "KeyType": "RANGE"})
    return schema


def _index(index: Mapping[str, Any]) -> dict[str, Any]:
    if index.get("keySchemas"):
        schema = [{"AttributeName": key["attributeName"], "KeyType": key["keyType"]} for key in index["keySchemas"]]
    else:
        schema = _key_schema(index)
    projection = given(index, ProjectionType="projectionType", NonKeyAttributes="nonKeyAttributes")
    return {"IndexName": index["name"], "KeySchema": schema, "Projection": projection}


def _throughput(capacities: Mapping[str, Any]) -> dict[str, int]:
    read, write = (int(capacities.get(name) or _DEFAULT_CAPACITY) for name in ("readCapacity", "writeCapacity"))
    return {"ReadCapacityUnits": read, "WriteCapacityUnits": write}
