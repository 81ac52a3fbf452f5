"""How a request proves that it may call the API: an API key, a bearer token, or a signature of AWS's.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote_plus, urlsplit

from parity.compare.case import Headers

ALGORITHM = "AWS4-HMAC-SHA256"
SERVICE = "execute-api"
DEFAULT_REGION = "us-east-1"
UNRESERVED = "-_.~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """An access key. `session_token` is empty for one that does not expire."""

    access_key: str
    secret_key: str
    session_token: str = ""


LOCAL_CREDENTIALS = Credentials(access_key="AKIAIOSFODNN7EXAMPLE", secret_key="not-verified-on-this-machine")  # noqa: S106
"""AWS's example key: locally a signature is read, and not verified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """What is added to each request: `headers` as they are, and a signature where there are `credentials`."""

    headers: Headers = ()
    credentials: Credentials | None = None
    region: str = DEFAULT_REGION

    def headers_for(self, method: str, url: str, host: str, body: bytes) -> Headers:
        """The headers to add to a request.

        Args:
            method: the HTTP method.
            url: path and query string, encoded as they are sent.
            host: the value of the Host header.
            body: the body, empty for none.
        """
        if self.credentials is None:
            return self.headers
        return (*self.headers, *signature_headers(self.credentials, self.region, method, url, host, body))


def authorization_from(
    config: Mapping[str, Any], outputs: Mapping[str, Any], credentials: Credentials | None = None, region: str = ""
) -> Authorization:
    """What a stack asks for, by its configuration `parity:authorization` and its outputs `api_key` and `token`.

    Args:
        config: values by key, with or without `parity:`.
        outputs: the stack's outputs, secrets in the clear.
        credentials: what signs; None takes the environment's, and without any the request goes out unsigned.
        region: the API's region; empty takes the one of the configuration.
    """
    values = {key.removeprefix("parity:"): value for key, value in config.items()}
    kind = values.get("authorization")
    headers: Headers = ()
    if kind == "api-key" and outputs.get("api_key"):
        headers = (("x-api-key", str(outputs["api_key"])),)
    token = outputs.get("token") or values.get("authorizerToken")
    if kind == "lambda" and isinstance(token, str) and token:
        headers = (("Authorization", f"Bearer {token}"),)
    if kind != "iam":
        return Authorization(headers=headers)
    return Authorization(
        credentials=credentials or credentials_of_environment(),
        region=region or str(config.get("aws:region") or DEFAULT_REGION),
    )


def region_of(url: str) -> str:
    """The region in the host name of a deployed API, empty where it has none."""
    found = re.search(r"\.execute-api\.([a-z0-9-]+)\.amazonaws\.", urlsplit(url).hostname or "")
    return found[1] if found else ""


def credentials_of_environment() -> Credentials | None:
    """The credentials in AWS's environment variables, None where they are not set."""
    access_key, secret_key = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    if not access_key or not secret_key:
        return None
    return Credentials(
        access_key=access_key, secret_key=secret_key, session_token=os.environ.get("AWS_SESSION_TOKEN", "")
    )


def signature_headers(
    credentials: Credentials,
    region: str,
    method: str,
    url: str,
    host: str,
    body: bytes,
    now: datetime | None = None,
) -> Headers:
    """The headers of a Signature Version 4 over a request's method, path, query string, host and body.

    Args:
        credentials: who signs.
        region: the API's region.
        method: the HTTP method.
        url: path and query string, encoded as they are sent.
        host: the value of the Host header.
        body: the body, empty for none.
        now: when it is signed; None is now.
    """
    date = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
    signed = {"host": host, "x-amz-date": date}
    added: Headers = (("X-Amz-Date", date),)
    if credentials.session_token:
        signed["x-amz-security-token"] = credentials.session_token
        added = (*added, ("X-Amz-Security-Token", credentials.session_token))
    names = ";".join(sorted(signed))
    path, _, query = url.partition("?")
    lines = [method, quote(path, safe="/" + UNRESERVED), _canonical_query(query)]
    lines += [f"{name}:{signed[name].strip()}" for name in sorted(signed)]
    request = "\n".join([*lines, "", names, hashlib.sha256(body).hexdigest()])
    scope = f"{date[:8]}/{region}/{SERVICE}/aws4_request"
    text = "\n".join([ALGORITHM, date, scope, hashlib.sha256(request.encode()).hexdigest()])
    key = f"AWS4{credentials.secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    value = f"{ALGORITHM} Credential={credentials.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
    return (*added, ("Authorization", value))


def _canonical_query(query: str) -> str:
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    encoded = [(_encoded(name), _encoded(value)) for name, _, value in pairs]
    return "&".join(f"{name}={value}" for name, value in sorted(encoded))


def _encoded(text: str) -> str:
    return quote(unquote_plus(text), safe=UNRESERVED)
