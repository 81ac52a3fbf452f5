"""Gateway responses whose templates are written in Velocity: only variables are replaced in them.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
"""

import re
from collections.abc import Iterator

from parity.lint.finding import Finding
from parity.lint.registry import ApiSubject, api_rule

_VELOCITY = re.compile(r"\$!?\{?(input|util)\b[^\s\"']*|#\{?(set|if|foreach|else|elseif|end)\b")


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
