"""TLS with HTTPS backends: whose certificates are accepted, and how AWS words a refusal.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-extensions-integration-tls-config.html
https://repost.aws/knowledge-center/api-gateway-ssl-certificate-errors
"""

import asyncio
import ssl
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

_NOT_IN_FORCE: Final = frozenset({9, 10})
_OTHER_HOST: Final = frozenset({62, 64})
"""OpenSSL's codes: a certificate that is not yet or no more valid, and one for another host name or address."""


@lru_cache(maxsize=1)
def verifying_context() -> ssl.SSLContext:
    """Accepts the certificates of the authorities that the system trusts."""
    return ssl.create_default_context()


async def trusting_context(host: str, port: int) -> ssl.SSLContext:
    """Accepts the certificate that a host presents now, whoever signed it (`insecure_skip_verification`).

    Its dates and its host name still count, as on AWS.

    Raises:
        OSError: the host cannot be reached, or does not speak TLS.
    """
    anyone = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anyone.check_hostname = False
    anyone.verify_mode = ssl.CERT_NONE
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_connection(asyncio.Protocol, host, port, ssl=anyone)
    certificate = transport.get_extra_info("ssl_object").getpeercert(binary_form=True)
    transport.abort()
    context = ssl.create_default_context(cadata=ssl.DER_cert_to_PEM_cert(certificate))
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def refusal(error: ssl.SSLError, uri: str) -> str:
    """Why a handshake failed, in the words of AWS's execution log.

    Args:
        error: what Python says.
        uri: the integration request's.
    """
    if not isinstance(error, ssl.SSLCertVerificationError):
        return f"The TLS handshake with the endpoint failed: {error.reason or error}"
    if error.verify_code in _NOT_IN_FORCE:
        return "PKIX path validation failed: java.security.cert.CertPathValidatorException: validity check failed"
    if error.verify_code in _OTHER_HOST:
        return f"Host name '{urlsplit(uri).hostname}' does not match the certificate subject provided by the peer"
    return (
        "PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: "
        "unable to find valid certification path to requested target"
    )
