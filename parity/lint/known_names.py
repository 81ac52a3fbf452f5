"""The names that API Gateway's own variables have.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
"""

import difflib

from parity.lint.references import step_name
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


APPSYNC_UTIL: dict[str, str] = {
    "toJson": "$input.json('$.path') renders a part of the body as JSON",
    "defaultIfNull": "write #if($x)$x#{else}default#end",
    "defaultIfNullOrEmpty": "write #if($x && $x != '')$x#{else}default#end",
    "defaultIfNullOrBlank": "write #if($x && $x != '')$x#{else}default#end",
    "isNull": "write #if(!$x)",
    "isNullOrEmpty": "write #if(!$x || $x == '')",
    "isNullOrBlank": "write #if(!$x || $x.trim() == '')",
    "autoId": "use $context.requestId",
    "autoUlid": "use $context.requestId",
    "error": "set $context.responseOverride.status and render the message",
    "appendError": "set $context.responseOverride.status and render the message",
    "unauthorized": "let an authorizer turn the caller away",
    "validate": "let a model validate the body",
    "qr": "write #set($ignored = ...)",
    "quiet": "write #set($ignored = ...)",
    "time": "use $context.requestTime or $context.requestTimeEpoch",
    "dynamodb": 'write the attribute\'s type yourself: {"S": "..."}',
    "map": "write the map yourself",
    "list": "write the list yourself",
    "str": "Java's String methods work: $x.toUpperCase()",
    "math": "write #set($x = $a + $b)",
    "xml": "API Gateway parses JSON alone",
    "http": "use the integration response's parameter mapping",
    "matches": "Java's String methods work: $x.matches('pattern')",
    "typeOf": "leave it out",
    "isString": "leave it out",
    "isNumber": "leave it out",
    "isBoolean": "leave it out",
    "isList": "leave it out",
    "isMap": "leave it out",
}
"""AppSync's names in `$util` that API Gateway does not have, each with what to do in its place."""


APPSYNC_CONTEXT: dict[str, str] = {
    "arguments": "write $input.path('$') or $input.params('name')",
    "args": "write $input.path('$') or $input.params('name')",
    "source": "write $input.path('$')",
    "result": "in a response template, write $input.path('$')",
    "prev": "API Gateway has no pipelines",
    "stash": "set a variable: #set($x = ...)",
    "request": "write $input.params().header",
    "info": "write $context.resourcePath",
}
"""AppSync's names in `$context` that API Gateway does not have."""


def unknown_name(reference: nodes.Reference) -> tuple[str, str] | None:
    """The first name in a reference that API Gateway does not have.

    Returns:
        The name with what it was looked up in (`$context.identity.ip`) and what AWS has there, or None.
    """
    path: tuple[str, ...] = (reference.root,)
    for step in reference.steps:
        known = _KNOWN.get(path)
        name = step_name(step)
        if known is None or name is None:
            return None
        if name in MAP_METHODS and path[0] == "context" and isinstance(step, nodes.Method):
            return None
        path = (*path, name)
        if name not in known:
            return f"${'.'.join(path)}", _hint(path, known)
    return None


def _hint(path: tuple[str, ...], known: tuple[str, ...]) -> str:
    name = path[-1]
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if path[0] == "util" and name in APPSYNC_UTIL:
        return f"that is AppSync's; {APPSYNC_UTIL[name]}"
    if path == ("context", name) and name in APPSYNC_CONTEXT and not close:
        return f"that is AppSync's; {APPSYNC_CONTEXT[name]}"
    same = next((other for other in known if other.lower() == name.lower()), None)
    if same or close:
        return f"did you mean {same or close[0]}?"
    return f"it has {', '.join(known)}"
