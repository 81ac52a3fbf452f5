"""APIs declared by an OpenAPI or Swagger document."""

import json
from typing import Any

import pytest

from parity.gateway.checks.check import check
from parity.gateway.lifecycle.models import BodyValidator
from parity.gateway.model.definition import Method, RestApi, Stage
from parity.gateway.openapi.importer import OpenApiError, rest_api_from_openapi
from tests.gateway.support import answer, gateway, send

BASE = RestApi(id="abc", name="pets")
OPENAPI = """
openapi: 3.0.1
info: {title: Pets, version: "1"}
x-amazon-apigateway-api-key-source: authorizer
x-amazon-apigateway-binary-media-types: [image/png]
x-amazon-apigateway-minimum-compression-size: 1024
x-amazon-apigateway-request-validators:
  everything: {validateRequestBody: true, validateRequestParameters: true}
x-amazon-apigateway-request-validator: everything
x-amazon-apigateway-gateway-responses:
  DEFAULT_4XX:
    statusCode: 418
    responseParameters: {gatewayresponse.header.X-Teapot: "'yes'"}
    responseTemplates: {application/json: '{"teapot": true}'}
x-amazon-apigateway-policy: {Version: "2012-10-17", Statement: []}
security: [{door: []}]
paths:
  /pets/{petId}:
    parameters:
      - {name: petId, in: path, required: true}
      - {name: verbose, in: query}
    put:
      operationId: replacePet
      security: []
      parameters:
        - $ref: '#/components/parameters/trace'
        - {name: verbose, in: query, required: true}
        - {name: session, in: cookie}
      requestBody:
        content:
          application/json: {schema: {$ref: '#/components/schemas/Pet'}}
          text/csv: {schema: {type: string}}
      responses:
        "200":
          description: ok
          headers: {X-Count: {schema: {type: integer}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
        default: {description: what else}
      x-amazon-apigateway-integration:
        type: http
        httpMethod: post
        uri: https://example.com/{id}
        timeoutInMillis: 1500
        tlsConfig: {insecureSkipVerification: true}
        passthroughBehavior: never
        contentHandling: CONVERT_TO_TEXT
        requestParameters: {integration.request.path.id: method.request.path.petId, wrong: true}
        requestTemplates: {application/json: $input.body}
        responses:
          default: {statusCode: "200"}
          4\\d\\d: {statusCode: 400, responseTemplates: {application/json: bad}}
  /door:
    get: {security: [{door: []}]}
  /{proxy+}:
    x-amazon-apigateway-any-method:
      security: [{signed: []}, {key: []}]
      x-amazon-apigateway-integration: {$ref: '#/components/x-amazon-apigateway-integrations/echo'}
    get: {}
components:
  parameters:
    trace: {name: X-Trace, in: header, required: true}
  schemas:
    Pet: {type: object, required: [name], properties: {friend: {$ref: '#/components/schemas/Pet'}}}
  securitySchemes:
    door:
      type: apiKey
      in: header
      name: Token
      x-amazon-apigateway-authtype: custom
      x-amazon-apigateway-authorizer:
        type: token
        authorizerUri: arn:function
        identityValidationExpression: Bearer .*
        authorizerResultTtlInSeconds: 60
    signed: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}
    key: {type: apiKey, name: X-API-Key, in: header}
  x-amazon-apigateway-integrations:
    echo: {type: aws_proxy, httpMethod: GET, uri: arn:echo}
"""
API = rest_api_from_openapi(OPENAPI, base=BASE)


def document(content: dict[str, Any]) -> RestApi:
    """The API of an OpenAPI document with this content."""
    return rest_api_from_openapi(json.dumps({"openapi": "3.0.1", **content}), base=BASE)


def method(path: str, http_method: str, api: RestApi = API) -> Method:
    return next(resource for resource in api.resources if resource.path == path).methods[http_method]


def test_the_resources_above_a_path_are_there_too() -> None:
    assert [resource.path for resource in API.resources] == ["/", "/pets", "/pets/{petId}", "/door", "/{proxy+}"]
    assert len({resource.id for resource in API.resources}) == 5


