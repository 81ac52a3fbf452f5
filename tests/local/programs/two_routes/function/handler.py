"""Takes orders, by a custom integration and by a proxy integration."""

import json
import uuid


def create(event: dict, context: object) -> dict:
    """Answers with the order and an id of its own."""
    return {"id": str(uuid.uuid4()), "item": event["order"]["item"], "handled_by": "function"}


def read(event: dict, context: object) -> dict:
    """Answers in the form of a proxy integration."""
    body = {"id": event["pathParameters"]["id"], "state": "open"}
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}
