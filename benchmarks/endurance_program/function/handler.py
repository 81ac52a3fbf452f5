"""Answers with its event, or fails in the way that the event asks for."""

import os
import time


def handler(event: dict[str, str], _context: object) -> dict[str, str]:
    """The event; `stall` takes longer than the function's timeout, `cut` ends its process, `garble` raises."""
    match event["fault"]:
        case "stall":
            time.sleep(60)
        case "cut":
            os._exit(1)
        case "garble":
            raise ValueError("garbled")
    return event
