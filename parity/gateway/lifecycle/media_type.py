"""What a content type says of a body: whether it is JSON or XML, and which template is for it."""

from collections.abc import Collection

JSON = "application/json"


def media_type(content_type: str) -> str:
    """The type without its parameters, in lower case: `text/plain` of `Text/Plain; charset=utf-8`.

    Of several, as an Accept header has them, the first.
    """
    return content_type.partition(",")[0].partition(";")[0].strip().lower()


def is_json(content_type: str) -> bool:
    """Whether it is JSON, or written in JSON: `application/problem+json` (RFC 6839), `application/x-amz-json-1.0`.

    The latter is what services with a JSON protocol are sent, such as DynamoDB.
    https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
    """
    found = media_type(content_type)
    return found == JSON or found.endswith("+json") or found.startswith("application/x-amz-json-")


def is_xml(content_type: str) -> bool:
    """Whether it is XML (RFC 7303), or a format written in XML, such as `image/svg+xml`."""
    found = media_type(content_type)
    return found in ("application/xml", "text/xml") or found.endswith("+xml")


def template_for_accept(content_types: Collection[str], accept: str | None) -> str:
    """The content type of the template for a response, by the client's Accept header; "" if there is no template.

    "Only the MIME type is used", and of several in the header the first counts. Without a template for it,
    `application/json` comes first, then the first that is defined.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    """
    if accept is not None:
        for wanted in (accept, media_type(accept)):
            if wanted in content_types:
                return wanted
    return JSON if JSON in content_types else next(iter(content_types), "")
