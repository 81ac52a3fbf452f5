"""The invoke URLs of a program's REST APIs, wherever it wrote them: in outputs, environment variables, documents."""

from __future__ import annotations

import re
from collections.abc import Callable

_MARK = ".execute-api."
# A private API is also reached by its id and a VPC endpoint's.
_INVOKE_URL = re.compile(
    r"https://(?P<api>[a-z0-9]{10})(?:-vpce-[0-9a-f]+)?\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?"
    r"(?![A-Za-z0-9.-])"
)


def with_local_urls(text: str, origin_of: Callable[[str], str | None]) -> str:
    """The text with local URLs in the place of `https://{api id}.execute-api.{region}.amazonaws.com`.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html

    Args:
        text: any text, JSON too.
        origin_of: answers where the API of an id is served, without a path; None for an API that is not the program's.
    """
    if _MARK not in text:
        return text
    return _INVOKE_URL.sub(lambda found: origin_of(found["api"]) or found[0], text)
