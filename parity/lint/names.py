"""The names that API Gateway's own variables have.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
"""

import difflib

from parity.velocity.syntax import nodes

UTIL = ("escapeJavaScript", "parseJson", "urlEncode", "urlDecode", "base64Encode", "base64Decode")
INPUT = ("body", "json", "params", "path")
CONTEXT = (
    "accountId",
    "apiId",
    "authorizer",
    "awsEndpointRequestId",
    "customDomain",
    "deploymentId",
    "domainName",
    "domainPrefix",
    "error",
    "extendedRequestId",
    "httpMethod",
    "identity",
    "isCanaryRequest",
    "path",
    "protocol",
    "requestId",
    "requestOverride",
    "requestTime",
    "requestTimeEpoch",
    "resourceId",
    "resourcePath",
    "responseOverride",
    "stage",
    "wafResponseCode",
    "webaclArn",
)
IDENTITY = (
    "accessKey",
    "accountId",
    "apiKey",
    "apiKeyId",
    "caller",
    "clientCert",
    "cognitoAuthenticationProvider",
    "cognitoAuthenticationType",
    "cognitoIdentityId",
    "cognitoIdentityPoolId",
    "principalOrgId",
    "sourceIp",
    "user",
    "userAgent",
    "userArn",
    "vpcId",
    "vpceId",
)
REQUEST_OVERRIDE = ("header", "path", "querystring")
MAP_METHODS = frozenset({"get", "put", "containsKey", "keySet", "entrySet", "values", "size", "isEmpty", "toString"})

_KNOWN: dict[tuple[str, ...], tuple[str, ...]] = {
    ("util",): UTIL,
    ("input",): INPUT,
    ("context",): CONTEXT,
    ("context", "identity"): IDENTITY,
    ("context", "requestOverride"): REQUEST_OVERRIDE,
}


def unknown_name(reference: nodes.Reference) -> tuple[str, str] | None:
    """The first name in a reference that API Gateway does not have.

    Returns:
        The name with what it was looked up in (`$context.identity.ip`) and what AWS has there, or None.
    """
    path: tuple[str, ...] = (reference.root,)
    for step in reference.steps:
        known = _KNOWN.get(path)
        name = _name(step)
        if known is None or name is None:
            return None
        if name in MAP_METHODS and path[0] == "context" and isinstance(step, nodes.Method):
            return None
        path = (*path, name)
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f"did you mean {close[0]}?" if close else f"it has {', '.join(known)}"
            return f"${'.'.join(path)}", hint
    return None


def _name(step: nodes.Node) -> str | None:
    match step:
        case nodes.Property() | nodes.Method():
            return step.name
        case nodes.Index(argument=nodes.StringLiteral(value=value)):
            return value
    return None
