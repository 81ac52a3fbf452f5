"""What a Lambda authorizer is asked with.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
"""

import re
from typing import Any, Final

from parity.gateway.lifecycle.method_request import header_value
from parity.gateway.model.definition import Authorizer, Stage
from parity.gateway.model.exchange import MethodRequest

_NOT_IN_REQUEST_CONTEXT: Final = frozenset({"requestOverride", "responseOverride", "authorizer", "error"})


class IdentitySources:
    """Where an authorizer's identity comes from: `method.request.header.Authorization` and the like.

    Args:
        authorizer: the authorizer. `identity_validation_expression` counts for a TOKEN authorizer only.
        stage: the stage, for `stageVariables.NAME`.
    """

    def __init__(self, authorizer: Authorizer, stage: Stage) -> None:
        self.expressions = tuple(part.strip() for part in authorizer.identity_source.split(",") if part.strip())
        expression = authorizer.identity_validation_expression if authorizer.type == "TOKEN" else None
        self._validation = re.compile(expression) if expression else None
        self._stage = stage

    def values(self, request: MethodRequest) -> tuple[str, ...] | None:
        """The identity of a caller, a value for each source.

        Returns:
            None when a source is missing or empty, or the token does not match the validation expression: then the
            answer is 401 and the function is not asked.
        """
        values = tuple(self._value(expression, request) or "" for expression in self.expressions)
        if not all(values):
            return None
        if self._validation is not None and not (values and self._validation.fullmatch(values[0])):
            return None
        return values

    def _value(self, expression: str, request: MethodRequest) -> str | None:
        root, _, name = expression.partition(".")
        if root == "stageVariables":
            return self._stage.variables.get(name)
        if root == "context":
            return _context_value(request.context, name)
        place, _, name = expression.removeprefix("method.request.").partition(".")
        if place == "header":
            return header_value(request.headers, name.lower())
        return request.query.get(name) if place == "querystring" else None


def _context_value(context: Any, path: str) -> str | None:
    for part in path.split("."):
        context = context.get(part) if isinstance(context, dict) else None
    return None if context is None else str(context)


def token_event(method_arn: str, token: str) -> dict[str, Any]:
    """The event of a TOKEN authorizer."""
    return {"type": "TOKEN", "methodArn": method_arn, "authorizationToken": token}


def request_event(method_arn: str, request: MethodRequest, stage: Stage) -> dict[str, Any]:
    """The event of a REQUEST authorizer: the method request without its body."""
    context = request.context
    return {
        "type": "REQUEST",
        "methodArn": method_arn,
        "resource": request.resource_path,
        "path": str(context.get("path", "")).removeprefix(f"/{stage.name}") or "/",
        "httpMethod": request.http_method,
        "headers": dict(request.headers),
        "multiValueHeaders": {name: list(values) for name, values in request.multi_value_headers.items()},
        "queryStringParameters": dict(request.query),
        "multiValueQueryStringParameters": {name: list(values) for name, values in request.multi_value_query.items()},
        "pathParameters": dict(request.path_parameters),
        "stageVariables": dict(stage.variables),
        "requestContext": {name: value for name, value in context.items() if name not in _NOT_IN_REQUEST_CONTEXT},
    }
