"""The rules, by what they look at. A module that is imported here registers its rules."""

from parity.lint.rules import (  # noqa: F401
    aws_failures,
    caching,
    deployments,
    directives,
    functions,
    gateway_responses,
    json_output,
    overrides,
    parameters,
    references,
    selection_patterns,
    service_requests,
    stage_variables,
)
