"""Signature Version 4 for integration requests to AWS services.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
API Gateway signs with the credentials of the integration's role. Those are not known locally, so that the signature
is well formed and made with a placeholder; emulators of AWS's services read its scope alone.
"""

import hashlib
import hmac
import time
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, unquote

from parity.gateway.model.exchange import Headers

ACCESS_KEY_ID: Final = "ASIA" + "LOCAL".ljust(16, "0")
_SECRET_ACCESS_KEY: Final = "local".ljust(40, "0")
_ALGORITHM: Final = "AWS4-HMAC-SHA256"


def signed_headers(
    method: str, url: str, headers: Headers, body: bytes, *, service: str, region: str, access_key_id: str, now: float
) -> Headers:
    """The headers of a request with `Host`, `X-Amz-Date`, for S3 `X-Amz-Content-Sha256`, and `Authorization`.

    Args:
        method: the HTTP method.
        url: the complete URL, percent-encoded.
        headers: the headers that are sent beside; a Host among them is replaced.
        body: the payload that is sent.
        service: the name in the credential's scope.
        region: the region in the credential's scope.
        access_key_id: the access key that the credential names.
        now: the time of the signature, in seconds since the epoch.
    """
    host, path, query = _split(url)
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    digest = hashlib.sha256(body).hexdigest()
    added = [("Host", host), ("X-Amz-Date", stamp)]
    if service == "s3":
        added.append(("X-Amz-Content-Sha256", digest))
    replaced = {name.lower() for name, _ in added}
    sent = [*(field for field in headers if field[0].lower() not in replaced), *added]
    signed = _signed(sent)
    names = ";".join(name for name, _ in signed)
    lines = "".join(f"{name}:{value}\n" for name, value in signed)
    # S3 signs a path as it is sent, every other service one that is encoded once more.
    canonical_path = path if service == "s3" else quote(path, safe="/-._~")
    canonical = f"{method}\n{canonical_path}\n{_canonical_query(query)}\n{lines}\n{names}\n{digest}"
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    to_sign = f"{_ALGORITHM}\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{_SECRET_ACCESS_KEY}".encode()
    for part in (stamp[:8], region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    authorization = f"{_ALGORITHM} Credential={access_key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
    return (*sent, ("Authorization", authorization))


def _split(url: str) -> tuple[str, str, str]:
    """Host, path and query string."""
    rest, _, query = url.partition("://")[2].partition("?")
    host, _, path = rest.partition("/")
    return host, f"/{path}", query


def _signed(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers that a signature covers, by lower-case name, with one space for each run of them."""
    fields: dict[str, list[str]] = {}
    for name, value in headers:
        lower = name.lower()
        if lower in ("host", "content-type") or lower.startswith("x-amz-"):
            fields.setdefault(lower, []).append(" ".join(value.split()))
    return [(name, ",".join(values)) for name, values in sorted(fields.items())]


def _canonical_query(query: str) -> str:
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    encoded = [(quote(unquote(name), safe="-._~"), quote(unquote(value), safe="-._~")) for name, _, value in pairs]
    return "&".join(f"{name}={value}" for name, value in sorted(encoded))
