"""HTTPS backends: which certificates are accepted, and what the client gets where none is.

https://repost.aws/knowledge-center/api-gateway-ssl-certificate-errors
"""

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from parity.gateway.integrations import tls
from parity.gateway.model.definition import Integration
from tests.gateway.support import answer, gateway, http, rest_api, send

DAY = datetime.timedelta(days=1)


def self_signed(folder: Path, *, host: str = "127.0.0.1", begins_in_days: int = -2) -> Path:
    """A certificate that its own key signs, valid for a day, with the key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "backend")])
    begin = datetime.datetime.now(datetime.UTC) + begins_in_days * DAY
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + 3 * DAY)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    path = folder / "backend.pem"
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(pem)
    )
    return path


@asynccontextmanager
async def https_backend(certificate: Path) -> AsyncIterator[str]:
    """A backend behind TLS; yields its URL."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A certificate that the system trusts."""
    certificate = self_signed(tmp_path)
    monkeypatch.setattr(tls, "verifying_context", lambda: ssl.create_default_context(cafile=certificate))
    for module in ("http_client", "http_stream"):
        monkeypatch.setattr(f"parity.gateway.integrations.{module}.verifying_context", tls.verifying_context)
    return certificate


Kind = Callable[[str], Integration]
KINDS = [
    pytest.param(lambda url: http(url, http_method="GET"), id="HTTP"),
    pytest.param(lambda url: Integration(type="HTTP_PROXY", uri=url, http_method="GET"), id="HTTP_PROXY"),
    pytest.param(
        lambda url: Integration(type="HTTP_PROXY", uri=url, http_method="GET", response_transfer_mode="STREAM"),
        id="STREAM",
    ),
]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_certificate_that_the_system_trusts_is_accepted(kind: Kind, trusted: Path) -> None:
    async with https_backend(trusted) as url:
        exchange = await send(gateway(rest_api({"/": kind(url)})))
    assert answer(exchange)[0] == 200


@pytest.mark.parametrize("kind", KINDS)
async def test_a_certificate_that_nobody_vouches_for_is_a_500(kind: Kind, tmp_path: Path) -> None:
    async with https_backend(self_signed(tmp_path)) as url:
        exchange = await send(gateway(rest_api({"/": kind(url)})))
    assert (answer(exchange)[0], answer(exchange)[2]) == (500, '{"message":"Internal server error"}')
    assert exchange.gateway_response is not None
    assert exchange.gateway_response.reason.startswith(
        "Execution failed due to configuration error: PKIX path building failed"
    )


@pytest.mark.parametrize("kind", KINDS)
async def test_insecure_skip_verification_accepts_what_anyone_signed(kind: Kind, tmp_path: Path) -> None:
    async with https_backend(self_signed(tmp_path)) as url:
        served = gateway(rest_api({"/": replace(kind(url), insecure_skip_verification=True)}))
        exchange = await send(served)
        await served.aclose()
    assert answer(exchange)[0] == 200


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"host": "127.0.0.9"}, "Host name '127.0.0.1' does not match the certificate subject"),
        ({"begins_in_days": -9}, "PKIX path validation failed"),
        ({"begins_in_days": 9}, "PKIX path validation failed"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
async def test_insecure_skip_verification_still_checks_host_and_dates(
    kind: Kind, settings: dict[str, Any], words: str, tmp_path: Path
) -> None:
    async with https_backend(self_signed(tmp_path, **settings)) as url:
        exchange = await send(gateway(rest_api({"/": replace(kind(url), insecure_skip_verification=True)})))
    assert answer(exchange)[0] == 500
    assert exchange.gateway_response is not None
    assert words in exchange.gateway_response.reason


async def test_a_backend_that_speaks_no_tls_is_a_500() -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    async with server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        exchange = await send(gateway(rest_api({"/": http(url)})))
    assert answer(exchange)[0] == 500
    assert exchange.gateway_response is not None
    assert "The TLS handshake with the endpoint failed" in exchange.gateway_response.reason
