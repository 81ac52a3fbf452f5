"""Apache Velocity 1.7, the language of API Gateway's mapping templates. Knows nothing of AWS."""

from parity.velocity.budget import Budget, BudgetError
from parity.velocity.errors import ParseError, RenderError, VelocityError
from parity.velocity.java.host_object import HostObject
from parity.velocity.java.text import java_string
from parity.velocity.limits import API_GATEWAY_LIMITS, Limits, NullRule
from parity.velocity.template import Template, parse

__all__ = [
    "API_GATEWAY_LIMITS",
    "Budget",
    "BudgetError",
    "HostObject",
    "Limits",
    "NullRule",
    "ParseError",
    "RenderError",
    "Template",
    "VelocityError",
    "java_string",
    "parse",
]
