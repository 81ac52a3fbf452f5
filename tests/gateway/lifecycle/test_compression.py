"""A compressed payload is decompressed no further than API Gateway's limit, whatever it would become."""

import tracemalloc
import zlib

import pytest

from parity.gateway.lifecycle.compression import decompress_request
from parity.gateway.lifecycle.gateway_response import GatewayResponseError
from parity.gateway.model.quotas import MAX_PAYLOAD_BYTES


def test_a_decompression_bomb_takes_little_memory() -> None:
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
