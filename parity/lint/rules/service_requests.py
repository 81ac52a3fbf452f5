"""Integration requests to AWS services: actions and fields that a service does not have, and forms not encoded.

What a service has is read from the SDK's models (botocore); where the SDK is not installed, forms alone are looked at.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import unquote_plus

from parity.gateway.lifecycle.aws_service_uri import AwsServiceUri, service_of
from parity.lint.finding import Finding
from parity.lint.flow import Data, Flow
from parity.lint.registry import MethodSubject, Template, method_rule, template_rule
from parity.velocity.syntax import nodes

_FORM: Final = "application/x-www-form-urlencoded"
_HEADER: Final = "integration.request.header."
_IN_PATH: Final = {("sqs", "QueueUrl")}
"""Required fields that the path of the integration's URI may give in place of the body."""


@method_rule(
    service_action="an action that the AWS service does not have",
    service_target="an action of an AWS service whose X-Amz-Target has to be mapped, and is not",
)
def service_actions(subject: MethodSubject) -> Iterator[Finding]:
    """Looks at the action of an integration's URI, and at how the service learns of it."""
    uri = _service(subject)
    if uri is None or not uri.action or _operations(uri.service) is None:
        return
    yield from _unknown_action(uri.service, uri.action, subject.integration.declared_by or subject.declared_by)
    spoken = _protocols(uri.service)
    if uri.target is None and spoken and spoken <= {"json", "smithy-rpc-v2-cbor"} and not _target(subject):
        prefix = _target_prefix(uri.service)
        yield Finding(
            rule="service-target",
            severity="error",
            declared_by=subject.integration.declared_by or subject.declared_by,
            message=f"API Gateway sends no X-Amz-Target to {uri.service}, which does not know the action without it",
            fix=f"map {_HEADER}X-Amz-Target: \"'{prefix}.{uri.action}'\", and its Content-Type",
        )


@template_rule(
    service_field="a field that an action of an AWS service needs and does not get, or one that it does not have",
    form_encoding="request data in a form without $util.urlEncode: an ampersand ends it",
    form_content_type="a form that is sent to an AWS service as something else",
)
def service_fields(template: Template) -> Iterator[Finding]:
    """Looks at what a request template sends to an AWS service."""
    uri = _service(template.of)
    if uri is None or not template.is_request:
        return
    outline = _Outline(template.tree)
    if re.match(r"\s*(Action|Version)=", outline.text):
        yield from _form(template, uri, outline)
        return
    action = uri.action or (_target(template.of) or "").rpartition(".")[2]
    if not action or not outline.text.lstrip().startswith("{"):
        return
    if not uri.action:
        yield from _unknown_action(uri.service, action, template.declared_by)
    yield from _fields(template, uri, action, outline.keys(), outline.place(outline.text.index("{")))


def _form(template: Template, uri: AwsServiceUri, outline: "_Outline") -> Iterator[Finding]:
    flow = Flow()
    flow.block(template.tree)
    for rendered in flow.rendered:
        if rendered.data > Data.SAFE:
            yield template.finding(
                "form-encoding",
                "warning",
                rendered.reference,
                "the form holds request data that is not encoded: an & or a % in it changes what the service gets",
                "write $util.urlEncode(...) around it",
            )
    if _sent(template.of, "content-type", template.source) not in (_FORM, None):
        yield template.finding(
            "form-content-type",
            "error",
            template.tree,
            f"it renders a form, and {uri.service} is not told so: it does not find the action",
            f"map {_HEADER}Content-Type: \"'{_FORM}'\"",
        )
    fields = outline.form_fields()
    action = fields.get("Action", ("", 0))[0]
    if not action or "\0" in action:
        return
    yield from _unknown_action(uri.service, action, template.declared_by)
    names = {
        name.partition(".")[0]: offset for name, (_, offset) in fields.items() if name not in ("Action", "Version")
    }
    yield from _fields(template, uri, action, names, outline.place(0), form=True)


def _fields(
    template: Template,
    uri: AwsServiceUri,
    action: str,
    given: Mapping[str, int],
    begin: tuple[int, int],
    *,
    form: bool = False,
) -> Iterator[Finding]:
    """The required fields of an action that are missing, and those that it does not have."""
    operation = (_operations(uri.service) or {}).get(action)
    shape = operation.input_shape if operation is not None else None
    if shape is None:
        return
    mapped = {name.rpartition(".")[2] for name in template.of.integration.request_parameters}
    for name in shape.required_members:
        by_path = (uri.service, name) in _IN_PATH and uri.kind == "path" and uri.api.strip("/")
        if name not in given and name not in mapped and not by_path:
            message = f"{action} needs {name}, which the template does not send"
            yield _finding(template, "error", begin, message, f"add {name}")
    outline = _Outline(template.tree)
    for name, offset in given.items():
        if name not in shape.members and not form:
            close = difflib.get_close_matches(name, shape.members, n=1, cutoff=0.5)
            fix = f"did you mean {close[0]}?" if close else f"it has {', '.join(sorted(shape.members))}"
            yield _finding(template, "error", outline.place(offset), f"{action} has no field {name}", fix)


