"""Directives that Velocity does not have, or does not read as meant: they are printed, or do nothing.

https://velocity.apache.org/engine/1.7/user-guide.html
"""

import re
from collections.abc import Iterator

from parity.lint.finding import Finding
from parity.lint.references import is_text, statements, text_variables
from parity.lint.registry import Template, template_rule
from parity.velocity.syntax import nodes

_DIRECTIVES = frozenset(
    {"set", "if", "elseif", "else", "end", "foreach", "break", "stop", "define", "macro", "evaluate", "literal"}
    | {"include", "parse"}
)
_REMEDIES = {
    "return": "render the result where it is due, and leave the rest out with #if; #stop ends the template",
    "for": "write #foreach($item in $list)",
    "each": "write #foreach($item in $list)",
    "elif": "write #elseif(...)",
    "elsif": "write #elseif(...)",
    "elseIf": "write #elseif(...)",
    "unless": "write #if(!...)",
    "continue": "put what comes after it into an #if",
    "while": "write #foreach($i in [1..10])",
}
_WITHOUT_PARENTHESES = frozenset({"return", "endif", "endfor", "endforeach", "elif", "elsif", "fi", "continue"})
"""Words that are meant as a directive without parentheses too; others, such as a colour's `#fff`, are text."""
_ELSE_IF = re.compile(r"[ \t]*if\s*\(")


@template_rule(else_if="#else if(...), where Velocity has #elseif(...): the condition is printed")
def else_if(template: Template) -> Iterator[Finding]:
    """Looks at what follows `#else`."""
    for node in statements(template.tree):
        if isinstance(node, nodes.IfStatement) and node.otherwise is not None and node.otherwise.statements:
            first = node.otherwise.statements[0]
            if isinstance(first, nodes.Text) and _ELSE_IF.match(first.value):
                message = "#else takes no condition: it is printed as text, and the branch is taken always"
                yield template.finding("else-if", "error", first, message, "write #elseif(...)")


@template_rule(unknown_directive="a directive that Velocity does not have, such as #return: it is printed as text")
def unknown_directives(template: Template) -> Iterator[Finding]:
    """Looks for uses of macros that the template does not declare, and for bare words of other languages."""
    macros = {
        node.arguments[0].literal().strip()
        for node in statements(template.tree)
        if isinstance(node, nodes.Directive) and node.name == "macro" and node.arguments
    }
    for node in statements(template.tree):
        if not isinstance(node, nodes.Directive) or node.name.lstrip("@") in _DIRECTIVES | macros:
            continue
        if "(" in node.literal() or node.name in _WITHOUT_PARENTHESES:
            message = f"Velocity has no #{node.name}, and the template no such macro: it is printed as text"
            yield template.finding("unknown-directive", "error", node, message, _remedy(node.name.lstrip("@")))


def _remedy(name: str) -> str:
    if name.startswith("end") or name == "fi":
        return "write #end"
    return _REMEDIES.get(name, f"declare it: #macro({name} ...)")


@template_rule(loop_over_text="#foreach over $input.json(...), $input.body and the like, which are text: it never runs")
def loops_over_text(template: Template) -> Iterator[Finding]:
    """Looks at what each `#foreach` goes through; a variable counts if all that is assigned to it is text."""
    texts = text_variables(template.tree)
    for node in statements(template.tree):
        if not isinstance(node, nodes.Directive) or node.name != "foreach" or not node.arguments:
            continue
        source = node.arguments[-1]
        variable = source.root if isinstance(source, nodes.Reference) and not source.steps else ""
        if is_text(source) or variable in texts:
            message = f"{source.literal().strip()} is text, not a list: the loop never runs"
            fix = "go through $input.path(...), which is a list"
            yield template.finding("loop-over-text", "error", node, message, fix)
