"""The function of the documents."""


def lambda_handler(event, context):
    """Answers with the event."""
    return {"event": event, "function": context.function_name} if "pet" in event else {"statusCode": 200, "body": "ok"}
