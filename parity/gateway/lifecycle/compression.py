"""Payload compression, for an API that declared a minimum compression size.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-enable-compression.html
"""

import gzip
import zlib

from parity.gateway.lifecycle.gateway_response import GatewayResponseError
from parity.gateway.model.quotas import MAX_PAYLOAD_BYTES

_WINDOW_BITS = {"gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


def decompress_request(body: bytes, content_encoding: str) -> bytes:
    """The payload of a request that was sent compressed.

    Args:
        body: as the client sent it.
        content_encoding: its Content-Encoding: gzip, deflate or identity.

    Raises:
        GatewayResponseError: another encoding (415), a payload that is not so encoded (400), or one that is larger
            than API Gateway takes (413).
    """
    encoding = content_encoding.strip().lower()
    if encoding in ("", "identity") or not body:
        return body
    if encoding not in _WINDOW_BITS:
        raise GatewayResponseError("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type", f"Content-Encoding {encoding}")
    decoder = zlib.decompressobj(_WINDOW_BITS[encoding])
    try:
        decoded = decoder.decompress(body, MAX_PAYLOAD_BYTES + 1)
    except zlib.error as error:
        reason = f"The payload is no {encoding}: {error}"
        raise GatewayResponseError("DEFAULT_4XX", "Could not decompress the payload", reason) from None
    if len(decoded) > MAX_PAYLOAD_BYTES:
        raise GatewayResponseError("REQUEST_TOO_LARGE", "Request Too Long", "The payload is too large, decompressed")
    return decoded


def compress_response(body: bytes, accept_encoding: str) -> tuple[bytes, str | None]:
    """Compresses a response as the client takes it.

    Args:
        body: the response's body.
        accept_encoding: the client's Accept-Encoding.

    Returns:
        The body, and its Content-Encoding; None when it is as it was.
    """
    accepted = {part.partition(";")[0].strip().lower() for part in accept_encoding.split(",")}
    if "gzip" in accepted:
        return gzip.compress(body, mtime=0), "gzip"
    return (zlib.compress(body), "deflate") if "deflate" in accepted else (body, None)
