"""Gateway responses whose templates are written in Velocity, or give no JSON: only variables are replaced in them.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
"""

import re
from collections.abc import Iterator

from parity.gateway.lifecycle.media_type import is_json
from parity.lint.finding import Finding
from parity.lint.registry import ApiSubject, api_rule

_VELOCITY = re.compile(r"\$!?\{?(input|util)\b[^\s\"']*|#\{?(set|if|foreach|else|elseif|end)\b")
_ERROR = re.compile(r"\$\{?context\.error\.(messageString|validationErrorString)\b\}?")
_QUOTED = {
    "messageString": ("is printed with quotes of its own", "take off the quotes around it"),
    "validationErrorString": (
        'holds quotes, as in (["name"]), which break the JSON',
        "answer as text/plain, or leave it to the access log",
    ),
}
"""By the variable why it may not be in a JSON string, and what to do."""


@api_rule(gateway_response_velocity="Velocity in a gateway response's template, where it is printed as text")
def velocity_in_gateway_responses(subject: ApiSubject) -> Iterator[Finding]:
    """Looks for `$input`, `$util` and directives in the templates of gateway responses."""
    for response in subject.api.gateway_responses.values():
        for content_type, template in response.response_templates.items():
            found = _VELOCITY.search(template)
            if found:
                yield Finding(
                    rule="gateway-response-velocity",
                    severity="error",
                    declared_by=f"{response.declared_by or response.response_type} ({content_type})",
                    message=f"a gateway response's template is not Velocity: {found[0]} is printed as it is",
                    fix="use $context and $stageVariables alone, such as $context.error.messageString",
                )


@api_rule(gateway_response_json="an error's text within quotes in a gateway response's JSON, which it breaks")
def json_of_gateway_responses(subject: ApiSubject) -> Iterator[Finding]:
    """Looks for `$context.error` texts in the JSON strings of gateway responses."""
    for response in subject.api.gateway_responses.values():
        for content_type, template in response.response_templates.items():
            for found in _ERROR.finditer(template) if is_json(content_type) else ():
                if _is_in_string(template, found.start()):
                    why, fix = _QUOTED[found[1]]
                    yield Finding(
                        rule="gateway-response-json",
                        severity="error",
                        declared_by=f"{response.declared_by or response.response_type} ({content_type})",
                        message=f"{found[0]} {why}",
                        fix=fix,
                    )


def _is_in_string(template: str, position: int) -> bool:
    return bool(re.sub(r"\\.", "", template[:position]).count('"') % 2)
