"""Request data in a template that renders JSON: where it breaks the JSON, or becomes JSON of the client's making."""

import re
from collections.abc import Iterator

from parity.gateway.lifecycle.media_type import is_json
from parity.lint.finding import Finding, Severity
from parity.lint.flow import Data, Flow, Rendered
from parity.lint.registry import Template, template_finding, template_rule
from parity.velocity.syntax import nodes

_JSON_BEGINS = re.compile(r"""[\[{"\-0-9]|(true|false|null)\b""")
_CONTENT_TYPE = "integration.request.header.content-type"


@template_rule(
    unescaped="request data in a JSON string, where a quote or a backslash breaks it",
    unquoted="request data outside a JSON string, where it becomes JSON of the client's making",
    apostrophe='$util.escapeJavaScript in JSON without .replaceAll("\\\\\'","\'")',
    java_text="$input.path(...) where JSON is due; it prints {a=1}",
    quoted_json="$input.json(...) within quotes",
    unclosed="a JSON string that its line does not close",
    event_not_json="a request template for a Lambda function whose text is not JSON: Lambda refuses every event",
)
def json_output(template: Template) -> Iterator[Finding]:
    """Looks at what a template for a JSON content type renders of the client's or the backend's data."""
    if not renders_json(template):
        if _is_event(template):
            message = f"a Lambda function's event is JSON, and this begins with {_first_text(template.tree)[:20]!r}"
            fix = 'put the text into JSON, such as {"body": "$util.base64Encode($input.body)"}'
            yield template_finding(template, "event-not-json", "error", (1, 1), message, fix)
        return
    flow = Flow()
    flow.template(template.tree)
    only_references = _only_references(template.tree)
    is_lenient = template.is_request and template.of.integration.type == "MOCK"
    if flow.unclosed is not None and not is_lenient:
        fix = 'close it with ", and write a line break within it as \\n'
        message = "the JSON string that begins here is not closed on its line"
        yield template_finding(template, "unclosed", "error", flow.unclosed, message, fix)
    for rendered in flow.rendered:
        place = rendered.reference.line, rendered.reference.column
        if flow.unclosed is not None and place > flow.unclosed and not is_lenient:
            return  # what is in a string, and what is not, is the other way round from there
        if not only_references or (rendered.data is Data.VALUE and not _is_error_message(rendered.reference)):
            yield from _lint_rendered(template, rendered)


def renders_json(template: Template) -> bool:
    """Whether a template's text is JSON: by its content type, and by how it begins. A form is not.

    The event of a Lambda function is JSON, whatever content type the template is for.
    """
    integration = template.of.integration
    if _is_event(template):
        return _begins_as_json(template)
    if not is_json(template.content_type):
        return False
    mapped = {name.lower(): value for name, value in integration.request_parameters.items()}
    sent = mapped.get(_CONTENT_TYPE, "")
    if template.is_request and sent.startswith("'") and not is_json(sent.strip("'")):
        return False
    return _begins_as_json(template)


def _is_event(template: Template) -> bool:
    integration = template.of.integration
    return template.is_request and integration.type == "AWS" and ":lambda:" in integration.uri


def _begins_as_json(template: Template) -> bool:
    begin = _first_text(template.tree)
    return not begin or _JSON_BEGINS.match(begin) is not None


def _first_text(tree: nodes.Block) -> str:
    """The text that a template begins with, empty if a reference comes first, or if it has no text."""
    for node in tree.statements:
        match node:
            case nodes.Comment() | nodes.SetDirective():
                continue
            case nodes.Text() if not node.value.strip():
                continue
            case nodes.Text():
                return node.value.lstrip()
            case nodes.IfStatement():
                found = next((text for _, block in node.branches if (text := _first_text(block))), "")
                if found:
                    return found
            case nodes.Directive() if node.name in ("define", "macro"):
                continue
            case nodes.Directive() if node.block is not None and (found := _first_text(node.block)):
                return found
            case _:
                return ""
    return ""


def _only_references(tree: nodes.Block) -> bool:
    """Whether a template renders references alone, so that a body is passed on as it is."""
    rendered = [
        node
        for node in tree.statements
        if not isinstance(node, nodes.Comment | nodes.SetDirective)
        and not (isinstance(node, nodes.Text) and not node.value.strip())
    ]
    return len(rendered) == 1 and isinstance(rendered[0], nodes.Reference)


def _is_error_message(reference: nodes.Reference) -> bool:
    """Whether a reference is the text of a Lambda function's error, which may well hold JSON."""
    return bool(re.search(r"""\.errorMessage['"]\s*\)\}?$""", reference.literal()))


def _lint_rendered(template: Template, rendered: Rendered) -> Iterator[Finding]:
    text, node = rendered.reference.literal(), rendered.reference
    whose = "the client's" if template.is_request else "the backend's"
    escaped = f'$util.escapeJavaScript({_inner(text)}).replaceAll("\\\\\'","\'")'
    match rendered.data, rendered.in_string:
        case (Data.ESCAPED, _):
            rule = "apostrophe"
            message = f"escapeJavaScript turns ' into \\', which is not JSON: {text}"
            fix = 'append .replaceAll("\\\\\'","\'")'
        case (Data.JSON, True):
            rule, message, fix = (
                "quoted-json",
                f"JSON text within a JSON string: {text}",
                "take off the quotes around it",
            )
        case (Data.JSON, False):
            return
        case (Data.VALUE, False):
            rule = "java-text"
            message = f"prints an object as Java does, {{a=1}}, and a string without quotes: {text}"
            fix = "use $input.json(...) in place of $input.path(...)"
        case (_, False):
            rule, message = "unquoted", f"{whose} text becomes JSON of its own making: {text}"
            fix = f'quote and escape it: "{escaped}"'
        case _:
            rule, message, fix = "unescaped", f'a " or \\ in {whose} text breaks the JSON: {text}', f"write {escaped}"
    severity: Severity = "warning" if rule in ("apostrophe", "java-text") else "error"
    yield template.finding(rule, severity, node, message, fix)


def _inner(text: str) -> str:
    match = re.fullmatch(r"\$!?\{?(.*?)\}?", text, re.DOTALL)
    return f"${match[1]}" if match else text