def _finding(template: Template, severity: Any, place: tuple[int, int], message: str, fix: str) -> Finding:
    return Finding(
        rule="service-field",
        severity=severity,
        declared_by=f"{template.declared_by} ({template.content_type})",
        message=message,
        fix=fix,
        template=template.source,
        line=place[0],
        column=place[1],
    )


def _unknown_action(service: str, action: str, declared_by: str) -> Iterator[Finding]:
    operations = _operations(service)
    if operations is None or action in operations:
        return
    close = difflib.get_close_matches(action, operations, n=1, cutoff=0.5)
    yield Finding(
        rule="service-action",
        severity="error",
        declared_by=declared_by,
        message=f"{service} has no action {action}",
        fix=f"did you mean {close[0]}?" if close else "see the service's API reference",
    )


def _service(subject: MethodSubject) -> AwsServiceUri | None:
    variables = next((stage.variables for stage in subject.of.stages.values()), {})
    return service_of(subject.integration, variables)


def _target(subject: MethodSubject) -> str | None:
    """The value of `X-Amz-Target` that a mapping or a template's override gives, as far as it is known."""
    sources = "\n".join(subject.integration.request_templates.values())
    return _sent(subject, "x-amz-target", sources)


def _sent(subject: MethodSubject, header: str, source: str) -> str | None:
    """The value of a header that is mapped, or overridden in a template; the empty string if it is neither.

    Returns:
        None if it is mapped from something that only a request tells.
    """
    name = rf"(?:\.|\[\s*)['\"]?{header}['\"]?\s*\]?"
    overridden = re.search(rf"requestOverride\.header{name}\s*=\s*['\"]([^'\"]*)['\"]", source, re.I)
    if overridden:
        return overridden[1]
    for name, value in subject.integration.request_parameters.items():
        if name.lower() == _HEADER + header:
            return value.strip("'").partition(";")[0].strip() if value.startswith("'") else None
    return ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Where a text of the template begins in the outline, and its place."""

    offset: int
    line: int
    column: int
    value: str


class _Outline:
    """A template's own text in its order, with a null character for each reference."""

    def __init__(self, tree: nodes.Block) -> None:
        self._pieces: list[_Piece] = []
        self.text = ""
        self._collect(tree.statements)

    def _collect(self, parts: Iterable[nodes.Node]) -> None:
        for node in parts:
            match node:
                case nodes.Comment() | nodes.SetDirective():
                    continue
                case nodes.Text():
                    self._pieces.append(_Piece(len(self.text), node.line, node.column, node.value))
                    self.text += node.value
                case nodes.Reference():
                    self.text += "\0"
                case nodes.IfStatement():
                    for _, block in node.branches:
                        self._collect(block.statements)
                    if node.otherwise is not None:
                        self._collect(node.otherwise.statements)
                case nodes.Directive() if node.block is not None and node.name == "foreach":
                    self._collect(node.block.statements)

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset."""
        piece = next((piece for piece in reversed(self._pieces) if piece.offset <= offset), None)
        if piece is None:
            return 1, 1
        before = piece.value[: offset - piece.offset]
        lines = before.count("\n")
        column = len(before) - before.rfind("\n") if lines else piece.column + len(before)
        return piece.line + lines, column

    def keys(self) -> dict[str, int]:
        """The keys of the outermost object, with the offset of each."""
        found: dict[str, int] = {}
        depth, begin, escaped = 0, -1, False
        for offset, character in enumerate(self.text):
            if begin >= 0:
                if escaped or character == "\\":
                    escaped = not escaped
                elif character == '"':
                    name, begin_of = self.text[begin + 1 : offset], begin
                    begin = -1
                    if depth == 1 and re.match(r"\s*:", self.text[offset + 1 :]) and "\0" not in name:
                        found.setdefault(name, begin_of)
            elif character == '"':
                begin = offset
            elif character in "{[":
                depth += 1
            elif character in "}]":
                depth -= 1
        return found

    def form_fields(self) -> dict[str, tuple[str, int]]:
        """The fields of a form with their values, and the offset of each."""
        fields = {}
        offset = 0
        for pair in self.text.split("&"):
            name, _, value = pair.partition("=")
            fields[unquote_plus(name.strip())] = (unquote_plus(value.strip()), offset + len(name) - len(name.lstrip()))
            offset += len(pair) + 1
        return fields


@cache
def _operations(service: str) -> Mapping[str, Any] | None:
    """The actions of a service by their names; None where the service or the SDK is not known."""
    try:
        from parity.local.services.emulator.models import service_model
    except ImportError:
        return None
    model = service_model(service)
    return None if model is None else {name: model.operation_model(name) for name in model.operation_names}


def _protocols(service: str) -> frozenset[str]:
    from parity.local.services.emulator.models import protocols

    return protocols(service)


def _target_prefix(service: str) -> str:
    from parity.local.services.emulator.models import service_model

    return str(service_model(service).metadata.get("targetPrefix", service))