def test_settings_of_the_api_are_taken_over() -> None:
    assert API.api_key_source == "AUTHORIZER"
    assert API.binary_media_types == ("image/png",)
    assert API.minimum_compression_size == 1024
    assert json.loads(API.policy or "") == {"Version": "2012-10-17", "Statement": []}
    assert (API.id, API.name) == ("abc", "pets")


def test_gateway_responses_are_by_type() -> None:
    response = API.gateway_responses["DEFAULT_4XX"]
    assert response.status_code == "418"
    assert response.response_parameters == {"gatewayresponse.header.X-Teapot": "'yes'"}
    assert response.response_templates == {"application/json": '{"teapot": true}'}


def test_parameters_of_path_and_operation_come_together() -> None:
    assert method("/pets/{petId}", "PUT").request_parameters == {
        "method.request.path.petId": True,
        "method.request.querystring.verbose": True,
        "method.request.header.X-Trace": True,
    }
    assert method("/{proxy+}", "ANY").request_parameters == {}


def test_an_integration_is_read_with_its_responses() -> None:
    integration = method("/pets/{petId}", "PUT").integration
    assert integration is not None
    assert (integration.type, integration.http_method, integration.uri) == ("HTTP", "POST", "https://example.com/{id}")
    assert (integration.timeout_ms, integration.passthrough_behavior) == (1500, "NEVER")
    assert integration.insecure_skip_verification
    assert integration.content_handling == "CONVERT_TO_TEXT"
    assert integration.request_parameters == {"integration.request.path.id": "method.request.path.petId"}
    assert integration.request_templates == {"application/json": "$input.body"}
    assert [(response.selection_pattern, response.status_code) for response in integration.responses] == [
        (None, "200"),
        ("4\\d\\d", "400"),
    ]


def test_an_integration_may_be_a_component_and_a_function_is_posted_to() -> None:
    integration = method("/{proxy+}", "ANY").integration
    assert integration is not None
    assert (integration.type, integration.http_method, integration.uri) == ("AWS_PROXY", "POST", "arn:echo")
    assert method("/{proxy+}", "GET").integration is None


def test_security_of_an_operation_is_used() -> None:
    guarded = method("/door", "GET")
    assert (guarded.authorization, guarded.authorizer_id) == ("CUSTOM", "door")
    signed = method("/{proxy+}", "ANY")
    assert (signed.authorization, signed.api_key_required) == ("AWS_IAM", True)


def test_an_api_key_of_the_documents_security_is_ignored_and_reported() -> None:
    """AWS's guide, "Amazon API Gateway important notes": root-level security is not used."""
    key = {"type": "apiKey", "name": "x-api-key", "in": "header"}
    mock = {"x-amazon-apigateway-integration": {"type": "mock"}}
    api = document(
        {
            "security": [{"key": []}],
            "components": {"securitySchemes": {"key": key}},
            "paths": {"/a": {"get": mock}, "/b": {"get": {**mock, "security": [{"key": []}]}}},
        }
    )
    assert not method("/a", "GET", api).api_key_required
    (warning,) = (text for text, _ in api.import_warnings if "security" in text)
    assert warning.endswith("anyone may call GET /a")
    assert warning in [problem.what for problem in check(api, Stage(name="dev"))]


@pytest.mark.parametrize(
    ("security", "expected"),
    [
        ({}, ("COGNITO_USER_POOLS", "pool", ("email",), False)),
        ({"security": [{"pool": []}]}, ("COGNITO_USER_POOLS", "pool", (), False)),
        ({"security": [{"key": []}]}, ("NONE", None, (), True)),
        ({"security": []}, ("NONE", None, (), False)),
        ({"x-amazon-apigateway-auth": {"type": "NONE"}}, ("NONE", None, (), False)),
    ],
)
def test_an_authorizer_of_the_documents_security_guards_operations_without_security(
    security: dict[str, Any], expected: tuple[str, str | None, tuple[str, ...], bool]
) -> None:
    """Recorded on AWS (LocalStack snapshots test_import_with_global_api_key_authorizer and
    test_import_with_cognito_auth_identity_source): the authorizer and its scopes are those of such a method.
    """
    pool = {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": ["arn:pool"]},
    }
    key = {"type": "apiKey", "name": "x-api-key", "in": "header"}
    api = document(
        {
            "security": [{"pool": ["email"]}, {"key": []}],
            "components": {"securitySchemes": {"pool": pool, "key": key}},
            "paths": {"/a": {"get": {**security, "x-amazon-apigateway-integration": {"type": "mock"}}}},
        }
    )
    guarded = method("/a", "GET", api)
    assert (
        guarded.authorization,
        guarded.authorizer_id,
        guarded.authorization_scopes,
        guarded.api_key_required,
    ) == expected


