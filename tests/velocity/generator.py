"""Random templates over the whole language, and over its edges, each from a seed.

`language(seed)` makes templates that people could write; `edges(seed)` adds escapes, malformed input, numbers at their
bounds, comparisons across types, null, and macros in macros.
"""

import random
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from tests.velocity.vocabulary import (
    EDGE_PATTERNS,
    EDGE_REPLACEMENTS,
    EDGE_TEXTS,
    FORMATS,
    INDEXES,
    METHODS,
    PATTERNS,
    REPLACEMENTS,
    STATEMENTS,
    STEPS,
    STRINGS,
    TEXTS,
    oddities,
)

Json = dict[str, Any]
Choice = TypeVar("Choice")

_ESCAPED = "$s $u ${s} $!s $!u ${u} #set($x=1) #if($t) #end #foo #mac #{end} #else ##c #[[x]]# $ # $m.a $!{u}"
ESCAPED = _ESCAPED.split()
NAMES = [
    "m",
    "l",
    "s",
    "i",
    "d",
    "t",
    "f",
    "e",
    "n",
    "el",
    "em",
    "big",
    "neg",
    "deep",
    "u",
    "rows",
    "z",
    "huge",
    "x",
    "y",
]
FRESH = ["x", "y", "v", "w", "acc", "k"]
LOOP_STATE = [
    *("foreach.index", "foreach.count", "foreach.hasNext", "velocityCount", "foreach.first", "foreach.last"),
    *("foreach", "foreach.parent.index", "foreach.topmost.count", "foreach.size()"),
]
INTEGERS = ["0", "1", "2", "3", "7", "10", "-1", "-5", "100"]
INTEGER_BOUNDS = [
    "2147483647",
    "2147483648",
    "-2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "007",
    "-0",
    "46341",
    "999999999999999999",
]
FLOATS = ["1.5", "0.1", "2.0", "-2.5", "3.14", "10.0", "0.5"]
FLOAT_BOUNDS = [
    "1e3",
    "1.0E10",
    "1e-4",
    "1e400",
    ".5",
    "5.",
    "1e7",
    "123456789.125",
    "1e21",
    "0.0",
    "-0.0",
    "4.9e-324",
    "-.5e2",
    "2e23",
    "9007199254740993.0",
    "0.001",
]
TARGETS = ["$m.a", "$m.new", "$m['q']", "$l[0]", "$em.x", "$l[1]", "$m.nest.x[0]", "$x.a", "$y[0]", "$rows[0].id"]
EDGE_TARGETS = [
    "$l[-1]",
    "$u.a",
    "$s.a",
    "$l[9]",
    "$m.n.x",
    "$!m.a",
    "$m[$i]",
    "$d[0]",
    "$m.nest.x[2].y",
    "${m.q}",
    "$m.get('nest').w",
]
SOURCES = [
    "$l",
    "$m",
    "$rows",
    "$el",
    "$m.keySet()",
    "$m.entrySet()",
    "$m.values()",
    "[1..3]",
    "$s",
    "$u",
    "$n",
    "$em",
    "$l.subList(0,1)",
    "$s.split(',')",
    "{'a':1,'b':2}",
    "$deep.a.b.c",
    "$rows[2].tags",
    "$m.nest.x",
]


def context(random_: random.Random) -> Json:
    """The variables of a template: strings, numbers of each type, booleans, null, lists and maps."""
    word = random_.choice(STRINGS)
    return {
        "s": random_.choice(["Hello", "a,b,c", word, "Mixed Case-Text_9", "ünï"]),
        "e": "",
        "i": random_.choice([0, 1, 7, -3, 42, 2147483647, -2147483648]),
        "d": random_.choice([2.5, 0.0, -1.25, 1e21, 1e-5, 100.0, 0.1, 3.0]),
        "big": random_.choice([3000000000, 2147483648, 9223372036854775807, -9223372036854775808, 12345678901]),
        "huge": random_.choice([9223372036854775808, 123456789012345678901234567890, -99999999999999999999]),
        "neg": -1,
        "small": random_.choice([0, 2, -2]),
        "t": True,
        "f": False,
        "n": None,
        "l": random_.choice([["p", "q", "r"], [1, 2, 3], ["a", None, True, 1.5], [[1, 2], [3]], [word]]),
        "el": [],
        "em": {},
        "m": {"a": 1, "b": "two", "n": None, "nest": {"x": [1, 2, {"y": word}]}, "key": word, "c-d": 2.0, "size": "sz"},
        "deep": {"a": {"b": {"c": [{"d": "leaf"}, None, [1]]}}},
        "rows": [{"id": 1, "name": "one"}, {"id": 2, "name": None}, {"id": 3, "name": "three", "tags": ["t1", "t2"]}],
    }


