"""Greets."""

import os


def handler(event: object, context: object) -> object:
    """Returns a greeting and the event."""
    print("the function runs")
    return {"greeting": os.environ["GREETING"], "event": event}