def test_request_parameters_that_are_not_text_are_left_out_and_reported() -> None:
    """Recorded on AWS (LocalStack snapshot test_import_rest_api_with_base_path_oas30)."""
    assert (
        "Invalid format for 'requestParameters'. Expected type string for property 'wrong' of resource "
        "'/pets/{petId}' and method 'PUT' but got 'true'"
    ) in [text for text, _ in API.import_warnings]


def test_keywords_that_an_imported_model_does_not_validate() -> None:
    """AWS's guide, "Amazon API Gateway important notes": minItems, maxItems and exclusiveMinimum."""
    schema = {
        "type": "object",
        "properties": {
            "minItems": {"type": "integer"},
            "a": {"type": "array", "minItems": 1, "maxItems": 2, "items": {"minLength": 2}},
            "n": {"minimum": 0, "exclusiveMinimum": True},
            "e": {"enum": [{"minItems": 1}]},
        },
    }
    api = document({"components": {"schemas": {"L": schema}}})
    validator = BodyValidator(api.models, api.id)
    for body in ('{"a": []}', '{"a": ["ab", "ab", "ab"]}', '{"n": 0}', '{"e": {"minItems": 1}}'):
        assert validator.validate("L", body.encode()) == [], body
    for body in ('{"a": ["a"]}', '{"n": -1}', '{"e": {}}', '{"minItems": "x"}'):
        assert validator.validate("L", body.encode()) != [], body
    reported = [text for text, _ in api.import_warnings]
    assert [text.split()[5] for text in reported] == ["exclusiveMinimum", "maxItems", "minItems"]


def errors(content: dict[str, Any]) -> list[str]:
    """What AWS refuses of a document with this content."""
    return [problem.what for problem in check(document(content), Stage(name="dev")) if problem.told == "create"]


def test_what_aws_refuses_to_import() -> None:
    """The words are quoted in public reports, such as aws-apigateway-importer #202."""
    mock = {"x-amazon-apigateway-integration": {"type": "mock"}}
    http = {"x-amazon-apigateway-integration": {"type": "http", "uri": "http://a.example"}}
    names = {"parameters": [{"name": "a", "in": "query"}, {"name": "a", "in": "header"}], **mock}
    assert errors({"paths": {"/u/{a}/x": {"get": mock}, "/u/{b}/y": {"get": mock}}}) == [
        "BadRequestException: Unable to create resource at path '/u/{b}': A sibling ({a}) of this resource already has "
        "a variable path part -- only one is allowed"
    ]
    assert errors({"paths": {"/u": {"get": http}}}) == [
        "BadRequestException: Unable to put integration on 'GET' for resource at path '/u': Enumeration value for "
        "HttpMethod must be non-empty"
    ]
    assert errors({"paths": {"/u": {"get": names}}}) == [
        "BadRequestException: Parameter names must be unique across querystring, header and path"
    ]
    assert errors({"paths": {"/u": {"get": mock}}}) == []


async def test_an_integration_response_without_a_method_response_fails_its_own_requests() -> None:
    """AWS's guide, "Set up an integration response": a status without a method response is a 500."""
    operation = {
        "responses": {"200": {"description": ""}},
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "requestTemplates": {"application/json": '{"statusCode": $input.params("s")}'},
            "responses": {"2..": {"statusCode": "200"}, "default": {"statusCode": "400"}},
        },
    }
    api = document({"paths": {"/m": {"get": operation}}})
    served = gateway(api)
    assert answer(await send(served, path="/m", query="s=200"))[0] == 200
    exchange = await send(served, path="/m", query="s=404")
    assert answer(exchange)[0::2] == (500, '{"message":"Internal server error"}')
    assert exchange.gateway_response is not None
    assert "invalid method response: 400" in exchange.gateway_response.reason
    problem = next(problem for problem in check(api, Stage(name="dev")) if "400" in problem.what)
    assert (problem.told, problem.declared_by) == ("request", "the integration response 'default' of GET /m")


