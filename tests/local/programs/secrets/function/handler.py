"""Echoes a request, fails, and decides who may call."""

import os


def echo(event, context):
    """The event again, and whose credentials the function has."""
    if event.get("fail"):
        raise ValueError("the function failed")
    return {**event, "access_key": os.environ["AWS_SECRET_ACCESS_KEY"]}


def authorize(event, context):
    """Allows who knows the token."""
    allowed = event["authorizationToken"] == os.environ["TOKEN"]
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow" if allowed else "Deny", "Resource": "*"}
    return {"principalId": "caller", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
