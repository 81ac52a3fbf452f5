"""What a content type says of a body: whether it is JSON or XML."""

JSON = "application/json"


def media_type(content_type: str) -> str:
    """The type without its parameters, in lower case: `text/plain` of `Text/Plain; charset=utf-8`.

    Of several, as an Accept header has them, the first.
    """
    return content_type.partition(",")[0].partition(";")[0].strip().lower()


def is_json(content_type: str) -> bool:
    """Whether it is JSON, or a format written in JSON, such as `application/problem+json` (RFC 6839)."""
    found = media_type(content_type)
    return found == JSON or found.endswith("+json")


def is_xml(content_type: str) -> bool:
    """Whether it is XML (RFC 7303), or a format written in XML, such as `image/svg+xml`."""
    found = media_type(content_type)
    return found in ("application/xml", "text/xml") or found.endswith("+xml")