def test_an_authorizer_is_read() -> None:
    authorizer = API.authorizers["door"]
    assert (authorizer.type, authorizer.uri, authorizer.result_ttl_seconds) == ("TOKEN", "arn:function", 60)
    assert authorizer.identity_source == "method.request.header.Token"
    assert authorizer.identity_validation_expression == "Bearer .*"


def test_the_validator_of_the_document_holds_for_every_operation() -> None:
    validator = method("/pets/{petId}", "PUT").request_validator
    assert validator is not None
    assert (validator.validate_request_body, validator.validate_request_parameters) == (True, True)


def test_schemas_are_models_that_refer_to_each_other() -> None:
    models = method("/pets/{petId}", "PUT").request_models
    assert models["application/json"] == "Pet"
    validator = BodyValidator(API.models, API.id)
    assert validator.validate("Pet", b'{"name":"a","friend":{"name":"b"}}') == []
    assert validator.validate("Pet", b'{"name":"a","friend":{}}') != []
    assert validator.validate(models["text/csv"], b'"a"') == []


def test_a_method_response_declares_its_headers_and_models() -> None:
    (response,) = method("/pets/{petId}", "PUT").responses
    assert response.status_code == "200"
    assert response.response_parameters == {"method.response.header.X-Count": False}
    assert response.response_models == {"application/json": "Pet"}


SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "consumes": ["application/json"],
    "definitions": {"Pet": {"type": "object"}},
    "securityDefinitions": {"key": {"type": "apiKey", "name": "x-api-key", "in": "header"}},
    "paths": {
        "/pets": {
            "post": {
                "security": [{"key": []}],
                "parameters": [{"in": "body", "name": "body", "schema": {"$ref": "#/definitions/Pet"}}],
                "responses": {"200": {"schema": {"$ref": "#/definitions/Pet"}}},
                "x-amazon-apigateway-integration": {"type": "mock"},
            }
        }
    },
}


def test_swagger_has_its_body_among_the_parameters() -> None:
    post = method("/pets", "POST", rest_api_from_openapi(json.dumps(SWAGGER), base=BASE))
    assert post.request_models == {"application/json": "Pet"}
    assert post.api_key_required
    assert post.responses[0].response_models == {"application/json": "Pet"}


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ("[", "neither JSON nor YAML"),
        ("[]", "not an object"),
        ("{}", "version"),
        ('{"swagger": "2.0", "paths": []}', "paths is not an object"),
        (
            '{"swagger": "2.0", "paths": {"/": {"get": {"x-amazon-apigateway-integration": {}}}}}',
            "GET / has the type None",
        ),
        (
            '{"swagger": "2.0", "paths": {"/": {"get": {"parameters": [{"$ref": "#/nowhere"}]}}}}',
            "#/nowhere leads nowhere",
        ),
        ('{"swagger": "2.0", "a": {"$ref": "#/a"}, "paths": {"/": {"$ref": "#/a"}}}', "in a circle"),
        (
            '{"swagger": "2.0", "paths": {"/": {"get": {"x-amazon-apigateway-request-validator": "x"}}}}',
            "validator 'x'",
        ),
        (
            '{"openapi": "3.0.1", "components": {"schemas": {"body_1": {}, "Ok": {}, "a.b": {}}}}',
            "Errors found during import: Unable to create model for 'body_1': Model name must be alphanumeric: body_1; "
            "Unable to create model for 'a.b': Model name must be alphanumeric: a.b$",
        ),
    ],
)
def test_what_cannot_be_imported_is_told(document: str, problem: str) -> None:
    with pytest.raises(OpenApiError, match=problem):
        rest_api_from_openapi(document, base=BASE)


