"""An OpenAPI document as `aws apigateway get-export` writes it, made to fit the local account.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-export-api.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pulumi
import yaml

_INTEGRATION = "x-amazon-apigateway-integration"
_FUNCTION_ARN = re.compile(r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:(?P<name>[A-Za-z0-9_-]+)?")
_FUNCTION_URI = re.compile(r"^arn:aws[a-z-]*:apigateway:(?P<region>[a-z0-9-]+):lambda:")


class ApiDocument:
    """A document, read from a file. Its functions' ARNs are those of the local account and region.

    Args:
        path: JSON or YAML.
        region: the local region.
        account_id: the local account.

    Raises:
        pulumi.RunError: the file cannot be read, or is no OpenAPI document.
    """

    def __init__(self, path: str, *, region: str, account_id: str) -> None:
        try:
            text = Path(path).read_text(encoding="utf-8")
            root = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - JSON is YAML
        except (OSError, ValueError, yaml.YAMLError) as error:
            raise pulumi.RunError(f"{path} cannot be read: {error}") from error
        if not isinstance(root, dict) or not ({"openapi", "swagger"} & set(root)):
            raise pulumi.RunError(f"{path} is not an OpenAPI document: it has neither 'openapi' nor 'swagger'")
        self._local = f"arn:aws:lambda:{region}:{account_id}:function:"
        self._region = region
        self._names: set[str] = set()
        self.root: dict[str, Any] = self._localized(json.loads(json.dumps(root, default=str)))
        self.title = str((self.root.get("info") or {}).get("title") or Path(path).stem)
        self._integrations = list(_integrations(self.root))
        self.has_integrations = bool(self._integrations)

    @property
    def stage_name(self) -> str:
        """The stage that the document was exported from: the first part of its base path; empty when it has none."""
        path = self.root.get("basePath")
        if path is None:
            servers = self.root.get("servers") or [{}]
            variables = servers[0].get("variables") or {}
            default = (variables.get("basePath") or {}).get("default")
            path = urlsplit(str(servers[0].get("url", ""))).path if default is None else str(default)
        found = re.match(r"/?([A-Za-z0-9_-]+)", str(path))
        return found[1] if found else ""

    @property
    def needs_api_key(self) -> bool:
        """Whether a security scheme is the API key's."""
        components = self.root.get("components") or {}
        schemes = {**(self.root.get("securityDefinitions") or {}), **(components.get("securitySchemes") or {})}
        return any(
            scheme.get("type") == "apiKey" and str(scheme.get("name", "")).lower() == "x-api-key"
            for scheme in schemes.values()
        )

    def function_names(self) -> set[str]:
        """The functions that integrations and authorizers name."""
        return set(self._names)

    def private_hosts(self) -> list[str]:
        """The origins of integrations through a VPC link, as far as they are not replaced."""
        found = (_origin(str(i.get("uri", ""))) for i in self._integrations if i.get("connectionType") == "VPC_LINK")
        return sorted(set(found))

    def replace_endpoints(self, endpoints: Mapping[str, str]) -> None:
        """Sends HTTP integrations to other origins, and not through a VPC link.

        Args:
            endpoints: the new origin by the old one; the empty text is for all that are not named.
        """
        for integration in self._integrations:
            uri = str(integration.get("uri") or "")
            old = _origin(uri)
            new = endpoints.get(old, endpoints.get(urlsplit(old).netloc, endpoints.get("")))
            if new and str(integration.get("type", "")).upper() in ("HTTP", "HTTP_PROXY"):
                integration["uri"] = new.rstrip("/") + uri.removeprefix(old)
                for name in ("connectionType", "connectionId", "integrationTarget"):
                    integration.pop(name, None)

    def text(self) -> str:
        """The document as JSON."""
        return json.dumps(self.root, ensure_ascii=False)

    def _localized(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._localized_text(value)
        if isinstance(value, dict):
            return {key: self._localized(item) for key, item in value.items()}
        return [self._localized(item) for item in value] if isinstance(value, list) else value

    def _localized_text(self, text: str) -> str:
        if ":function:" not in text:
            return text

        def replaced(found: re.Match[str]) -> str:
            if found["name"]:
                self._names.add(found["name"])
            return self._local + (found["name"] or "")

        return _FUNCTION_URI.sub(f"arn:aws:apigateway:{self._region}:lambda:", _FUNCTION_ARN.sub(replaced, text))


def _integrations(value: Any) -> Iterator[dict[str, Any]]:
    """Every integration of the document, those that operations refer to among them."""
    if isinstance(value, list):
        for item in value:
            yield from _integrations(item)
    if not isinstance(value, dict):
        return
    for name, item in value.items():
        if name == _INTEGRATION and isinstance(item, dict):
            yield item
        elif name == "x-amazon-apigateway-integrations" and isinstance(item, dict):
            yield from (entry for entry in item.values() if isinstance(entry, dict))
        else:
            yield from _integrations(item)


def _origin(uri: str) -> str:
    """Scheme, host and port of a URI, which may have stage variables in it."""
    found = re.match(r"https?://[^/?#]+", uri)
    return found[0] if found else ""
