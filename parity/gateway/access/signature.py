"""`AWS_IAM` authorization: the form of a Signature Version 4, which is all that can be checked without AWS.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
Nobody here knows the caller's secret key or policies. So a request without signature is refused as AWS refuses it,
and so is one whose signature is malformed, made for another region or service, or too old; a signature that looks
right is believed. What the credential names is in `$context.identity.accessKey`.
"""

import base64
import hashlib
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from msgspec.structs import replace

from parity.gateway.lifecycle.gateway_response import GatewayResponseError
from parity.gateway.lifecycle.method_request import header_value
from parity.gateway.model.definition import RestApi
from parity.gateway.model.exchange import MethodRequest

ALGORITHM: Final = "AWS4-HMAC-SHA256"
VALIDITY_SECONDS: Final = 300
"""How old, or how far in the future, the time of a signed request may be."""

_PARTS: Final = ("Credential", "Signature", "SignedHeaders")


def check_signature(request: MethodRequest, api: RestApi, now: float) -> None:
    """Refuses a request that AWS would refuse for the form of its signature; see the module for what is not checked.

    Args:
        request: the request; its `$context.identity` is given the access key and the account.
        api: the API, for its region.
        now: the time in seconds since the epoch.

    Raises:
        GatewayResponseError: MISSING_AUTHENTICATION_TOKEN without signature; otherwise 403 with AWS's reason.
    """
    header = header_value(request.headers, "authorization")
    signed_in_query = request.query.get("X-Amz-Algorithm") == ALGORITHM
    if not header and not signed_in_query:
        raise missing_token("Not signed")
    date = request.query.get("X-Amz-Date") or header_value(request.headers, "x-amz-date")
    parts = _query_parts(request.query) if signed_in_query else _header_parts(header or "")
    _check_parts(parts, date or header_value(request.headers, "date"), header or "")
    _check_scope(parts["Credential"], api.region)
    if date and not signed_in_query:
        _check_time(date, now)
    identity = request.context.get("identity")
    if isinstance(identity, dict):
        identity["accessKey"] = parts["Credential"].partition("/")[0]
        identity["accountId"] = api.account_id


def without_signature(request: MethodRequest) -> MethodRequest:
    """The request without its Authorization header if that is a signature: nothing behind the gateway sees it.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    """
    for name in ("Authorization", "authorization"):
        value = request.headers.get(name)
        if value is not None and value.startswith(ALGORITHM):
            headers = {key: item for key, item in request.headers.items() if key != name}
            several = {key: items for key, items in request.multi_value_headers.items() if key != name}
            return replace(request, headers=headers, multi_value_headers=several)
    return request


def without_route(header: str | None, date: str | None, reason: str) -> GatewayResponseError:
    """What a client gets for a path or method that the API does not have: it is taken for one of AWS_IAM.

    So an `Authorization: Bearer` of a Cognito or Lambda authorizer is refused as a malformed signature.
    https://github.com/amazon-archives/aws-cognito-angular-quickstart/issues/50

    Args:
        header: the request's Authorization header.
        date: its X-Amz-Date or Date header.
        reason: why there is no route, for the execution log.
    """
    try:
        if header:
            _check_parts(_header_parts(header), date, header)
    except GatewayResponseError as error:
        return error
    return missing_token(reason)


def missing_token(reason: str) -> GatewayResponseError:
    """The 403 for a request that is not signed, or has no route; `reason` goes to the execution log."""
    return GatewayResponseError("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token", reason)


def _incomplete(message: str) -> GatewayResponseError:
    return GatewayResponseError("DEFAULT_4XX", message, message, status=403, error_type="IncompleteSignatureException")


def _invalid(message: str) -> GatewayResponseError:
    return GatewayResponseError("INVALID_SIGNATURE", message, message)


def _hashed(header: str) -> str:
    """An Authorization header as AWS's errors show it: it may be a secret."""
    return base64.b64encode(hashlib.sha256(header.encode("utf-8", "replace")).digest()).decode()


def _header_parts(header: str) -> Mapping[str, str]:
    """The parameters of an Authorization header, without those that are missing.

    Raises:
        GatewayResponseError: what follows the first word has a part that is not `key=value`, such as a bearer token.
    """
    _, _, rest = header.strip().partition(" ")
    parts: dict[str, str] = {}
    for item in re.split(r"\s*,\s*|\s+", rest.strip()) if rest else ():
        name, equals, value = item.partition("=")
        if not equals:
            raise _incomplete(
                "Invalid key=value pair (missing equal-sign) in Authorization header"
                f" (hashed with SHA-256 and encoded with Base64): '{_hashed(header)}'."
            )
        parts[name] = value
    return parts


def _check_parts(parts: Mapping[str, str], date: str | None, header: str) -> None:
    missing = [f"Authorization header requires '{name}' parameter." for name in _PARTS if not parts.get(name)]
    if not date:
        missing.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    if missing:
        shown = f"(Hashed with SHA-256 and encoded with Base64) Authorization={_hashed(header)}"
        raise _incomplete(f"{' '.join(missing)} {shown}")


def _query_parts(query: Mapping[str, str]) -> Mapping[str, str]:
    return {name: query.get(f"X-Amz-{name}", "") for name in _PARTS}


def _check_scope(credential: str, region: str) -> None:
    _, *scope = credential.split("/")
    expected = {1: ("region", region), 2: ("service", "execute-api"), 3: ("terminator", "aws4_request")}
    if len(scope) != 4:
        raise _incomplete(f"Credential must have exactly 5 slash-delimited elements, it has {len(scope) + 1}")
    for index, (name, value) in expected.items():
        if scope[index] != value:
            raise _invalid(f"Credential should be scoped to a valid {name}, not '{scope[index]}'. ")


def _check_time(date: str, now: float) -> None:
    try:
        signed = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise _invalid(f"Date must be in ISO-8601 'basic format'. Got '{date}'.") from None
    if signed + VALIDITY_SECONDS < now:
        earliest, current = (time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at)) for at in (now - VALIDITY_SECONDS, now))
        message = f"Signature expired: {date} is now earlier than {earliest} ({current} - 5 min.)"
        raise GatewayResponseError("INVALID_SIGNATURE", message, message)
