"""Mapping templates: Velocity templates with `$input`, `$util`, `$context` and `$stageVariables`.

https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings.html
"""

import re
from functools import lru_cache
from typing import Final

from parity.gateway.templates.context_map import as_context_map, repeated_override
from parity.gateway.templates.input_variable import InputVariable, TemplateInput
from parity.gateway.templates.util_variable import UtilFunctions
from parity.velocity import Budget, NullRule, Template, VelocityError
from parity.velocity.budget import active_budget

__all__ = ["BrokenMappingTemplate", "MappingTemplate", "TemplateError", "TemplateInput", "mapping_template"]

_UTIL: Final = UtilFunctions()
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class TemplateError(Exception):
    """A mapping template that cannot be compiled or rendered.

    Attributes:
        template: the name under which it was compiled.
        line, column: where it goes wrong, from 1; 0 where unknown.
        message: what is wrong.
    """

    def __init__(self, template: str, line: int, column: int, message: str) -> None:
        super().__init__(f"{template}:{line}:{column}: {message}")
        self.template = template
        self.line = line
        self.column = column
        self.message = message

    @classmethod
    def of(cls, error: VelocityError, template: str) -> "TemplateError":
        """The same error without Velocity's class, in a template of that name."""
        return cls(template, error.line, error.column, error.message)


@lru_cache(maxsize=2048)
def _compiled(source: str) -> Template:
    """The compiled form of a source; many methods have the same."""
    return Template(source, null_rule=NullRule.API_GATEWAY)


class MappingTemplate:
    """A mapping template, compiled once and rendered for each request.

    Args:
        source: the template as it was declared.
        name: what to call it in errors, such as the resource that declares it.

    Raises:
        TemplateError: the template does not compile.
    """

    __slots__ = ("_template", "name", "source")

    def __init__(self, source: str, *, name: str = "template") -> None:
        self.source = source
        self.name = name
        try:
            self._template = _compiled(source)
        except VelocityError as error:
            raise TemplateError.of(error, name) from error

    @property
    def changes_values(self) -> bool:
        """Whether it may change a map or a list, such as `$context.requestOverride.header`."""
        return self._template.changes_values

    def render(self, template_input: TemplateInput, budget: Budget | None = None) -> str:
        """The template's output.

        Args:
            template_input: body, parameters and context; `template_input.context` holds the overrides afterwards.
            budget: what the rendering may use up together with the other work of its request; None for the current one.

        Raises:
            TemplateError: the template fails while it is rendered.
        """
        budget = budget or active_budget() or Budget()
        variables = {
            "input": InputVariable(template_input, budget),
            "util": _UTIL,
            "context": as_context_map(template_input.context),
            "stageVariables": dict(template_input.stage_variables),
        }
        try:
            output = self._template.render(variables, budget)
        except VelocityError as error:
            raise TemplateError.of(error, self.name) from error
        if self._template.changes_values:
            repeated = repeated_override(template_input.context)
            if repeated is not None:
                message = f"$context.{repeated} is overridden twice; an override may be applied once to each parameter"
                raise TemplateError(self.name, 0, 0, message)
        return output


class BrokenMappingTemplate:
    """A mapping template that does not compile. API Gateway takes it, and the requests that need it fail.

    Args:
        source: the template as it was declared.
        error: what is wrong with it.
    """

    __slots__ = ("_error", "source")
    changes_values = False

    def __init__(self, source: str, error: TemplateError) -> None:
        self.source = source
        self._error = error

    def render(self, _: TemplateInput) -> str:
        """Raises the error that compiling it raised.

        Raises:
            TemplateError: always.
        """
        raise self._error


def mapping_template(source: str, *, name: str) -> MappingTemplate | BrokenMappingTemplate:
    """A mapping template, or what fails in its place if it does not compile."""
    try:
        return MappingTemplate(source, name=name)
    except TemplateError as error:
        return BrokenMappingTemplate(source, error)
