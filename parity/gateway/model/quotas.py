"""AWS's quotas for REST APIs, and the limits of their settings.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
"""

from typing import Final

MAX_PAYLOAD_BYTES: Final = 10 * 1024 * 1024
MAX_HEADER_BYTES: Final = 10_240
"""The request line and the values of all headers together."""
MAX_METHOD_ARN_BYTES: Final = 1_600
"""The ARN of a call that needs authorization, path parameters included."""
MAX_STAGE_VARIABLES: Final = 100
MAX_STAGE_VARIABLE_NAME: Final = 64
"""Characters, as of the value below."""
MAX_STAGE_VARIABLE_VALUE: Final = 512
MAX_TEMPLATE_BYTES: Final = 300 * 1024
MIN_TIMEOUT_MS: Final = 50
DEFAULT_TIMEOUT_MS: Final = 29_000
MAX_RAISED_TIMEOUT_MS: Final = 300_000
"""Timeouts above DEFAULT_TIMEOUT_MS need a raised quota in the account."""
MAX_STREAM_TIMEOUT_MS: Final = 900_000
"""The longest timeout of an integration whose answer is streamed."""
MAX_STREAM_SILENCE_SECONDS: Final = 300
"""How long the backend of a streamed answer may send nothing, at a Regional or private endpoint."""
MAX_EDGE_STREAM_SILENCE_SECONDS: Final = 30
"""The same at an edge-optimized endpoint."""
MAX_TTL_SECONDS: Final = 3600
DEFAULT_TTL_SECONDS: Final = 300
MAX_CACHED_BYTES: Final = 1024 * 1024
"""The largest body that a stage's cache keeps."""
MIN_API_KEY_LENGTH: Final = 20
