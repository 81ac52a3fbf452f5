"""`aws-apigateway.RestAPI`, the component of `pulumi new serverless-aws-python`, as its provider plugin builds it.

https://www.pulumi.com/registry/packages/aws-apigateway/api-docs/restapi/
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from parity.local.worker.component import ComponentError, Registered, Registrar, short_hash
from parity.local.worker.rest_api_document import RestApiDocument

_PASSED_ON = (
    "description",
    "disableExecuteApiEndpoint",
    "endpointConfiguration",
    "failOnWarnings",
    "minimumCompressionSize",
    "name",
    "parameters",
    "policy",
    "putRestApiMode",
    "tags",
    "apiKeySource",
)
"""The component's inputs that are also its RestApi's."""


def build_rest_api(name: str, arguments: Mapping[str, Any], registrar: Registrar) -> dict[str, Any]:
    """Registers the children of the component.

    Args:
        name: the component's name.
        arguments: its inputs in camelCase, resources as references.
        registrar: registers the children.

    Returns:
        Its outputs: `url`, and references to `api`, `deployment`, `stage` and `apiPolicy`.

    Raises:
        ComponentError: the arguments do not fit.
    """
    media_types = list(arguments.get("binaryMediaTypes") or ["*/*"])
    document, functions = _document(name, arguments, registrar, media_types)
    body = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    inputs = {key: arguments[key] for key in _PASSED_ON if arguments.get(key) is not None}
    title = str(document["info"]["title"])
    api = registrar.register(
        "aws:apigateway/restApi:RestApi", name, {"name": title, **inputs, "binaryMediaTypes": media_types, "body": body}
    )
    policy = None
    if inputs.get("policy"):
        policy = registrar.register(
            "aws:apigateway/restApiPolicy:RestApiPolicy", name, {"restApiId": api.id, "policy": inputs["policy"]}
        )
    deployment = registrar.register(
        "aws:apigateway/deployment:Deployment",
        name,
        {"restApi": api.id, "triggers": {"version": _version(inputs, media_types, body)}},
        [policy] if policy else [],
    )
    permissions = [_permission(name, api, path, function, registrar) for path, function in functions]
    stage_name = arguments.get("stageName") or "stage"
    stage = registrar.register(
        "aws:apigateway/stage:Stage",
        name,
        {"restApi": api.id, "deployment": deployment.id, "stageName": stage_name, "tags": inputs.get("tags")},
        permissions,
    )
    return {
        "url": f"{stage.outputs['invokeUrl']}/",
        "api": api.reference(),
        "deployment": deployment.reference(),
        "stage": stage.reference(),
        "apiPolicy": policy.reference() if policy else None,
    }


def _document(
    name: str, arguments: Mapping[str, Any], registrar: Registrar, media_types: list[str]
) -> tuple[dict[str, Any], list[tuple[str, Registered]]]:
    """The Swagger document, and the functions that it invokes by `{METHOD}{path}`."""
    if arguments.get("swaggerString"):
        try:
            document = json.loads(str(arguments["swaggerString"]))
        except ValueError as error:
            raise ComponentError(f"its swagger_string is not JSON: {error}") from error
        if not isinstance(document, dict):
            raise ComponentError("its swagger_string is not a JSON object")
        document["info"] = {"title": name, **(document.get("info") or {})}
        return document, []
    if arguments.get("routes") is None:
        raise ComponentError("API must specify either [swaggerString] or as least one of the [route] options.")
    made = RestApiDocument(name, arguments, registrar, media_types)
    for route in arguments["routes"]:
        made.add(route)
    return made.document, made.functions


def _version(inputs: Mapping[str, Any], media_types: list[str], body: str) -> str:
    """What makes the deployment a new one: a hash of all that it freezes."""
    frozen = json.dumps([inputs, media_types, body], sort_keys=True, default=str)
    return hashlib.sha1(frozen.encode(), usedforsecurity=False).hexdigest()[:8]


def _permission(name: str, api: Registered, path: str, function: Registered, registrar: Registrar) -> Registered:
    return registrar.register(
        "aws:lambda/permission:Permission",
        f"{name}-{short_hash(path)}",
        {
            "action": "lambda:invokeFunction",
            "function": function.outputs["name"],
            "principal": "apigateway.amazonaws.com",
            "sourceArn": f"{api.outputs['executionArn']}/*/{path}",
        },
    )
