"""The function of the documents."""

from typing import Any


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answers with the event."""
    return {"event": event, "function": context.function_name} if "pet" in event else {"statusCode": 200, "body": "ok"}
