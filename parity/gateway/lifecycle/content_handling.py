"""Binary media types and content handling: when a payload is text, bytes, or base64.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
Text is `str`, a binary payload `bytes`. Bytes cannot be given to a mapping template.
"""

import base64
import binascii
from collections.abc import Iterable

from parity.gateway.lifecycle.gateway_response import configuration_error
from parity.gateway.lifecycle.media_type import media_type
from parity.gateway.model.definition import ContentHandling


class BinaryMediaTypes:
    """The media types that an API declared to be binary. `*/*` covers all, `image/*` a type; `*/png` covers nothing.

    Args:
        media_types: such as `image/png`.
    """

    def __init__(self, media_types: Iterable[str]) -> None:
        declared = frozenset(media_type.lower() for media_type in media_types)
        self._media_types = frozenset(name for name in declared if not name.startswith("*/"))
        self._types = frozenset(name[:-2] for name in self._media_types if name.endswith("/*"))
        self._all = "*/*" in declared
        self.declared = bool(declared)

    def matches(self, header: str | None) -> bool:
        """Whether a Content-Type or Accept header names a binary media type; of several, the first counts."""
        if not self.declared:
            return False
        if self._all:
            return True
        if header is None:
            return False
        named = media_type(header)
        kind, slash, _ = named.partition("/")
        return named in self._media_types or bool(slash and kind in self._types)


def convert_request(body: bytes, is_binary: bool, handling: ContentHandling | None) -> bytes | str:
    """Converts the body of a method request for the integration request.

    Args:
        body: as the client sent it.
        is_binary: whether its Content-Type is a binary media type.
        handling: the integration's `content_handling`.

    Raises:
        GatewayResponseError: text that should become binary is not base64.
    """
    if is_binary:
        return base64.b64encode(body).decode() if handling == "CONVERT_TO_TEXT" else body
    return _decode_base64(body) if handling == "CONVERT_TO_BINARY" else body.decode("utf-8", "replace")


def convert_response(
    body: bytes, is_binary: bool, accepts_binary: bool, handling: ContentHandling | None
) -> bytes | str:
    """Converts the body of an endpoint response for the integration response.

    Args:
        body: as the backend sent it.
        is_binary: whether its Content-Type is a binary media type.
        accepts_binary: whether the client's Accept is one.
        handling: the integration response's `content_handling`.

    Raises:
        GatewayResponseError: text that should become binary is not base64.
    """
    to_text = handling == "CONVERT_TO_TEXT" or (handling is None and not accepts_binary)
    if is_binary:
        return base64.b64encode(body).decode() if to_text else body
    return body.decode("utf-8", "replace") if to_text else _decode_base64(body)


def _decode_base64(body: bytes) -> bytes:
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error:
        raise configuration_error("Unable to base64 decode the body.") from None