class Generator:
    """Writes one template.

    Args:
        seed: what it is made from.
        edgy: whether it may be malformed or strange.
    """

    def __init__(self, seed: int, *, edgy: bool = False) -> None:
        self.random = random.Random(seed * 2 + edgy)
        self.edgy = edgy
        self.variables = list(NAMES)
        self.macros: list[tuple[str, int]] = []
        self.depth = 0

    def pick(self, options: Sequence[Choice]) -> Choice:
        return self.random.choice(options)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def template(self) -> str:
        """A whole template."""
        text = "".join(self.statement() for _ in range(self.random.randint(1, 6)))
        if self.edgy and self.chance(0.25):
            text = self.damaged(text)
        return text

    def damaged(self, text: str) -> str:
        """A text with a piece lost, doubled, or put in."""
        if not text:
            return text
        at = self.random.randrange(len(text))
        how = self.random.random()
        if how < 0.4:
            return text[:at] + text[at + self.random.randint(1, 4) :]
        if how < 0.8:
            return text[:at] + self.pick(EDGE_TEXTS) + text[at:]
        return text[:at]

    # statements

    def statement(self) -> str:
        self.depth += 1
        makers: list[tuple[int, Callable[[], str]]] = [
            (8, self.text),
            (8, self.shown_reference),
            (5, self.set_directive),
        ]
        if self.depth < 5:
            makers += [(3, self.if_directive), (3, self.foreach), (1, self.define), (1, self.macro), (1, self.evaluate)]
        makers += [(1, self.comment), (1, self.textblock), (1, self.literal), (2, self.macro_call), (1, self.stop)]
        makers += [(1, self.changing)]
        if self.edgy:
            makers += [(6, self.edge), (3, self.escaped), (2, self.odd_directive)]
        made = self.random.choices([maker for _, maker in makers], [weight for weight, _ in makers])[0]()
        self.depth -= 1
        return made

    def block(self) -> str:
        return "".join(self.statement() for _ in range(self.random.randint(0, 3)))

    def text(self) -> str:
        return str(self.pick(TEXTS))

    def edge(self) -> str:
        return str(self.pick(EDGE_TEXTS))

    def space(self) -> str:
        return str(self.pick(["", "", "", " ", "  ", "\t", "\n"] if self.chance(0.3) else [""]))

    def ending(self) -> str:
        return str(self.pick(["", "", "\n", " ", " \n", "\t\n"]))

    def set_directive(self) -> str:
        value = self.expression(2)
        if self.chance(0.75):
            name = self.pick(FRESH)
            target = f"${name}" if self.chance(0.9) else f"${{{name}}}"
            self.variables.append(name)
        else:
            target = self.pick(TARGETS + EDGE_TARGETS if self.edgy else TARGETS)
        return f"#set({self.space()}{target} = {value}{self.space()}){self.ending()}"

    def if_directive(self) -> str:
        word = self.pick(["#if", "#if", "#if", "#{if}"])
        parts = [f"{word}{self.space()}({self.expression(2)}){self.ending()}", self.block()]
        while self.chance(0.3):
            parts.append(f"#elseif({self.expression(1)}){self.ending()}{self.block()}")
        if self.chance(0.5):
            parts.append(f"{self.pick(['#else ', '#{else}', '#else' + chr(10)])}{self.block()}")
        return "".join([*parts, self.end()])

    def end(self) -> str:
        return str(self.pick(["#end", "#end", "#{end}", "#end\n", "#end  \n", "#end "]))

    def foreach(self) -> str:
        name = self.pick(FRESH)
        self.variables += [name, *LOOP_STATE]
        source = self.pick([*SOURCES, self.list_literal(), self.range_literal(), self.reference()])
        ends = ["", f"${name}", f"${name} ", "#if($foreach.hasNext),#end", "$foreach.index", "$velocityCount"]
        ends += [f"${name}.key=${name}.value;", f"${{{name}}}$foreach.count", "#if($foreach.last)!#end"]
        ends += [
            "$foreach.parent.index",
            "#break",
            "#if($foreach.first)^#end",
            f"#set(${name} = 1)",
            f"#if(${name})y#end",
        ]
        body = self.block() + self.pick(ends)
        return f"#foreach({self.space()}${name} in {source}{self.space()}){self.ending()}{body}{self.end()}"

    def define(self) -> str:
        name = self.pick(["blk", "d1", "x"])
        self.variables.append(name)
        return "#define($" + name + f"){self.block()}{self.end()}${name}"

    def macro(self) -> str:
        name = self.pick(["mac", "two", "wrap", "m1", "m2"])
        count = self.random.randint(0, 3)
        parameters = [f"$p{number}" for number in range(count)]
        separator = self.pick([" ", ", ", ","])
        before = list(self.variables)
        self.variables += [parameter[1:] for parameter in parameters] * 3
        ends = ["", "$!bodyContent", "$p0", "[$p0|$!p1]", "$bodyContent", "#set($p0 = 5)$p0", "$!{bodyContent}${p1}"]
        body = self.block() + self.pick(ends)
        if self.chance(0.1):
            body += f"#{name}({' '.join(parameters)})"
        self.variables = before
        self.macros.append((name, count))
        opening = f"#macro({name}{''.join(separator + parameter for parameter in parameters)})"
        called = self.macro_call() if self.chance(0.7) else ""
        return f"{opening}{self.ending()}{body}{self.end()}{called}"

    def macro_call(self) -> str:
        if not self.macros and not self.edgy:
            return self.text()
        name, count = self.pick(self.macros or [("nomacro", 1)])
        if self.chance(0.15):
            count = self.random.randint(0, 4)
        separator = self.pick([" ", ", ", ","])
        arguments = separator.join(self.argument() for _ in range(count))
        if self.chance(0.2):
            return f"#@{name}({arguments}){self.block()}{self.end()}"
        return f"#{name}({arguments}){self.ending()}" if self.chance(0.9) else f"#{{{name}}}({arguments})"

    def argument(self) -> str:
        makers = [self.reference, self.reference, self.string, self.integer, self.floating, self.boolean]
        return str(self.pick([*makers, self.list_literal, self.map_literal])())

    def evaluate(self) -> str:
        texts = ["$s", "$x", "a$!{i}b", "#set($x = 3)$x", "#if($t)yes#end", "#foreach($q in $l)$q#end"]
        inner = self.pick([*texts, "#stop z", "#break z", "#mac($s)", "$p0"])
        forms = [f"#evaluate('{inner}')", f'#evaluate("{inner}")', "#evaluate($s)"]
        return str(self.pick([*forms, f"#set($y = '{inner}')#evaluate($y)"]))

    def comment(self) -> str:
        comments = ["## comment\n", "#* block *#", "#** doc *#", "#* $x #if *#", "##\n", "## $x #end\n"]
        return str(self.pick([*comments, "#* a\nb *#\n"]))

    def textblock(self) -> str:
        return str(self.pick(["#[[ $raw #set ]]#", "#[[#if($x)]]#", "#[[a\nb]]#", "#[[$]]#", "#[[\\]]#"]))

    def literal(self) -> str:
        return f"#literal(){self.pick(['$s', '#if($x)y#end', ' text ', '$m.get(1) '])}#end"

    def stop(self) -> str:
        if self.chance(0.7):
            return self.text()
        return str(self.pick(["", "", "", "", "#break", "#stop", "#{break}", "#break($foreach)", "#stop('why')"]))

    def changing(self) -> str:
        """A piece in which a collection changes while something goes through it, or numbers are Floats."""
        return str(self.pick(STATEMENTS))

    # references

    def shown_reference(self) -> str:
        return self.notated(self.bare_reference()) + self.pick(["", " ", "-", ".", "x ", "|", "\n", ",", ": "])

    def notated(self, bare: str) -> str:
        return str(self.pick([f"${bare}", f"${bare}", f"${{{bare}}}", f"$!{bare}", f"$!{{{bare}}}"]))

    def reference(self) -> str:
        return self.notated(self.bare_reference()) if self.chance(0.2) else f"${self.bare_reference()}"

    def bare_reference(self) -> str:
        name = self.pick(self.variables)
        steps = "".join(self.step() for _ in range(self.pick([0, 0, 1, 1, 2, 3])))
        return f"{name}{steps}"

    def step(self) -> str:
        how = self.random.random()
        if how < 0.35:
            return f".{self.pick(STEPS)}"
        return f"[{self.pick(INDEXES)}]" if how < 0.5 else f".{self.method()}"

    def method(self) -> str:
        if self.chance(0.12):
            return self.regular()
        makers: dict[str, Callable[[], str]] = {
            "I": lambda: str(self.random.randint(-1, 4) if self.edgy else self.random.randint(0, 2)),
            "S": self.string,
            "R": self.reference,
            "A": self.argument,
            "L": self.list_literal,
            "M": self.map_literal,
            "N": self.integer,
            "F": lambda: f"'{self.pick(FORMATS)}'",
        }
        name, opening, arguments = self.pick(METHODS).partition("(")
        given, closing, rest = arguments.partition(")")
        made = ", ".join(makers[kind]() if kind in makers else kind for kind in given.split(", "))
        return f"{name}{opening}{made}{closing}{rest}"

    def regular(self) -> str:
        pattern = self.pick(PATTERNS + EDGE_PATTERNS if self.edgy else PATTERNS)
        new = self.pick(REPLACEMENTS + EDGE_REPLACEMENTS if self.edgy else REPLACEMENTS)
        forms = [f"replaceAll('{pattern}', '{new}')", f"replaceFirst('{pattern}', '{new}')", f"matches('{pattern}')"]
        splits = [f"split('{pattern}'){rest}" for rest in (".size()", "[0]", ".get(1)")]
        return str(self.pick([*forms, *splits, f"split('{pattern}', 2).get(0)", f"split('{pattern}', -1).size()"]))

    # expressions

    def expression(self, depth: int) -> str:
        if depth <= 0 or self.chance(0.35):
            return self.operand()
        how = self.random.random()
        if how < 0.12:
            return f"({self.expression(depth - 1)})"
        if how < 0.22:
            return f"{self.pick(['!', 'not ', '! '])}{self.expression(depth - 1)}"
        operator = self.pick(
            [
                "+",
                "-",
                "*",
                "/",
                "%",
                "==",
                "!=",
                "<",
                "<=",
                ">",
                ">=",
                "&&",
                "||",
                "eq",
                "ne",
                "lt",
                "le",
                "gt",
                "ge",
                "and",
                "or",
                "+",
                "==",
                "+",
            ]
        )
        gap = "" if not operator.isalpha() and operator != "-" and self.chance(0.2) else " "
        return f"{self.expression(depth - 1)}{gap}{operator}{gap}{self.expression(depth - 1)}"

    def operand(self) -> str:
        makers = [self.reference, self.reference, self.reference, self.string, self.integer, self.floating]
        makers += [self.boolean, self.list_literal, self.map_literal, self.range_literal, self.integer]
        return str(self.pick(makers)())

    def string(self) -> str:
        if self.chance(0.5):
            return "'" + str(self.pick(STRINGS)).replace("'", "''") + "'"
        pieces = [
            self.pick([*STRINGS[:8], self.notated(self.pick(self.variables)), f"${{{self.pick(NAMES)}}}"])
            for _ in range(self.random.randint(0, 3))
        ]
        if self.chance(0.1):
            inner = ["#if($t)in#end", "#set($w=1)", "## c", "#[[r]]#", "#foreach($q in $l)$q#end", "\\u0041", "\\$s"]
            pieces.append(self.pick([*inner, '"', "$m.get('a')", "$l[0]", "${m.a}", "$!u.x"]))
        if self.edgy and self.chance(0.2):
            pieces.append(self.pick(EDGE_TEXTS))
        return '"' + "".join(pieces).replace('"', '""') + '"'

    def integer(self) -> str:
        return str(self.pick(INTEGERS + INTEGER_BOUNDS if self.edgy or self.chance(0.2) else INTEGERS))

    def floating(self) -> str:
        return str(self.pick(FLOATS + FLOAT_BOUNDS if self.edgy or self.chance(0.2) else FLOATS))

    def boolean(self) -> str:
        return str(self.pick(["true", "false"]))

    def list_literal(self) -> str:
        return "[" + ", ".join(self.simple() for _ in range(self.random.randint(0, 3))) + "]"

    def map_literal(self) -> str:
        keys = [
            self.pick(["'k'", '"a"', "1", "true", "$s", "'b'", "$i", "1.5"]) for _ in range(self.random.randint(0, 3))
        ]
        return "{" + ", ".join(f"{key}: {self.simple()}" for key in keys) + "}"

    def range_literal(self) -> str:
        bounds = ["0", "1", "3", "-2", "5", "$neg"]
        if self.edgy and self.chance(0.3):
            bounds += ["$small", "$s", "$u", "${neg}"]
        space = self.space()
        return f"[{space}{self.pick(bounds)}{space}..{space}{self.pick(bounds)}]"

    def simple(self) -> str:
        return str(self.pick([self.reference, self.string, self.integer, self.boolean, self.floating])())

    # edges

    def escaped(self) -> str:
        return "\\" * self.random.randint(1, 5) + str(self.pick(ESCAPED))

    def odd_directive(self) -> str:
        return str(self.pick(oddities()))


def language(seed: int) -> Json:
    """A template that could be somebody's, with its context."""
    generator = Generator(seed)
    return {"template": generator.template(), "context": context(generator.random)}


def edges(seed: int) -> Json:
    """A template from the language's edges, with its context."""
    generator = Generator(seed, edgy=True)
    return {"template": generator.template(), "context": context(generator.random)}
