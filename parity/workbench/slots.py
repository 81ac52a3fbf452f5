"""The places of an API that take a mapping template, and what is there now."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parity.compare.diagnosis.template_files import TemplateFiles
from parity.gateway.model.definition import Integration, Method, Resource, RestApi, Stage
from parity.local.session import Session


@dataclass(frozen=True, slots=True)
class Slot:
    """A template of a method's integration: its request template, or that of one integration response.

    `status_code` is None for a request template. `source` is empty where the integration has none. `file` holds the
    source, None where it is not a file of its own.
    """

    api: RestApi
    stage: Stage
    resource: Resource
    method: Method
    integration: Integration
    status_code: str | None
    content_type: str
    source: str
    file: Path | None

    @property
    def id(self) -> str:
        """An id that stays the same when the program is reloaded."""
        parts = (self.api.name, self.stage.name, self.route, self.status_code or "", self.content_type)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]

    @property
    def route(self) -> str:
        """Such as `POST /orders`."""
        return f"{self.method.http_method} {self.resource.path}"

    def to_json(self, root: Path) -> dict[str, Any]:
        """The slot as JSON values; `version` is what a save must name, so that no other change is overwritten."""
        direction = "request" if self.status_code is None else f"response {self.status_code}"
        return {
            "id": self.id,
            "title": f"{self.route} · {direction}" + (f" · {self.content_type}" if self.content_type else ""),
            "route": self.route,
            "direction": direction,
            "integration": self.integration.type,
            "contentType": self.content_type,
            "source": self.source,
            "file": str(self.file.relative_to(root)) if self.file else None,
            "version": version_of(self.file) if self.file else None,
            "mappings": dict(self.integration.request_parameters) if self.status_code is None else {},
            "declaredBy": self.integration.declared_by,
        }


def version_of(file: Path) -> str:
    """A hash of a file's content."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def slots_of(session: Session) -> list[Slot]:
    """Every slot of the APIs that a session serves, in the order of their declaration."""
    files = TemplateFiles(session.root)
    return [
        slot
        for api in session.apis
        for stage in api.stages.values()
        for resource in api.definition.resources
        for method in resource.methods.values()
        if method.integration is not None
        for slot in _slots(api.definition, stage, resource, method, method.integration, files)
    ]


def _slots(
    api: RestApi, stage: Stage, resource: Resource, method: Method, integration: Integration, files: TemplateFiles
) -> Iterator[Slot]:
    for content_type, source in integration.request_templates.items() or [("", "")]:
        file = files.file_of(source)
        yield Slot(api, stage, resource, method, integration, None, content_type, source, file)
    for response in integration.responses:
        for content_type, source in response.response_templates.items():
            file = files.file_of(source)
            yield Slot(api, stage, resource, method, integration, response.status_code, content_type, source, file)
