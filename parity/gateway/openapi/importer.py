"""An API declared by an OpenAPI 3 or Swagger 2 document with `x-amazon-apigateway-*` extensions.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from parity.gateway.model.definition import (
    GatewayResponse,
    Method,
    MethodResponse,
    Model,
    RequestValidator,
    Resource,
    RestApi,
)
from parity.gateway.openapi.document import (
    EXTENSION,
    OpenApiDocument,
    OpenApiError,
    mapping,
    model_name,
    with_aws_variables,
)
from parity.gateway.openapi.integration import integration_of
from parity.gateway.openapi.security import SecuritySchemes

__all__ = ["OpenApiError", "rest_api_from_openapi"]

_METHODS: Final = frozenset({"get", "put", "post", "delete", "options", "head", "patch", f"{EXTENSION}any-method"})
_PLACES: Final = {"query": "querystring", "header": "header", "path": "path"}


def rest_api_from_openapi(document: str, *, base: RestApi, base_path: str = "ignore") -> RestApi:
    """The API that a document declares.

    Args:
        document: JSON or YAML.
        base: what is known of the API otherwise: its id, name, region, keys and usage plans. The document's resources
            and settings take the place of its own; models, authorizers and gateway responses are added to its own.
        base_path: what becomes of the document's base path: `ignore`; `prepend` puts it before every path; `split`
            puts it there without its first part, which is meant for a base path mapping.
            https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-basePath.html

    Raises:
        OpenApiError: the document cannot be imported.
    """
    return _Import(document, base, base_path).rest_api()


class _Import:
    def __init__(self, text: str, base: RestApi, base_path: str) -> None:
        self._base = base
        self._document = OpenApiDocument(with_aws_variables(text, base.region, base.account_id), base.id)
        self._prefix = _prefix(self._document, base_path)
        self._security = SecuritySchemes(self._document)
        self._models = {model.name: model for model in self._document.models()}
        _check_names(self._models)
        self._validators = self._request_validators()
        self._not_text: list[tuple[str, str]] = []

    def rest_api(self) -> RestApi:
        document, base = self._document, self._base
        resources = tuple(self._resources())
        compression = document.extension("minimum-compression-size")
        source = str(document.extension("api-key-source") or base.api_key_source).upper()
        policy = document.extension("policy")
        return replace(
            base,
            resources=resources,
            models={**base.models, **self._models},
            authorizers={**base.authorizers, **self._security.authorizers},
            gateway_responses={**base.gateway_responses, **self._gateway_responses()},
            binary_media_types=(*base.binary_media_types, *(document.extension("binary-media-types") or ())),
            minimum_compression_size=base.minimum_compression_size if compression is None else int(compression),
            import_warnings=(*base.import_warnings, *self._warnings(resources)),
            disable_execute_api_endpoint=base.disable_execute_api_endpoint or self._disables_endpoint(),
            api_key_source="AUTHORIZER" if source == "AUTHORIZER" else "HEADER",
            policy=base.policy if policy is None else policy if isinstance(policy, str) else json.dumps(policy),
        )

    def _disables_endpoint(self) -> bool:
        """Whether the document disables the execute-api endpoint: at its root in Swagger 2, below a server otherwise.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-endpoint-configuration.html
        """
        name = "endpoint-configuration"
        declared = [
            self._document.extension(name),
            *(server.get(EXTENSION + name) for server in self._document.servers()),
        ]
        return any(mapping(settings, name).get("disableExecuteApiEndpoint") is True for settings in declared)

    def _warnings(self, resources: tuple[Resource, ...]) -> Iterator[tuple[str, str]]:
        """What of the document API Gateway does not use ("Amazon API Gateway important notes")."""
        if self._document.root.get("security"):
            open_to_all = [
                f"{method.http_method} {resource.path}"
                for resource in resources
                for method in resource.methods.values()
                if method.authorization == "NONE" and not method.api_key_required
            ]
            if open_to_all:
                yield (
                    "API Gateway uses only authorizers of security at the document's root, so that anyone may call "
                    f"{', '.join(open_to_all)}",
                    "declare security at each operation",
                )
        yield from self._not_text
        for keyword, schemas in sorted(self._document.unused_keywords.items()):
            names = ", ".join(sorted(schemas))
            yield (
                f"API Gateway does not validate {keyword} in an imported schema ({names})",
                "declare an aws.apigateway.Model in its place",
            )

    def _request_validators(self) -> dict[str, RequestValidator]:
        declared = mapping(self._document.extension("request-validators"), "the request validators")
        return {
            name: RequestValidator(
                id=name,
                name=name,
                validate_request_body=bool(mapping(settings, name).get("validateRequestBody")),
                validate_request_parameters=bool(mapping(settings, name).get("validateRequestParameters")),
                declared_by=f"the request validator {name}",
            )
            for name, settings in declared.items()
        }

    def _gateway_responses(self) -> dict[str, GatewayResponse]:
        declared = mapping(self._document.extension("gateway-responses"), "the gateway responses")
        responses = {}
        for kind, response in declared.items():
            settings = mapping(response, f"the gateway response {kind}")
            status = settings.get("statusCode")
            responses[kind] = GatewayResponse(
                response_type=kind,
                status_code=None if status is None else str(status),
                response_parameters=mapping(settings.get("responseParameters"), kind),
                response_templates=mapping(settings.get("responseTemplates"), kind),
                declared_by=f"the gateway response {kind}",
            )
        return responses

    def _resources(self) -> Iterator[Resource]:
        """The resources of the paths and those above them, the root first."""
        declared = mapping(self._document.root.get("paths"), "paths")
        by_path: dict[str, Mapping[str, Any]] = {"/": {}}
        for path, item in declared.items():
            parts = [part for part in (self._prefix + path).split("/") if part]
            for length in range(1, len(parts)):
                by_path.setdefault("/" + "/".join(parts[:length]), {})
            by_path["/" + "/".join(parts)] = mapping(self._document.resolved(item), path)
        for number, (path, item) in enumerate(by_path.items()):
            methods = {
                method.http_method: method
                for name, operation in item.items()
                if name.lower() in _METHODS
                for method in [self._method(path, name, mapping(operation, f"{name} {path}"), item)]
            }
            yield Resource(id=f"path{number:06d}", path=path, methods=methods, declared_by=f"the path {path}")

    def _method(self, path: str, name: str, operation: Mapping[str, Any], item: Mapping[str, Any]) -> Method:
        http_method = "ANY" if name.lower().startswith(EXTENSION) else name.upper()
        where = f"{http_method} {path}"
        security = self._security.of(operation)
        parameters = self._parameters(operation, item, where)
        integration = self._document.resolved(operation.get(f"{EXTENSION}integration"))
        self._note_parameters(integration, path, http_method)
        return Method(
            http_method=http_method,
            authorization=security.authorization,
            authorizer_id=security.authorizer_id,
            authorization_scopes=security.authorization_scopes,
            api_key_required=security.api_key_required,
            request_parameters=_request_parameters(parameters, path),
            request_models=self._request_models(parameters, operation, where),
            request_validator=self._validator(operation, where),
            operation_name=operation.get("operationId"),
            integration=(
                None
                if integration is None
                else integration_of(mapping(integration, f"the integration of {where}"), http_method, where)
            ),
            responses=self._responses(operation, where),
            declared_by=where,
        )

    def _note_parameters(self, integration: Any, path: str, http_method: str) -> None:
        """Notes the request parameters that are not text and so left out, in the words of API Gateway's warning."""
        declared = integration.get("requestParameters") if isinstance(integration, Mapping) else None
        for name, value in declared.items() if isinstance(declared, Mapping) else ():
            if not isinstance(value, str):
                message = (
                    f"Invalid format for 'requestParameters'. Expected type string for property '{name}' of resource "
                    f"'{path}' and method '{http_method}' but got '{json.dumps(value)}'"
                )
                self._not_text.append((message, "write a mapping expression, or a constant in single quotes"))

    def _parameters(self, operation: Mapping[str, Any], item: Mapping[str, Any], where: str) -> list[Mapping[str, Any]]:
        """The parameters of an operation, and those of its path that it does not declare anew."""
        found: dict[tuple[Any, Any], Mapping[str, Any]] = {}
        for declared in (*(item.get("parameters") or ()), *(operation.get("parameters") or ())):
            parameter = mapping(self._document.resolved(declared), f"a parameter of {where}")
            found[parameter.get("in"), parameter.get("name")] = parameter
        return list(found.values())

    def _request_models(
        self, parameters: list[Mapping[str, Any]], operation: Mapping[str, Any], where: str
    ) -> Mapping[str, str]:
        """The model of the body by content type: OpenAPI's `requestBody`, or Swagger's parameter in `body`."""
        body = mapping(self._document.resolved(operation.get("requestBody")), f"the body of {where}")
        schemas = {
            content_type: mapping(media, where).get("schema")
            for content_type, media in mapping(body.get("content"), where).items()
        }
        in_body = next((parameter for parameter in parameters if parameter.get("in") == "body"), None)
        if in_body is not None:
            consumed = operation.get("consumes") or self._document.root.get("consumes") or ["application/json"]
            schemas = {content_type: in_body.get("schema") for content_type in consumed}
        return {
            content_type: self._model_of(schema, where)
            for content_type, schema in schemas.items()
            if schema is not None
        }

    def _model_of(self, schema: Any, where: str) -> str:
        """The name of the model for a schema; one that stands in the operation itself is given a name."""
        name = model_name(schema)
        if name is not None:
            return name
        text = self._document.model("", schema).schema
        for model in self._models.values():
            if model.schema == text:
                return model.name
        name = f"MODEL{len(self._models):06d}"
        self._models[name] = Model(name=name, schema=text, declared_by=f"the body of {where}")
        return name

    def _validator(self, operation: Mapping[str, Any], where: str) -> RequestValidator | None:
        key = f"{EXTENSION}request-validator"
        name = operation.get(key, self._document.root.get(key))
        if name is None:
            return None
        if name not in self._validators:
            raise OpenApiError(f"{where} names the request validator {name!r}, which is not declared")
        return self._validators[name]

    def _responses(self, operation: Mapping[str, Any], where: str) -> tuple[MethodResponse, ...]:
        declared = mapping(operation.get("responses"), f"the responses of {where}")
        return tuple(
            self._response(str(status), self._document.resolved(response), where)
            for status, response in declared.items()
            if str(status).isdigit()
        )

    def _response(self, status: str, response: Any, where: str) -> MethodResponse:
        settings = mapping(response, f"the response {status} of {where}")
        content = mapping(settings.get("content"), where)
        schemas = {content_type: mapping(media, where).get("schema") for content_type, media in content.items()}
        if "schema" in settings:
            schemas["application/json"] = settings["schema"]
        names = {content_type: model_name(schema) for content_type, schema in schemas.items()}
        headers = mapping(settings.get("headers"), where)
        return MethodResponse(
            status_code=status,
            response_parameters={f"method.response.header.{name}": False for name in headers},
            response_models={content_type: name for content_type, name in names.items() if name is not None},
            declared_by=f"the response {status} of {where}",
        )


