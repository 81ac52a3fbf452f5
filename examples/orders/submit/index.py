"""Stores each order that the queue brings."""

import json
import os
from typing import Any

import boto3

orders = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event: dict[str, Any], _context: Any) -> None:
    """Puts the orders of an SQS event into the table; an order that fails is brought again."""
    for record in event["Records"]:
        orders.put_item(Item={**json.loads(record["body"]), "state": "accepted"})
