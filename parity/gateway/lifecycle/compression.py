"""Payload compression: requests are decompressed, responses are compressed if the API has a minimum compression size.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gzip-compression-decompression.html
"""

import gzip
import zlib
from collections.abc import Iterator

from parity.gateway.lifecycle.gateway_response import GatewayResponseError
from parity.gateway.model.quotas import MAX_PAYLOAD_BYTES

_WINDOW_BITS = {"gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


def decompress_request(body: bytes, content_encoding: str) -> bytes:
    """The payload of a request that was sent compressed.

    Args:
        body: as the client sent it.
        content_encoding: its Content-Encoding: gzip, deflate or identity.

    Raises:
        GatewayResponseError: another encoding, or a payload that is not so encoded (415); one that is larger than API
            Gateway takes (413).
    """
    encoding = content_encoding.strip().lower()
    if encoding in ("", "identity") or not body:
        return body
    if encoding not in _WINDOW_BITS:
        raise _unsupported(f"The Content-Encoding {encoding} is not supported")
    decoder = zlib.decompressobj(_WINDOW_BITS[encoding])
    try:
        decoded = decoder.decompress(body, MAX_PAYLOAD_BYTES + 1)
    except zlib.error as error:
        raise _unsupported(f"The payload is no {encoding}: {error}") from None
    if len(decoded) > MAX_PAYLOAD_BYTES:
        raise GatewayResponseError("REQUEST_TOO_LARGE", "Request Too Long", "The payload is too large, decompressed")
    if not decoder.eof:
        raise _unsupported(f"The payload is no {encoding}: it ends too early")
    return decoded


def _unsupported(reason: str) -> GatewayResponseError:
    return GatewayResponseError("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type", reason)


def compress_response(body: bytes, accept_encoding: str) -> tuple[bytes, str | None]:
    """Compresses a response as the client takes it.

    The codings that the client likes best count, and are used if gzip or deflate is one of them; `*` names neither.

    Args:
        body: the response's body.
        accept_encoding: the client's Accept-Encoding, as RFC 7231 has it: `deflate;q=0.5, gzip;q=1.0`.

    Returns:
        The body, and its Content-Encoding; None when it is as it was.
    """
    weights = dict(_weighted(accept_encoding))
    best = max(weights.values(), default=0.0)
    liked = {coding for coding, weight in weights.items() if weight == best > 0}
    if "gzip" in liked:
        return gzip.compress(body, mtime=0), "gzip"
    return (zlib.compress(body), "deflate") if "deflate" in liked else (body, None)


def _weighted(accept_encoding: str) -> Iterator[tuple[str, float]]:
    for part in accept_encoding.split(","):
        coding, *parameters = (item.strip().lower() for item in part.split(";"))
        weight = next((item[2:] for item in parameters if item.startswith("q=")), "1")
        try:
            yield coding, float(weight)
        except ValueError:
            yield coding, 0.0
