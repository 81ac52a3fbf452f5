"""Expression nodes to Python expressions."""

from parity.velocity.compiler.codegen import NOWHERE, Function, Module
from parity.velocity.java.arithmetic import INTEGER, whole
from parity.velocity.limits import NullRule
from parity.velocity.syntax import nodes
from parity.velocity.syntax.tokens import Kind

_MAX_DEPTH = 15

_ARITHMETIC = {Kind.MINUS: "minus", Kind.MULTIPLY: "times", Kind.DIVIDE: "over", Kind.MODULUS: "rest"}
_COMPARISON = {
    Kind.LOGICAL_EQUALS: "rt.equal",
    Kind.LOGICAL_NOT_EQUALS: "not rt.equal",
    Kind.LOGICAL_LT: "less",
    Kind.LOGICAL_LE: "less_or_equal",
    Kind.LOGICAL_GT: "greater",
    Kind.LOGICAL_GE: "greater_or_equal",
}
_CONSTANTS = (nodes.IntegerLiteral, nodes.FloatingPointLiteral, nodes.BooleanLiteral)
_BOOLEANS = (*_COMPARISON, Kind.LOGICAL_AND, Kind.LOGICAL_OR)


class ExpressionCompiler:
    """Compiles the expressions of one template.

    Args:
        module: where constants and functions go.
        rule: what a reference without a value is.
    """

    def __init__(self, module: Module, rule: NullRule) -> None:
        self.module = module
        self.empty_nulls = rule is NullRule.API_GATEWAY
        self._depth = 0

    def string_function(self, node: nodes.StringLiteral) -> str:
        """The name of a function that interpolates a string."""
        raise NotImplementedError

    # values

    def value(self, node: nodes.Node) -> str:
        """Python for the value of an expression; None when it has none."""
        self._depth += 1
        code = self._value(node)
        self._depth -= 1
        if self._depth and self._depth % _MAX_DEPTH == 0:
            return self._outlined(code)
        return code

    def _outlined(self, code: str) -> str:
        """The code moved to a function of its own, because Python's parentheses cannot nest as deep as Velocity's."""
        name = self.module.name("e")
        self.module.add(name, Function("ctx, rt", [(0, f"return {code}", NOWHERE)]))
        return f"{name}(ctx, rt)"

    def _value(self, node: nodes.Node) -> str:
        if isinstance(node, nodes.Reference):
            return self.reference(node)
        if isinstance(node, nodes.StringLiteral):
            return repr(node.value) if node.tree is None else self._interpolated(node)
        if isinstance(node, nodes.Expression):
            return self.value(node.value)
        if isinstance(node, nodes.Binary):
            return self._binary(node)
        if isinstance(node, nodes.Not):
            return self.condition(node)
        if isinstance(node, nodes.IntegerLiteral):
            return self.module.constant(whole(int(node.first.image), INTEGER))
        if isinstance(node, nodes.FloatingPointLiteral):
            return self.module.constant(float(node.first.image))
        if isinstance(node, nodes.BooleanLiteral):
            return "True" if node.first.image == "true" else "False"
        return self._collection(node)

    def _collection(self, node: nodes.Node) -> str:
        if isinstance(node, nodes.IntegerRange):
            return f"rt.range_list({self.value(node.low)}, {self.value(node.high)})"
        if isinstance(node, nodes.ObjectArray):
            return f"[{', '.join(map(self.value, node.items))}]"
        if isinstance(node, nodes.MapLiteral):
            pairs = [(node.items[at], node.items[at + 1]) for at in range(0, len(node.items), 2)]
            if all(isinstance(key, nodes.StringLiteral) for key, _ in pairs):
                return "{" + ", ".join(f"{self.value(key)}: {self.value(value)}" for key, value in pairs) + "}"
            return f"new_map({', '.join(map(self.value, node.items))})"
        return "None"

    def _interpolated(self, node: nodes.StringLiteral) -> str:
        return f"{self.string_function(node)}(ctx, rt)"

    def _binary(self, node: nodes.Binary) -> str:
        """A chain of operators that associate to the left, which may be long."""
        chain = [node]
        while isinstance(chain[-1].left, nodes.Binary) and chain[-1].left.operator not in _BOOLEANS:
            chain.append(chain[-1].left)
        if node.operator in _BOOLEANS:
            return self.condition(node)
        code = self.value(chain[-1].left)
        for count, link in enumerate(reversed(chain), 1):
            right = self.value(link.right)
            if link.operator is Kind.PLUS:
                sources = f"{link.left.literal()!r}, {link.right.literal()!r}"
                code = f"rt.plus({code}, {right}, {sources})"
            else:
                code = f"{_ARITHMETIC[link.operator]}({code}, {right})"
            if count % _MAX_DEPTH == 0:
                code = self._outlined(code)
        return code

    # conditions

    def condition(self, node: nodes.Node) -> str:
        """Python for whether Velocity takes an expression for true."""
        self._depth += 1
        code = self._condition(node)
        self._depth -= 1
        if self._depth and self._depth % _MAX_DEPTH == 0:
            return self._outlined(code)
        return code

    def _condition(self, node: nodes.Node) -> str:
        if isinstance(node, nodes.Expression):
            return self.condition(node.value)
        if isinstance(node, nodes.Reference):
            if self.module.has_blocks:
                return f"truth({self.reference(node, always=True)})"
            if self.empty_nulls:
                return f"({self.reference(node, always=True)} is not False)"
            temporary = self.module.temporary()
            code = self.reference(node, always=True)
            return f"(({temporary} := {code}) is not None and {temporary} is not False)"
        if isinstance(node, nodes.Not):
            return f"(not {self.condition(node.operand)})"
        if isinstance(node, nodes.BooleanLiteral):
            return "True" if node.first.image == "true" else "False"
        if isinstance(node, nodes.Binary) and node.operator in _BOOLEANS:
            return self._logic(node)
        return "False"

    def _logic(self, node: nodes.Binary) -> str:
        chain = [node]
        while isinstance(chain[-1].left, nodes.Binary) and chain[-1].left.operator in _BOOLEANS:
            chain.append(chain[-1].left)
        innermost = chain[-1]
        logical = innermost.operator in (Kind.LOGICAL_AND, Kind.LOGICAL_OR)
        code = self.condition(innermost.left) if logical else self.value(innermost.left)
        for count, link in enumerate(reversed(chain), 1):
            if link.operator is Kind.LOGICAL_AND:
                code = f"({code} and {self.condition(link.right)})"
            elif link.operator is Kind.LOGICAL_OR:
                code = f"({code} or {self.condition(link.right)})"
            else:
                function = _COMPARISON[link.operator]
                if self.module.has_blocks and function.endswith("rt.equal"):
                    function += "_with_blocks"
                code = f"{function}({code}, {self.value(link.right)})"
                code = f"({code})" if code.startswith("not ") else code
            if count % _MAX_DEPTH == 0:
                code = self._outlined(code)
        return code

    # references

    def reference(self, node: nodes.Reference, *, always: bool = False) -> str:
        """Python for a reference's value.

        Args:
            node: the reference.
            always: whether to look it up even where Velocity's expressions do not, as for `$\\!name`.
        """
        if node.notation is nodes.Notation.RUNT or not (node.computable or always):
            return "''" if self.empty_nulls else "None"
        code = self.nullable(node)
        if self.empty_nulls:
            temporary = self.module.temporary()
            return f"('' if ({temporary} := {code}) is None else {temporary})"
        return code

    def load(self, name: str) -> str:
        """Python for a variable's value."""
        return f"get({name!r})"

    def nullable(self, node: nodes.Reference) -> str:
        """Python for a reference's value, which is None when it has none whatever the null rule is."""
        code = self.load(node.root)
        for count, step in enumerate(node.steps, 1):
            code = self.step(code, step)
            if count % _MAX_DEPTH == 0:
                code = self._outlined(code)
        return code

    def step(self, of: str, step: nodes.Property | nodes.Method | nodes.Index) -> str:
        """Python for a property, a method or an index of a value."""
        if isinstance(step, nodes.Property):
            return self._property(of, step.name)
        if isinstance(step, nodes.Index):
            return self._guarded(of, [step.argument], "index({of}, {arguments})")
        return self._method(of, step)

    def _method(self, of: str, step: nodes.Method) -> str:
        count = len(step.arguments)
        if count == 1 and step.name == "get":
            owner, key = self.module.temporary(), self.module.temporary()
            return (
                f"(None if ({owner} := {of}) is None else {owner}.get({key}) "
                f"if ({key} := {self.value(step.arguments[0])}).__class__ is str and {owner}.__class__ is dict "
                f"else rt.call({owner}, 'get', {key}))"
            )
        function = f"call{count}(rt, " if count < 2 else "rt.call("
        return self._guarded(of, step.arguments, f"{function}{{of}}, {step.name!r}{', ' * bool(count)}{{arguments}})")

    def _property(self, of: str, name: str) -> str:
        if name in ("class", "Class"):
            return f"prop({of}, {name!r})"
        temporary = self.module.temporary()
        return (
            f"({temporary}.get({name!r}) if ({temporary} := {of}).__class__ is dict else prop({temporary}, {name!r}))"
        )

    def _guarded(self, of: str, arguments: list[nodes.Node], form: str) -> str:
        """A call whose arguments are only evaluated when there is something to call."""
        passed = ", ".join(map(self.value, arguments))
        if all(isinstance(argument, _CONSTANTS) for argument in arguments):
            return form.format(of=of, arguments=passed)
        temporary = self.module.temporary()
        called = form.replace("{of}", temporary).replace("{arguments}", passed)
        return f"(None if ({temporary} := {of}) is None else {called})"