def _check_names(names: Collection[str]) -> None:
    """Refuses names of models as API Gateway does, whose words these are (edx/api-manager pull request 259).

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    """
    refused = [
        f"Unable to create model for '{name}': Model name must be alphanumeric: {name}"
        for name in names
        if name.isascii() and not name.isalnum()
    ]
    if refused:
        raise OpenApiError(f"Errors found during import: {'; '.join(refused)}")


def _prefix(document: OpenApiDocument, base_path: str) -> str:
    """What stands before the paths of a document."""
    if base_path == "ignore":
        return ""
    path = document.base_path()
    if base_path == "prepend":
        return path
    if base_path == "split":
        return "/" + path[1:].partition("/")[2]
    raise OpenApiError(f"the parameter basepath is {base_path!r}, and not ignore, prepend or split")


def _request_parameters(parameters: list[Mapping[str, Any]], path: str) -> Mapping[str, bool]:
    """Whether each parameter is required. The path parameter at the end is, unless it is greedy, declared or not."""
    found = {
        f"method.request.{_PLACES[parameter['in']]}.{parameter.get('name')}": bool(parameter.get("required"))
        for parameter in parameters
        if parameter.get("in") in _PLACES
    }
    last = path.rpartition("/")[2]
    if last.startswith("{") and last.endswith("}") and not last.endswith("+}"):
        found[f"method.request.path.{last[1:-1]}"] = True
    return found
