"""One mapping template, for tests that render it."""

import json as json_module
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from parity.compare.case import json_body
from parity.gateway.context import sample_context
from parity.gateway.templates.mapping_template import MappingTemplate, TemplateError, TemplateInput
from parity.jsonpath.json_fault import describe_json_fault
from parity.terminal import printable


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What a template rendered. `context` is `$context` afterwards, with what the template put into it."""

    name: str
    text: str
    context: Mapping[str, Any]

    def json(self) -> Any:
        """The text as JSON. The test fails, with the place and the likely cause, when it is not."""
        broken = describe_json_fault(self.text)
        if broken is not None:
            pytest.fail(printable(f"{self.name} does not render JSON: {broken}"), pytrace=False)
        return json_module.loads(self.text)


class Template:
    """A template; calling it renders it.

    Args:
        name: its file, for messages.
        source: its text.
    """

    def __init__(self, name: str, source: str) -> None:
        self._name = name
        self._source = source

    @classmethod
    def read(cls, path: Path) -> "Template":
        """Reads a template's file. The test fails when it cannot be read."""
        try:
            return cls(path.name, path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            pytest.fail(f"parity: the template {path} cannot be read: {error}", pytrace=False)

    def __call__(
        self,
        *,
        body: str | bytes = b"",
        json: Any = None,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        context: Mapping[str, Any] | None = None,
        stage_variables: Mapping[str, str] | None = None,
    ) -> Rendered:
        """Renders the template. The test fails, with the template's line, when API Gateway could not render it.

        Args:
            body: the body, of the request or of the backend's answer.
            json: a value whose JSON is the body.
            path, query, headers: the parameters of the method request.
            context: members that are laid over a sample `$context`.
            stage_variables: the stage's variables.
        """
        values = sample_context(context)
        data = json_body(json) if json is not None else body.encode() if isinstance(body, str) else body
        given = TemplateInput(
            body=data,
            path=path or {},
            querystring=query or {},
            header=headers or {},
            context=values,
            stage_variables=stage_variables or {},
        )
        try:
            text = MappingTemplate(self._source, name=self._name).render(given)
        except TemplateError as error:
            pytest.fail(printable(f"{error.template}:{error.line}:{error.column}: {error.message}"), pytrace=False)
        return Rendered(name=self._name, text=text, context=values)
