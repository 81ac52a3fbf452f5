"""The handler in a folder."""


def handler(event: object, context: object) -> object:
    """Returns its event."""
    return event
