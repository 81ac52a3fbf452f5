"""The resource tree of a REST API: paths, methods, integrations and their responses."""

from typing import Any
from urllib.parse import urlsplit

from parity.gateway.model.definition import (
    Integration,
    IntegrationResponse,
    Method,
    MethodResponse,
    RequestValidator,
    Resource,
)
from parity.gateway.model.quotas import DEFAULT_TIMEOUT_MS
from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import ResourceIndex, optional_text, text, texts
from parity.local.rest_api.private_endpoints import LOAD_BALANCERS

_OF_METHOD = ("restApi", "resourceId", "httpMethod")


class Methods:
    """The methods of all APIs of a program, indexed once.

    Args:
        resource_index: the program's resources.
    """

    def __init__(self, resource_index: ResourceIndex) -> None:
        self._resources = resource_index.grouped("aws:apigateway/resource:Resource", "restApi")
        self._methods = resource_index.grouped("aws:apigateway/method:Method", "restApi", "resourceId")
        self._integrations = resource_index.grouped("aws:apigateway/integration:Integration", *_OF_METHOD)
        self._method_responses = resource_index.grouped("aws:apigateway/methodResponse:MethodResponse", *_OF_METHOD)
        self._integration_responses = resource_index.grouped(
            "aws:apigateway/integrationResponse:IntegrationResponse", *_OF_METHOD
        )
        self._balancers = {
            text(record.outputs, "dnsName").lower(): text(record.outputs, "arn")
            for record in resource_index.of_type(*LOAD_BALANCERS)
        }
        self._validators = {
            record.id: _request_validator(record)
            for record in resource_index.of_type("aws:apigateway/requestValidator:RequestValidator")
        }

    def resources_of(self, api: ResourceRecord) -> list[Resource]:
        """The resources of one API, the root first."""
        root_id = text(api.outputs, "rootResourceId")
        resources = [
            Resource(id=root_id, path="/", methods=self._methods_of(api.id, root_id), declared_by=api.declared_by)
        ]
        for record in self._resources.get((api.id,), ()):
            resources.append(
                Resource(
                    id=record.id,
                    path=text(record.outputs, "path"),
                    methods=self._methods_of(api.id, record.id),
                    declared_by=record.declared_by,
                )
            )
        return resources

    def _methods_of(self, api_id: str, resource_id: str) -> dict[str, Method]:
        methods = {}
        for record in self._methods.get((api_id, resource_id), ()):
            http_method = text(record.inputs, "httpMethod").upper()
            methods[http_method] = self._method(record, (api_id, resource_id, text(record.inputs, "httpMethod")))
        return methods

    def _method(self, record: ResourceRecord, key: tuple[str, ...]) -> Method:
        inputs = record.inputs
        integrations = self._integrations.get(key, ())
        authorization: Any = text(inputs, "authorization", "NONE").upper()
        return Method(
            http_method=text(inputs, "httpMethod").upper(),
            authorization=authorization,
            authorizer_id=optional_text(inputs, "authorizerId"),
            authorization_scopes=tuple(inputs.get("authorizationScopes") or ()),
            api_key_required=bool(inputs.get("apiKeyRequired")),
            request_parameters={
                name: bool(required) for name, required in (inputs.get("requestParameters") or {}).items()
            },
            request_models=texts(inputs, "requestModels"),
            request_validator=self._validators.get(text(inputs, "requestValidatorId")),
            operation_name=optional_text(inputs, "operationName"),
            integration=self._integration(integrations[-1], key) if integrations else None,
            responses=tuple(_method_response(response) for response in self._method_responses.get(key, ())),
            declared_by=record.declared_by,
        )

    def _integration(self, record: ResourceRecord, key: tuple[str, ...]) -> Integration:
        inputs = record.inputs
        type_: Any = text(inputs, "type").upper()
        connection_type: Any = text(inputs, "connectionType", "INTERNET")
        passthrough: Any = text(inputs, "passthroughBehavior") or "WHEN_NO_MATCH"
        content_handling: Any = optional_text(inputs, "contentHandling")
        responses = self._integration_responses.get(key, ())
        target = optional_text(inputs, "integrationTarget")
        own_balancer = self._balancers.get((urlsplit(text(inputs, "uri")).hostname or "").lower())
        if connection_type == "INTERNET" and own_balancer is not None:
            # The name of the program's own public load balancer leads nowhere locally; its target does.
            connection_type, target = "VPC_LINK", own_balancer
        return Integration(
            type=type_,
            uri=text(inputs, "uri"),
            http_method=text(inputs, "integrationHttpMethod") or text(inputs, "httpMethod"),
            connection_type=connection_type,
            connection_id=optional_text(inputs, "connectionId"),
            integration_target=target,
            insecure_skip_verification=bool((inputs.get("tlsConfig") or {}).get("insecureSkipVerification")),
            credentials=optional_text(inputs, "credentials"),
            request_parameters=texts(inputs, "requestParameters"),
            request_templates=texts(inputs, "requestTemplates"),
            passthrough_behavior=passthrough,
            content_handling=content_handling,
            timeout_ms=int(inputs.get("timeoutMilliseconds") or DEFAULT_TIMEOUT_MS),
            response_transfer_mode="STREAM" if inputs.get("responseTransferMode") == "STREAM" else "BUFFERED",
            cache_key_parameters=tuple(inputs.get("cacheKeyParameters") or ()),
            cache_namespace=optional_text(inputs, "cacheNamespace"),
            responses=tuple(_integration_response(response) for response in responses),
            declared_by=record.declared_by,
        )


def _integration_response(record: ResourceRecord) -> IntegrationResponse:
    content_handling: Any = optional_text(record.inputs, "contentHandling")
    return IntegrationResponse(
        status_code=text(record.inputs, "statusCode"),
        selection_pattern=optional_text(record.inputs, "selectionPattern"),
        response_parameters=texts(record.inputs, "responseParameters"),
        response_templates=texts(record.inputs, "responseTemplates"),
        content_handling=content_handling,
        declared_by=record.declared_by,
    )


def _method_response(record: ResourceRecord) -> MethodResponse:
    parameters = record.inputs.get("responseParameters") or {}
    return MethodResponse(
        status_code=text(record.inputs, "statusCode"),
        response_parameters={name: bool(required) for name, required in parameters.items()},
        response_models=texts(record.inputs, "responseModels"),
        declared_by=record.declared_by,
    )


def _request_validator(record: ResourceRecord) -> RequestValidator:
    return RequestValidator(
        id=record.id,
        name=text(record.outputs, "name"),
        validate_request_body=bool(record.inputs.get("validateRequestBody")),
        validate_request_parameters=bool(record.inputs.get("validateRequestParameters")),
        declared_by=record.declared_by,
    )
