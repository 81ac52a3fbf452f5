"""A template, parsed and compiled once, rendered as often as one likes."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import islice
from types import TracebackType
from typing import Any

from parity.velocity import blocks, runtime
from parity.velocity.blocks import Macro, Stop
from parity.velocity.budget import Budget
from parity.velocity.compiler.codegen import Module
from parity.velocity.compiler.fast_compiler import FastCompiler, NotSupported
from parity.velocity.compiler.statements import Compiler, Features
from parity.velocity.contexts import ForeachScope, NullHolder, Renderer
from parity.velocity.errors import JavaError, LimitError, ParseError, RenderError, VelocityError
from parity.velocity.java import arithmetic, introspection
from parity.velocity.java.comparison import Key
from parity.velocity.java.text import without_lone_surrogates
from parity.velocity.limits import API_GATEWAY_LIMITS, Limits, NullRule
from parity.velocity.runtime import Runtime
from parity.velocity.syntax import nodes
from parity.velocity.syntax.semantic_checks import MacroDeclaration, Registry, parse_and_check


def _bounded(items: Sequence[Any], rt: Runtime) -> Any:
    bound = rt.limits.foreach_iterations
    return items if bound is None or len(items) <= bound else islice(items, bound)


_GLOBALS: dict[str, Any] = {
    "Argument": blocks.Argument,
    "BlockReference": blocks.BlockReference,
    "Call": blocks.Call,
    "ForeachScope": ForeachScope,
    "Key": Key,
    "JavaError": JavaError,
    "NullHolder": NullHolder,
    "Stop": Stop,
    "bounded": _bounded,
    "break_scope": runtime.break_scope,
    "call0": runtime.call0,
    "call1": runtime.call1,
    "host_method": runtime.host_method,
    "index": runtime.get_index,
    "new_map": runtime.new_map,
    "prop": runtime.get_property,
    "set_index": runtime.set_index,
    "set_property": introspection.set_property,
    "truth": runtime.truth,
    **{
        name: getattr(arithmetic, name)
        for name in (
            "minus",
            "times",
            "over",
            "rest",
            "less",
            "less_or_equal",
            "greater",
            "greater_or_equal",
        )
    },
}


def _compiled(
    tree: nodes.Block, macros: Mapping[str, MacroDeclaration], features: Features, rule: NullRule, name: str
) -> tuple[Module, dict[str, str]]:
    module = Module(has_blocks=features.blocks)
    if not macros:
        with suppress(NotSupported):
            FastCompiler(module, rule, features, name).compile_fast(tree)
            return module, {}
        module = Module(has_blocks=features.blocks)
    return module, Compiler(module, rule, features, name).compile(tree, macros)


class Unit:
    """Source compiled to Python.

    Args:
        source: the template.
        name: its name.
        rule: what a reference without a value is.
        registry: the macros known so far; those of the source are added.
        evaluated: whether another template evaluates it, whose variables it shares.

    Attributes:
        render: renders it.
        macros: the macros that it declares and that count.
        python: the Python that it was compiled to.
        changes_values: whether it may change a map or a list.
        origins: for each line of the Python the line and column of the template, or zeros.

    Raises:
        ParseError: the source is not Velocity.
    """

    def __init__(self, source: str, name: str, rule: NullRule, registry: Registry, *, evaluated: bool = False) -> None:
        before = set(registry.macros)
        try:
            tree = parse_and_check(source, name, registry)
            new = {macro: body for macro, body in registry.macros.items() if macro not in before}
            features = Features(source, [tree, *(macro.body for macro in new.values())], evaluated=evaluated)
            module, functions = _compiled(tree, new, features, rule, name)
            self.changes_values = features.changes
            self.python, self.origins = module.source()
            namespace = {**_GLOBALS, **module.constants}
            exec(compile(self.python, f"<velocity {name}>", "exec"), namespace)  # noqa: S102 - our own Python
        except (RecursionError, MemoryError, SyntaxError) as error:  # Python bounds how deep its own code may nest
            raise ParseError("nested too deep", template=name, java_class="StackOverflowError") from error
        self.code_name = f"<velocity {name}>"
        self.render: Renderer = namespace["render"]
        self.macros = {
            macro: Macro(new[macro].parameters, namespace[function]) for macro, function in functions.items()
        }

    def debug(self) -> str:
        """The Python, each line after the line of the template that it comes from."""
        lines = zip(self.origins, self.python.splitlines(), strict=False)
        return "\n".join(f"{line or '':>5} | {code}" for (line, _), code in lines)


class Program:
    """A template's own unit, and those of the texts that it has evaluated."""

    def __init__(self, source: str, name: str, rule: NullRule) -> None:
        self.name = name
        self.rule = rule
        self.registry = Registry()
        self.unit = Unit(source, name, rule, self.registry)
        self.macros = self.unit.macros

    def evaluated(self, source: str) -> Renderer:
        """Compiles a text that the template evaluates."""
        unit = Unit(source, self.name, self.rule, self.registry, evaluated=True)
        for name, macro in unit.macros.items():
            self.macros.setdefault(name, macro)
        return unit.render