BASE_PATHS = [
    (
        {
            "openapi": "3.0.1",
            "servers": [
                {"url": "https://h/other"},
                {"url": "https://h", "variables": {"basePath": {"default": "v1/shop"}}},
                {"url": "https://h", "variables": {"basePath": {"default": "v2"}}},
            ],
        },
        ["/pets", "/v1/shop/pets", "/shop/pets"],
    ),
    ({"swagger": "2.0", "basePath": "/v1/shop/"}, ["/pets", "/v1/shop/pets", "/shop/pets"]),
    ({"openapi": "3.0.1", "servers": [{"url": "https://h/v1/shop/"}]}, ["/pets", "/v1/shop/pets", "/shop/pets"]),
    (
        {"openapi": "3.0.1", "servers": [{"url": "https://h", "variables": {"basePath": {"default": "/v1"}}}]},
        ["/pets", "/v1/pets", "/pets"],
    ),
    ({"openapi": "3.0.1"}, ["/pets", "/pets", "/pets"]),
]


@pytest.mark.parametrize(("declared", "paths"), BASE_PATHS)
def test_the_base_path_is_ignored_prepended_or_split(declared: dict[str, Any], paths: list[str]) -> None:
    document = json.dumps({**declared, "paths": {"/pets": {"get": {}}}})
    for base_path, path in zip(("ignore", "prepend", "split"), paths, strict=True):
        imported = rest_api_from_openapi(document, base=BASE, base_path=base_path)
        assert [resource.path for resource in imported.resources if resource.methods] == [path]
    with pytest.raises(OpenApiError, match="basepath"):
        rest_api_from_openapi(document, base=BASE, base_path="other")


def test_a_template_that_is_null_is_an_empty_one() -> None:
    response = {"statusCode": "200", "responseTemplates": {"application/json": None}}
    integration = {"type": "mock", "requestTemplates": {"a/b": "x"}, "responses": {"default": response}}
    operation = {"responses": {"200": {}}, "x-amazon-apigateway-integration": integration}
    imported = method(
        "/",
        "GET",
        rest_api_from_openapi(json.dumps({"openapi": "3.0.1", "paths": {"/": {"get": operation}}}), base=BASE),
    ).integration
    assert imported is not None
    assert imported.request_templates == {"a/b": "x"}
    assert imported.responses[0].response_templates == {"application/json": ""}


@pytest.mark.parametrize(("kind", "authorization"), [("AWS_IAM", "AWS_IAM"), ("NONE", "NONE")])
def test_the_auth_extension_asks_for_a_signature(kind: str, authorization: str) -> None:
    operation = {"x-amazon-apigateway-auth": {"type": kind}, "x-amazon-apigateway-integration": {"type": "mock"}}
    document = {"swagger": "2.0", "paths": {"/": {"get": operation}}}
    (root,) = rest_api_from_openapi(json.dumps(document), base=BASE).resources
    assert root.methods["GET"].authorization == authorization


@pytest.mark.parametrize(
    ("region", "arn"),
    [
        ("us-east-2", "arn:aws:lambda:us-east-2:123456789012:function:f"),
        ("cn-north-1", "arn:aws-cn:lambda:cn-north-1:123456789012:function:f"),
        ("us-gov-west-1", "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:f"),
    ],
)
def test_aws_variables_are_resolved_at_the_import(region: str, arn: str) -> None:
    """Developer guide, import-api-aws-variables.html; stage variables stay for the requests."""
    function = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:f"
    integration = {"type": "http", "httpMethod": "GET", "uri": f"https://${{stageVariables.host}}/?arn={function}"}
    operation = {"responses": {}, "x-amazon-apigateway-integration": integration}
    document = json.dumps({"openapi": "3.0.1", "paths": {"/": {"get": operation}}})
    api = rest_api_from_openapi(document, base=RestApi(id="abc", name="x", region=region, account_id="123456789012"))
    found = method("/", "GET", api).integration
    assert found is not None
    assert found.uri == f"https://${{stageVariables.host}}/?arn={arn}"


DISABLED = {"disableExecuteApiEndpoint": True}


@pytest.mark.parametrize(
    "declared",
    [
        {"servers": [{"url": "https://h"}, {"x-amazon-apigateway-endpoint-configuration": DISABLED}]},
        {"swagger": "2.0", "x-amazon-apigateway-endpoint-configuration": DISABLED},
    ],
)
def test_a_document_disables_the_execute_api_endpoint(declared: dict[str, Any]) -> None:
    """AWS's guide, "x-amazon-apigateway-endpoint-configuration object"."""
    assert document({"paths": {}, **declared}).disable_execute_api_endpoint
    assert not document({"paths": {}}).disable_execute_api_endpoint
