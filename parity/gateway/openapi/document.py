"""An OpenAPI 3 or Swagger 2 document: its references and its models."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import yaml

from parity.gateway.lifecycle.models import model_uri
from parity.gateway.model.definition import Model

EXTENSION: Final = "x-amazon-apigateway-"
_NOT_VALIDATED: Final = frozenset({"minItems", "maxItems", "exclusiveMinimum"})
"""Keywords that API Gateway does not use in an imported model ("Amazon API Gateway important notes")."""
_VALUES: Final = frozenset({"enum", "default", "example", "examples"})
"""Keywords whose value is data, not a schema."""
_SCHEMA_PREFIXES: Final = ("#/components/schemas/", "#/definitions/")
_PARTITIONS: Final = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


class OpenApiError(ValueError):
    """A document that cannot be imported; its text says where and why."""


def mapping(value: Any, where: str) -> Mapping[str, Any]:
    """The value if it is an object; nothing for null.

    Raises:
        OpenApiError: it is something else.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise OpenApiError(f"{where} is not an object")
    return value


def with_aws_variables(text: str, region: str, account_id: str) -> str:
    """The text of a document with `${AWS::Region}`, `${AWS::AccountId}` and `${AWS::Partition}` replaced.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/import-api-aws-variables.html
    """
    partition = next((name for prefix, name in _PARTITIONS.items() if region.startswith(prefix)), "aws")
    for name, value in (("Region", region), ("AccountId", account_id), ("Partition", partition)):
        text = text.replace(f"${{AWS::{name}}}", value)
    return text


class OpenApiDocument:
    """A parsed document.

    Args:
        text: JSON or YAML.
        api_id: the id of the API that is made of it, for references between models.

    Raises:
        OpenApiError: it is neither, or is not an OpenAPI document.
    """

    def __init__(self, text: str, api_id: str) -> None:
        try:
            root = json.loads(text)
        except ValueError:
            try:
                root = yaml.safe_load(text)
            except yaml.YAMLError as error:
                raise OpenApiError(
                    f"BadRequestException: Invalid OpenAPI input. It is neither JSON nor YAML: {error}"
                ) from error
        self.root = mapping(root, "the document")
        if "swagger" not in self.root and "openapi" not in self.root:
            raise OpenApiError(
                "BadRequestException: Invalid OpenAPI input. It has no 'swagger' and no 'openapi' version"
            )
        self._api_id = api_id
        self.unused_keywords: dict[str, set[str]] = {}

    def extension(self, name: str) -> Any:
        """The value of a top-level `x-amazon-apigateway-{name}`, or None."""
        return self.root.get(EXTENSION + name)

    def base_path(self) -> str:
        """The path of Swagger's `basePath`, of the first server variable of that name, or of the first server's URL.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-basePath.html
        """
        path = self.root.get("basePath")
        if path is None:
            of_variable, of_url = [], []
            for server in self.servers():
                variables = mapping(server.get("variables"), "the server's variables")
                defaults = {
                    name: str(mapping(settings, name).get("default", "")) for name, settings in variables.items()
                }
                url = str(server.get("url", ""))
                for name, default in defaults.items():
                    url = url.replace(f"{{{name}}}", default.strip("/"))
                of_url.append(urlsplit(url).path)
                of_variable += [defaults["basePath"]] if "basePath" in defaults else []
            path = (of_variable or of_url or [""])[0]
        parts = [part for part in str(path).split("/") if part]
        return "".join(f"/{part}" for part in parts)

    def servers(self) -> list[Mapping[str, Any]]:
        """The servers of OpenAPI 3; empty in Swagger 2."""
        servers = self.root.get("servers")
        return [mapping(server, "the server") for server in servers] if isinstance(servers, list) else []

    def component(self, swagger_name: str, openapi_name: str) -> Mapping[str, Any]:
        """The components of a kind: top-level in Swagger 2, below `components` in OpenAPI 3."""
        components = mapping(self.root.get("components"), "components")
        return mapping(self.root.get(swagger_name) or components.get(openapi_name), openapi_name)

    def resolved(self, value: Any) -> Any:
        """What a reference within the document stands for; what is none is returned as it is.

        Raises:
            OpenApiError: the reference leads nowhere.
        """
        for _ in range(16):
            reference = value.get("$ref") if isinstance(value, Mapping) else None
            if not isinstance(reference, str):
                return value
            value = self._at(reference)
        raise OpenApiError(f"the reference {reference} leads in a circle")

    def _at(self, reference: str) -> Any:
        value: Any = self.root
        if not reference.startswith("#/"):
            raise OpenApiError(f"the reference {reference} does not lead into the document")
        for part in reference[2:].split("/"):
            part = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(value, Mapping) or part not in value:
                raise OpenApiError(f"the reference {reference} leads nowhere")
            value = value[part]
        return value

    def models(self) -> Iterator[Model]:
        """The models: every named schema."""
        for name, schema in self.component("definitions", "schemas").items():
            yield self.model(name, schema)

    def model(self, name: str, schema: Any) -> Model:
        """A model of a schema, whose references to other schemas become references to models."""
        used = json.dumps(self._as_model(schema, name or "of a body"))
        return Model(name=name, schema=used, declared_by=f"the schema {name}")

    def _as_model(self, value: Any, schema_name: str) -> Any:
        """A schema with references to models, and without the keywords that an imported model does not validate."""
        if isinstance(value, list):
            return [self._as_model(item, schema_name) for item in value]
        if not isinstance(value, Mapping):
            return value
        name = model_name(value)
        kept: dict[str, Any] = {}
        for key, item in value.items():
            if key in _NOT_VALIDATED and isinstance(item, int | float):
                self.unused_keywords.setdefault(key, set()).add(schema_name)
            elif key in _VALUES:
                kept[key] = item
            elif key != "$ref" or name is None:
                kept[key] = self._as_model(item, schema_name)
        return kept if name is None else {**kept, "$ref": model_uri(self._api_id, name)}


def model_name(schema: Any) -> str | None:
    """The name of the schema that a reference names; None if it is no such reference."""
    reference = schema.get("$ref") if isinstance(schema, Mapping) else None
    if isinstance(reference, str):
        for prefix in _SCHEMA_PREFIXES:
            if reference.startswith(prefix):
                return reference.removeprefix(prefix)
    return None
