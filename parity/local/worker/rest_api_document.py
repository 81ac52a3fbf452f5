"""The Swagger document that `aws-apigateway.RestAPI` makes of its routes.

https://www.pulumi.com/registry/packages/aws-apigateway/api-docs/restapi/
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from parity.local.worker.component import (
    ComponentError,
    Registered,
    Registrar,
    assume_role_policy,
    is_reference,
)
from parity.local.worker.static_content import StaticContent

_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch"})
_VALIDATORS = {
    name: {"validateRequestBody": name in ("ALL", "BODY_ONLY"), "validateRequestParameters": name != "BODY_ONLY"}
    for name in ("ALL", "BODY_ONLY", "PARAMS_ONLY")
}
_NOT_FOUND = {"statusCode": 404, "responseTemplates": {"application/json": '{"message": "404 Not found" }'}}


class RestApiDocument:
    """Adds one route after the other, and registers what a route needs besides its operation.

    Args:
        name: the component's name.
        arguments: its inputs in camelCase, resources as references.
        registrar: registers its children.
        binary_media_types: the API's binary media types.
    """

    def __init__(
        self, name: str, arguments: Mapping[str, Any], registrar: Registrar, binary_media_types: list[str]
    ) -> None:
        self._name = name
        self._registrar = registrar
        self._static = StaticContent(name, arguments, registrar)
        self.functions: list[tuple[str, Registered]] = []
        """`{METHOD}{path}` of each event handler, and its function."""
        self._authorizers: dict[str, Any] = {}
        self.document: dict[str, Any] = {
            "swagger": "2.0",
            "info": {"title": name, "version": "1.0"},
            "paths": {},
            "x-amazon-apigateway-binary-media-types": binary_media_types,
            "x-amazon-apigateway-gateway-responses": {
                "MISSING_AUTHENTICATION_TOKEN": _NOT_FOUND,
                "ACCESS_DENIED": _NOT_FOUND,
                **(arguments.get("gatewayResponses") or {}),
            },
            "x-amazon-apigateway-api-key-source": arguments.get("apiKeySource") or "HEADER",
        }
        validator = arguments.get("requestValidator")
        if validator:
            self.document["x-amazon-apigateway-request-validators"] = _VALIDATORS
            self.document["x-amazon-apigateway-request-validator"] = validator

    def add(self, route: Mapping[str, Any]) -> None:
        """Adds the paths of one route.

        Raises:
            ComponentError: the route lacks an argument, or one has no place in it.
        """
        if not route.get("path"):
            raise ComponentError("Route missing required [path] property")
        path = "/" + str(route["path"]).removeprefix("/")
        if route.get("eventHandler") is not None:
            self._add_event_handler(path, route)
        elif route.get("localPath") is not None:
            secured = self._secured(route)
            is_folder = Path(str(route["localPath"])).is_dir()
            for at, method, operation in self._static.operations(path, route):
                # The index of a folder takes the place of what was at its path before.
                self._add(at, method, {**operation, **secured(operation)}, alone=is_folder and at.endswith("/"))
        elif route.get("target") is not None:
            self._add_target(path, route)
        elif route.get("data") is not None:
            self._add(path, _method(route), dict(route["data"]))
        else:
            raise ComponentError(f"the route {path} needs an event_handler, local_path, target or data")

    def _add(self, path: str, method: str, operation: Mapping[str, Any], *, alone: bool = False) -> None:
        paths = self.document["paths"]
        if alone:
            paths[path] = {}
        paths.setdefault(path, {})[method] = operation

    def _add_event_handler(self, path: str, route: Mapping[str, Any]) -> None:
        function = self._registrar.resource(route["eventHandler"])
        method = _method(route)
        uri = (
            f"arn:{self._registrar.partition}:apigateway:{self._registrar.region}:lambda:path/2015-03-31/functions/"
            f"{function.outputs['arn']}/invocations"
        )
        operation = {
            "x-amazon-apigateway-integration": {
                "uri": uri,
                "passthroughBehavior": "when_no_match",
                "httpMethod": "POST",
                "type": "aws_proxy",
            }
        }
        self._add(path, method, {**operation, **self._secured(route)(operation)})
        shown = "*" if str(route["method"]) == "ANY" else str(route["method"])
        self.functions = [entry for entry in self.functions if entry[0] != f"{shown}{path}"]
        self.functions.append((f"{shown}{path}", function))

    def _add_target(self, path: str, route: Mapping[str, Any]) -> None:
        """An integration route: its path, and everything below it."""
        target = route["target"]
        at = path if path.endswith("/") else f"{path}/"
        uri = str(target.get("uri") or "")
        uri = uri if uri.endswith("/") else f"{uri}/"
        integration = {
            "responses": {"default": {"statusCode": "200"}},
            "uri": uri,
            "type": target.get("type") or "http_proxy",
            "connectionType": target.get("connectionType"),
            "connectionId": target.get("connectionId"),
            "passthroughBehavior": target.get("passthroughBehavior") or "when_no_match",
            "httpMethod": "ANY",
        }
        integration = {name: value for name, value in integration.items() if value is not None}
        below = {
            **integration,
            "uri": uri + "{proxy}",
            "requestParameters": {"integration.request.path.proxy": "method.request.path.proxy"},
        }
        parameter = {"name": "proxy", "in": "path", "required": True, "type": "string"}
        secured = self._secured(route)
        for place, operation in (
            (at, {"x-amazon-apigateway-integration": integration}),
            (at + "{proxy+}", {"x-amazon-apigateway-integration": below, "parameters": [parameter]}),
        ):
            self._add(place, _any(), {**operation, **secured(operation)})

    def _secured(self, route: Mapping[str, Any]) -> _Secured:
        """What a route requires of its callers, to be laid over each of its operations."""
        security: list[dict[str, Any]] = []
        authorizers = route.get("authorizers") or []
        for authorizer in authorizers if isinstance(authorizers, list) else [authorizers]:
            security.append({self._authorizer(authorizer): authorizer.get("methodsToAuthorize") or []})
        if route.get("apiKeyRequired"):
            scheme = {"type": "apiKey", "name": "x-api-key", "in": "header"}
            schemes = self.document.setdefault("securityDefinitions", {})
            if schemes.setdefault("api_key", scheme) != scheme:
                raise ComponentError("Defined a non-apikey security definition with the name api_key")
            security.append({"api_key": []})
        return _Secured(route, security)

    def _authorizer(self, authorizer: Mapping[str, Any]) -> str:
        """The name of an authorizer's security scheme, which is defined when it is first met."""
        schemes = self.document.setdefault("securityDefinitions", {})
        name = authorizer.get("authorizerName") or f"{self.document['info']['title']}-authorizer-{len(schemes)}"
        is_function = authorizer.get("handler") is not None
        if self._authorizers.setdefault(name, authorizer) != authorizer:
            raise ComponentError(
                f"Multiple authorizers with the same name '{name}' but different configurations are not allowed."
            )
        if name not in schemes:
            schemes[name] = {
                "type": "apiKey",
                "name": authorizer.get("parameterName"),
                "in": authorizer.get("parameterLocation", "header") if is_function else "header",
                "x-amazon-apigateway-authtype": authorizer.get("authType") if is_function else "cognito_user_pools",
                "x-amazon-apigateway-authorizer": (
                    self._function_authorizer(name, authorizer) if is_function else self._user_pools(authorizer)
                ),
            }
        return str(name)

    def _function_authorizer(self, name: str, authorizer: Mapping[str, Any]) -> dict[str, Any]:
        function = self._registrar.resource(authorizer["handler"])
        role = self._registrar.register(
            "aws:iam/role:Role",
            f"{name}-authorizer-role",
            {"assumeRolePolicy": assume_role_policy("lambda.amazonaws.com", "apigateway.amazonaws.com")},
        )
        statement = {"Action": "lambda:InvokeFunction", "Effect": "Allow", "Resource": function.outputs["arn"]}
        self._registrar.register(
            "aws:iam/rolePolicy:RolePolicy",
            f"{name}-invocation-policy",
            {"policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]}), "role": role.id},
        )
        declared = {
            "type": authorizer.get("type"),
            "authorizerUri": function.outputs["invokeArn"],
            "authorizerCredentials": role.outputs["arn"],
            "identitySource": ", ".join(authorizer.get("identitySource") or []),
            "identityValidationExpression": authorizer.get("identityValidationExpression"),
            "authorizerResultTtlInSeconds": authorizer.get("authorizerResultTtlInSeconds"),
        }
        return {name: value for name, value in declared.items() if value is not None}

    def _user_pools(self, authorizer: Mapping[str, Any]) -> dict[str, Any]:
        pools = authorizer.get("providerARNs") or []
        return {
            "type": "cognito_user_pools",
            "identitySource": ", ".join(authorizer.get("identitySource") or []),
            "providerARNs": [
                self._registrar.resource(pool).outputs["arn"] if is_reference(pool) else pool for pool in pools
            ],
        }


class _Secured:
    """The members that a route's security and validation add to an operation."""

    def __init__(self, route: Mapping[str, Any], security: list[dict[str, Any]]) -> None:
        self._route = route
        self._security = security

    def __call__(self, operation: Mapping[str, Any]) -> dict[str, Any]:
        """The members for this operation."""
        members: dict[str, Any] = {"security": self._security} if self._security else {}
        required = self._route.get("requiredParameters") or []
        if required:
            added = [{"name": entry["name"], "in": entry["in"], "required": True} for entry in required]
            members["parameters"] = [*operation.get("parameters", []), *added]
        if self._route.get("requestValidator"):
            members["x-amazon-apigateway-request-validator"] = self._route["requestValidator"]
        if self._route.get("iamAuthEnabled"):
            members["x-amazon-apigateway-auth"] = {"type": "AWS_IAM"}
        return members


def _any() -> str:
    return "x-amazon-apigateway-any-method"


def _method(route: Mapping[str, Any]) -> str:
    given = str(route.get("method") or "")
    if not given:
        raise ComponentError("Route missing required [method] property")
    if given.lower() == "any":
        return _any()
    if given.lower() not in _METHODS:
        raise ComponentError(f"Method not supported: {given}")
    return given.lower()
