"""Security schemes of an OpenAPI document: authorizers, IAM, and the API key.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from parity.gateway.model.definition import Authorizer
from parity.gateway.openapi.document import EXTENSION, OpenApiDocument, OpenApiError, mapping

_DEFAULT_TTL_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Security:
    """What a method requires of its caller."""

    authorization: Literal["NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS"] = "NONE"
    authorizer_id: str | None = None
    authorization_scopes: tuple[str, ...] = ()
    api_key_required: bool = False


class SecuritySchemes:
    """The security schemes of a document. An authorizer's id is the name of its scheme.

    Args:
        document: the document.

    Raises:
        OpenApiError: a scheme cannot be read.
    """

    def __init__(self, document: OpenApiDocument) -> None:
        self._of_document = document.root.get("security")
        self._schemes = document.component("securityDefinitions", "securitySchemes")
        self.authorizers = {
            name: _authorizer(name, scheme, mapping(scheme[EXTENSION + "authorizer"], f"the authorizer of {name}"))
            for name, scheme in self._schemes.items()
            if EXTENSION + "authorizer" in mapping(scheme, f"the security scheme {name}")
        }

    def of(self, operation: Mapping[str, Any]) -> Security:
        """What an operation requires.

        Of the document's own `security` an authorizer counts, with its scopes, for an operation without `security`
        (recorded on AWS: LocalStack snapshots test_import_with_global_api_key_authorizer and
        test_import_with_cognito_auth_identity_source); an API key does not.
        https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
        """
        own = mapping(operation.get(EXTENSION + "auth"), "x-amazon-apigateway-auth")
        kind = str(own.get("type", "")).upper()
        if kind == "AWS_IAM":
            return self._required(Security("AWS_IAM"), operation.get("security"))
        if operation.get("security") is None and kind != "NONE":
            security = self._required(Security(), self._of_document)
            return replace(security, api_key_required=False) if security.authorizer_id else Security()
        return self._required(Security(), operation.get("security"))

    def _required(self, security: Security, requirements: Any) -> Security:
        for requirement in requirements or ():
            for name, scopes in mapping(requirement, "a security requirement").items():
                security = self._with(security, name, tuple(scopes or ()))
        return security

    def _with(self, security: Security, name: str, scopes: tuple[str, ...]) -> Security:
        authorizer = self.authorizers.get(name)
        key = security.api_key_required
        if authorizer is not None:
            is_cognito = authorizer.type == "COGNITO_USER_POOLS"
            return Security("COGNITO_USER_POOLS" if is_cognito else "CUSTOM", authorizer.id, scopes, key)
        scheme = mapping(self._schemes.get(name), f"the security scheme {name}")
        if str(scheme.get(EXTENSION + "authtype", "")).lower() == "awssigv4":
            return Security("AWS_IAM", None, scopes, key)
        if scheme.get("type") == "apiKey" and str(scheme.get("name", "")).lower() == "x-api-key":
            return Security(security.authorization, security.authorizer_id, security.authorization_scopes, True)
        return security


def _authorizer(name: str, scheme: Mapping[str, Any], declared: Mapping[str, Any]) -> Authorizer:
    kind = str(declared.get("type", "")).upper()
    if kind not in ("TOKEN", "REQUEST", "COGNITO_USER_POOLS"):
        raise OpenApiError(f"the authorizer {name} has the type {declared.get('type')!r}, not token or request")
    if kind == "REQUEST":
        source = str(declared.get("identitySource", ""))
    else:
        source = f"method.request.header.{scheme.get('name', 'Authorization')}"
    ttl = declared.get("authorizerResultTtlInSeconds")
    return Authorizer(
        id=name,
        name=name,
        type="TOKEN" if kind == "TOKEN" else "REQUEST" if kind == "REQUEST" else "COGNITO_USER_POOLS",
        uri=str(declared.get("authorizerUri", "")),
        identity_source=source,
        identity_validation_expression=declared.get("identityValidationExpression"),
        result_ttl_seconds=_DEFAULT_TTL_SECONDS if ttl is None else int(ttl),
        provider_arns=tuple(str(arn) for arn in declared.get("providerARNs") or ()),
        declared_by=f"the security scheme {name}",
    )
