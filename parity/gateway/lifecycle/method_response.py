"""The method response: what the client gets, with the headers that API Gateway renames and adds.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-response.html
"""

from parity.gateway.lifecycle.compression import compress_response
from parity.gateway.lifecycle.header_rules import remap_response_headers
from parity.gateway.model.exchange import MethodResponse

_JSON = ("Content-Type", "application/json")


class MethodResponseStage:
    """The last stage of every request of an API.

    Args:
        minimum_compression_size: the smallest body, in bytes, that is compressed; None for none.
    """

    def __init__(self, minimum_compression_size: int | None) -> None:
        self._minimum_compression_size = minimum_compression_size

    def finish(
        self,
        status: int,
        headers: list[tuple[str, str]],
        body: bytes,
        *,
        ids: tuple[tuple[str, str], ...],
        accept_encoding: str | None = None,
    ) -> MethodResponse:
        """Completes a response.

        Args:
            status: the HTTP status.
            headers: what integration response or proxy answered.
            body: the body, in bytes.
            ids: the headers with which API Gateway identifies the request.
            accept_encoding: the client's Accept-Encoding.
        """
        kept, renamed = remap_response_headers(headers)
        names = {name.lower() for name, _ in kept}
        if "content-type" not in names:
            kept.insert(0, _JSON)
        kept.extend(field for field in ids if field[0].lower() not in names)
        smallest = self._minimum_compression_size
        if smallest is not None and len(body) >= smallest and "content-encoding" not in names and accept_encoding:
            body, encoding = compress_response(body, accept_encoding)
            if encoding is not None:
                kept.append(("Content-Encoding", encoding))
        return MethodResponse(status=status, headers=tuple(kept), body=body, remapped=renamed)
