"""Parameters that a method request declares, and that nothing maps, reads or requires."""

import re
from collections.abc import Iterator

from parity.lint.finding import Finding
from parity.lint.registry import MethodSubject, method_rule


@method_rule(unused_parameter="a parameter that is declared, but never mapped, read, required or a cache key")
def unused_parameters(subject: MethodSubject) -> Iterator[Finding]:
    """Looks for each declared parameter in the integration's mappings and templates."""
    method, integration = subject.method, subject.integration
    if integration.type.endswith("_PROXY"):
        return
    sources = " ".join(integration.request_parameters.values())
    templates = [*integration.request_templates.values()]
    templates += [text for response in integration.responses for text in response.response_templates.values()]
    text = "\n".join(templates)
    if re.search(r"\$!?\{?input\.params\(\s*\)", text):
        return
    for parameter, required in method.request_parameters.items():
        place, _, name = parameter.removeprefix("method.request.").partition(".")
        mapped = re.search(rf"method\.request\.(multivalue)?{place}\.{re.escape(name)}(\s|$)", sources)
        read = re.search(rf"params\(\s*['\"]{re.escape(name)}['\"]\s*\)", text)
        validated = required and method.request_validator and method.request_validator.validate_request_parameters
        keyed = parameter in integration.cache_key_parameters
        if not (mapped or read or validated or keyed or place == "path"):
            yield Finding(
                rule="unused-parameter",
                severity="warning",
                declared_by=subject.declared_by,
                message=f"{parameter} is declared, but no mapping and no template uses it: the backend never sees it",
                fix=f"map it (integration.request.{place}.{name}: {parameter}), or take it out",
            )
