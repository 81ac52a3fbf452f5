"""Compressed payloads of requests and responses."""

import tracemalloc
import zlib

import pytest

from parity.gateway.lifecycle.compression import compress_response, decompress_request
from parity.gateway.lifecycle.gateway_response import GatewayResponseError
from parity.gateway.model.quotas import MAX_PAYLOAD_BYTES


def test_a_decompression_bomb_takes_little_memory() -> None:
    """A payload is decompressed no further than API Gateway's limit, whatever it would become."""
    compressor = zlib.compressobj()
    piece = b"0" * 1_000_000
    bomb = b"".join([*(compressor.compress(piece) for _ in range(200)), compressor.flush()])
    tracemalloc.start()
    try:
        with pytest.raises(GatewayResponseError, match="too large, decompressed"):
            decompress_request(bomb, "deflate")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * MAX_PAYLOAD_BYTES


@pytest.mark.parametrize(
    ("accept_encoding", "encoding"),
    [
        ("deflate,gzip", "gzip"),
        ("deflate", "deflate"),
        ("gzip, deflate, br", "gzip"),
        ("", None),
        ("*", None),
        ("deflate;q=0.5,gzip;q=1.0", "gzip"),
        ("deflate;q=1.0,gzip;q=0.5", "deflate"),
        ("gzip;q=1.0,identity;q=0.5,*;q=0", "gzip"),
        ("br;q=1.0, gzip;q=0.8", None),
        ("identity, gzip;q=0.5", None),
        ("gzip;q=0", None),
        ("GZIP ; Q=1", "gzip"),
    ],
)
def test_the_codings_of_the_highest_priority_count(accept_encoding: str, encoding: str | None) -> None:
    """AWS's guide, "Enable payload compression for an API": the highest-priority coding must be a supported one."""
    body, used = compress_response(b"text", accept_encoding)
    assert used == encoding
    assert (body == b"text") is (encoding is None)
