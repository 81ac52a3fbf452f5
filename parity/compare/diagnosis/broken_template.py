"""Whether what a mapping template rendered is what its content type says, and which reference broke it."""

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from xml.parsers import expat

from parity.gateway.lifecycle.media_type import JSON, is_json, is_xml
from parity.gateway.model.exchange import Exchange, MethodRequest, RenderedTemplate
from parity.gateway.templates.mapping_template import MappingTemplate, TemplateError, TemplateInput
from parity.jsonpath.json_fault import IS_NOT_JSON, Fault, json_fault
from parity.velocity import VelocityError, parse
from parity.velocity.syntax import nodes

Stage = Literal["request", "response"]
NOT_A_NUMBER = f"NaN {IS_NOT_JSON}"
JSON_OF_INPUT = re.compile(r"\$!?\{?input\.json\(")
OPENING, NUMBERED, CLOSING = "\ufdd0", "\ufdd1", "\ufdd2"
"""Characters that Unicode assigns to nobody; they mark in an output where a reference begins and ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedReference:
    """A reference of a template, its place there from 1, and what it rendered: `start` to `end` of the output."""

    literal: str
    line: int
    column: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenTemplate:
    """A template whose output is not the `language`, JSON or XML, that its content type says.

    `reference` is the one that most likely broke it, None where it cannot be told.
    """

    stage: Stage
    language: Literal["JSON", "XML"]
    template: RenderedTemplate
    fault: Fault
    reference: RenderedReference | None

    @property
    def line(self) -> int:
        """The line of the output at which it breaks, from 1."""
        return self.fault.line(self.template.output)

    @property
    def column(self) -> int:
        """The column of the output at which it breaks, from 1."""
        return self.fault.column(self.template.output)


def broken_template(exchange: Exchange) -> BrokenTemplate | None:
    """The first template of an exchange whose output is not what its content type says.

    What renders nothing is no fault, nor is the NaN that `$input.json` prints of a body that holds one, since no
    template can help it. The event of a Lambda function is JSON whatever content type chose the template, and the
    request template of a MOCK integration is read leniently, so that it is not looked at.

    Args:
        exchange: what the gateway did with a request.
    """
    rendering = _Rendering(exchange)
    request = exchange.integration_request
    if request is not None and request.template is not None and request.type != "MOCK":
        is_event = request.type == "AWS" and ":lambda:" in request.uri
        content_type = _header(request.headers, "content-type") or request.template.content_type
        found = _check("request", request.template, JSON if is_event else content_type, rendering)
        if found is not None:
            return found
    response = exchange.integration_response
    if response is not None and response.template is not None:
        mapped = {applied.target.rpartition(".")[2].lower(): applied.value for applied in response.mappings}
        named = mapped.get("content-type")
        content_type = named if isinstance(named, str) else response.template.content_type
        return _check("response", response.template, content_type, rendering)
    return None


def references_of_request(exchange: Exchange) -> list[RenderedReference]:
    """The references of a request template and what each rendered, in their order; empty where it cannot be told."""
    request = exchange.integration_request
    if request is None or request.template is None:
        return []
    return _Rendering(exchange).references("request", request.template)


def _check(
    stage: Stage, template: RenderedTemplate, content_type: str, rendering: "_Rendering"
) -> BrokenTemplate | None:
    language = _language(content_type)
    if language is None or not template.output.strip():
        return None
    fault = json_fault(template.output) if language == "JSON" else xml_fault(template.output)
    if fault is None:
        return None
    reference = _reference_at(fault, template.output, rendering.references(stage, template))
    if fault.message == NOT_A_NUMBER and reference is not None and JSON_OF_INPUT.match(reference.literal):
        return None
    return BrokenTemplate(stage=stage, language=language, template=template, fault=fault, reference=reference)


def _reference_at(fault: Fault, output: str, references: list[RenderedReference]) -> RenderedReference | None:
    """The last reference that began before a fault; of a string that never ends, the one that escaped its end."""
    if fault.message.startswith("Unterminated string"):
        within = [each for each in references if each.start >= fault.offset]
        escaping = [each for each in within if output[each.start : each.end].endswith("\\")]
        if within:
            return (escaping or within)[0]
    return next((each for each in reversed(references) if each.start <= fault.offset), None)


def xml_fault(text: str) -> Fault | None:
    """Where a text stops being well-formed XML, None if it does not."""
    parser = expat.ParserCreate("utf-8")
    data = text.encode()
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        before = data[: max(0, parser.ErrorByteIndex)].decode("utf-8", "ignore")
        return Fault(message=expat.ErrorString(error.code), offset=len(before))
    return None


def _language(content_type: str) -> Literal["JSON", "XML"] | None:
    return "JSON" if is_json(content_type) else "XML" if is_xml(content_type) else None


def _header(headers: tuple[tuple[str, str], ...], name: str) -> str | None:
    return next((value for sent, value in headers if sent.lower() == name), None)


@dataclass(frozen=True, slots=True)
class _Rendering:
    """Renders the templates of an exchange once more."""

    exchange: Exchange

    def references(self, stage: Stage, template: RenderedTemplate) -> list[RenderedReference]:
        """Which reference rendered which part of an output: the template is rendered with each reference marked.

        Nothing is returned when the marks, taken out, leave another output than the first time.
        """
        request = self.exchange.method_request
        marked = _marked(template.source)
        if request is None or marked is None:
            return []
        endpoint = self.exchange.endpoint_response
        body = endpoint.body if stage == "response" and endpoint is not None else request.body
        try:
            output = marked.template.render(_input(request, body, template.stage_variables))
        except TemplateError:
            return []
        references, plain = _read_marks(output, marked.references)
        return references if plain == template.output else []


def _input(request: MethodRequest, body: bytes, stage_variables: Mapping[str, str]) -> TemplateInput:
    return TemplateInput(
        body=body,
        path=request.path_parameters,
        querystring=request.query,
        header=request.headers,
        context=copy.deepcopy(dict(request.context)),
        stage_variables=stage_variables,
    )


@dataclass(frozen=True, slots=True)
class _Marked:
    template: MappingTemplate
    references: tuple[nodes.Reference, ...]


@lru_cache(maxsize=64)
def _marked(source: str) -> _Marked | None:
    """The template with every reference that renders text between marks; None when it cannot be parsed any more."""
    try:
        references = tuple(sorted(_rendering(parse(source)), key=lambda each: each.first.offset))
        pieces, end = [], 0
        for number, reference in enumerate(references):
            start = reference.first.offset + len(reference.more_prefix)
            pieces += [source[end:start], f"{OPENING}{number}{NUMBERED}", source[start : reference.last.end], CLOSING]
            end = reference.last.end
        return _Marked(MappingTemplate("".join([*pieces, source[end:]])), references)
    except (VelocityError, TemplateError):
        return None


def _rendering(node: nodes.Node) -> Iterator[nodes.Reference]:
    """The references that stand in the text, and not within an argument, a condition or a string."""
    for child in node.children():
        if isinstance(child, nodes.Reference):
            if isinstance(node, nodes.Block):
                yield child
        elif not isinstance(child, nodes.StringLiteral):
            yield from _rendering(child)


def _read_marks(output: str, references: tuple[nodes.Reference, ...]) -> tuple[list[RenderedReference], str]:
    """The references by the part of the output that each rendered, and the output without marks."""
    first, *pieces = output.split(OPENING)
    plain, length, found = [first], len(first), []
    for piece in pieces:
        number, _, rest = piece.partition(NUMBERED)
        rendered, _, after = rest.partition(CLOSING)
        if not number.isdigit() or int(number) >= len(references):
            return [], ""
        node = references[int(number)]
        found.append(
            RenderedReference(
                literal=node.literal(), line=node.line, column=node.column, start=length, end=length + len(rendered)
            )
        )
        plain += [rendered, after]
        length += len(rendered) + len(after)
    return found, "".join(plain)