class Template:
    """A Velocity template.

    Args:
        source: the template.
        name: its name, for error messages.
        null_rule: what a reference without a value is.
        limits: what a rendering may use up; by default Velocity's own bounds, or API Gateway's with its null rule.

    Raises:
        ParseError: the source is not Velocity.
    """

    def __init__(
        self,
        source: str,
        *,
        name: str = "template",
        null_rule: NullRule = NullRule.VELOCITY,
        limits: Limits | None = None,
    ) -> None:
        self.name = name
        self.null_rule = null_rule
        self.source = source
        self.limits = limits or (API_GATEWAY_LIMITS if null_rule is NullRule.API_GATEWAY else Limits())
        if len(source) > self.limits.template_size:
            raise ParseError(f"longer than {self.limits.template_size:,} characters", template=name)
        self._program = Program(source, name, null_rule)

    @property
    def changes_values(self) -> bool:
        """Whether a rendering may change a map or a list of its variables."""
        return self._program.unit.changes_values

    @property
    def python(self) -> str:
        """The Python that the template was compiled to, each line after the line of the template it comes from."""
        return self._program.unit.debug()

    def render(self, context: Mapping[str, object], budget: Budget | None = None) -> str:
        """Renders the template.

        Args:
            context: the variables. Their collections may be changed by the template; the mapping itself is not.
            budget: what it may use up together with other work; None for a budget of its own, as `limits` has it.

        Raises:
            RenderError: the template fails, or exceeds a limit.
            ParseError: something that it evaluates is not Velocity.
        """
        if budget is None:
            budget = Budget(self.limits.seconds, self.limits.memory)
            budget.has_long_texts = True
        parts: list[str] = []
        program, longest = self._program, self.limits.output
        rt = Runtime(budget, longest, self.limits, program.macros, program.evaluated)
        entered = budget.enter()
        try:
            try:  # noqa: SIM105
                program.unit.render(dict(context), parts.append, rt)
            except Stop:  # `suppress` would take as long as a short template
                pass
            text = budget.joined(parts, longest)
            return text if text.isascii() else without_lone_surrogates(text)
        except VelocityError:
            raise
        except LimitError as error:
            raise self._failed(error.message, error.java_class, error.__traceback__, shown=True) from error
        except JavaError as error:
            raise self._failed(str(error), error.java_class, error.__traceback__) from error
        except RecursionError as error:
            raise self._failed("nested too deep", "StackOverflowError", error.__traceback__) from error
        except MemoryError as error:
            raise self._failed("out of memory", "OutOfMemoryError", error.__traceback__) from error
        finally:
            budget.leave(entered)

    def _failed(
        self, message: str, java_class: str, traceback: TracebackType | None, *, shown: bool = False
    ) -> RenderError:
        """The error with its place in the template, and with the expression that is there if it is to be shown."""
        place = (0, 0)
        unit = self._program.unit
        while traceback is not None:
            if traceback.tb_frame.f_code.co_filename == unit.code_name and traceback.tb_lineno:
                at = traceback.tb_lineno - 1
                place = unit.origins[at] if at < len(unit.origins) and unit.origins[at][0] else place
            traceback = traceback.tb_next
        if shown and place[0]:
            message = f"{expression_at(self.source, *place)}: {message}"
        return RenderError(message, template=self.name, line=place[0], column=place[1], java_class=java_class)


_MAX_SHOWN = 80


def expression_at(source: str, line: int, column: int) -> str:
    """What stands at a place of a template: a reference with its steps, or a directive with its parentheses.

    Args:
        source: the template.
        line, column: the place, from 1.
    """
    lines = source.splitlines()
    text = lines[line - 1][column - 1 :] if line <= len(lines) else ""
    depth = 0
    for position, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        ends = character.isspace() or character in "\"'<>,;:" or (character in "$#" and position > 0)
        if depth < 0 or (depth == 0 and ends):
            text = text[:position]
            break
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"


def parse(source: str, *, name: str = "template") -> nodes.Block:
    """The syntax tree of a template.

    Args:
        source: the template.
        name: its name, for errors.

    Raises:
        ParseError: the source is not Velocity.
    """
    return parse_and_check(source, name, Registry())
