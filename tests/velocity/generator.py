"""Random templates over the whole language, and over its edges, each from a seed.

`language(seed)` makes templates that people could write; `edges(seed)` adds escapes, malformed input, numbers at their
bounds, comparisons across types, null, and macros in macros.
"""

import random
from collections.abc import Callable, Sequence
from typing import Any

Json = dict[str, Any]

TEXTS = [
    "a", " b ", "text", "\n", "  ", "\t", "{", "}", '"k": ', ", ", ".", "x.y", "(", ")", "[", "]", "-", "_", "!", "é", "\r\n",
    "line\n  next", "'", '"', "=", ":", "50%", "a@b.c", "<b>", "&", ";", "|", "\n\n", " \n ", "0", "1.5", "not", "end",
]  # fmt: skip
EDGE_TEXTS = [
    "\\", "\\\\", "$", "#", "$$", "##", "$.", "$[", "$!", "#[", "$1", "#1", "$-", "$!{", "${", "#{", "]]#", "*#", "#*", "\\$",
    "\\#", "$_", "#_", "\\!", "$\\!", "#@", "# ", "$ ", "😀", "\\n", "\\\\\\", "#$", "$#", "}}", "{{", "\x00", "\u2028", "##\n",
    "#**#", "#***#", "#[[]]#", "#1..2", "$5.00", "#-", "#end#", "#else", "@", "\\\\#", "\\\\$", "$..", "-$", "\ufeff",
]  # fmt: skip
STRINGS = [
    "",
    "a",
    "Hello",
    "b,c,,d,",
    "  pad ",
    "x1y2",
    "true",
    "7",
    "2.5",
    "ÀÉß",
    "null",
    "a.b.c",
    "l",
    "$1",
    "q'q",
    "k",
]
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

    def pick(self, options: Sequence[Any]) -> Any:
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
            target = self.pick(
                ["$m.a", "$m.new", "$m['q']", "$l[0]", "$em.x", "$l[1]", "$m.nest.x[0]", "$x.a", "$y[0]", "$rows[0].id"]
                + (
                    ["$l[-1]", "$u.a", "$s.a", "$l[9]", "$m.n.x", "$!m.a", "$m[$i]", "$d[0]", "$m.nest.x[2].y"]
                    if self.edgy
                    else []
                )
            )
        return f"#set({self.space()}{target} = {value}{self.space()}){self.ending()}"

    def if_directive(self) -> str:
        parts = [
            f"{self.pick(['#if', '#if', '#if', '#{if}'])}{self.space()}({self.expression(2)}){self.ending()}",
            self.block(),
        ]
        while self.chance(0.3):
            parts.append(f"#elseif({self.expression(1)}){self.ending()}{self.block()}")
        if self.chance(0.5):
            parts.append(f"{self.pick(['#else ', '#{else}', '#else' + chr(10)])}{self.block()}")
        return "".join([*parts, self.end()])

    def end(self) -> str:
        return str(self.pick(["#end", "#end", "#{end}", "#end\n", "#end  \n", "#end "]))

    def foreach(self) -> str:
        name = self.pick(FRESH)
        self.variables += [
            name,
            "foreach.index",
            "foreach.count",
            "foreach.hasNext",
            "velocityCount",
            "foreach.first",
            "foreach.last",
        ]
        source = self.pick(
            [
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
            ]
            + [
                self.list_literal(),
                self.range_literal(),
                self.reference(),
                "$l.subList(0,1)",
                "$s.split(',')",
                "{'a':1,'b':2}",
            ]
        )
        body = self.block() + self.pick(
            [
                "",
                f"${name}",
                f"${name} ",
                "#if($foreach.hasNext),#end",
                "$foreach.index",
                "$velocityCount",
                f"${name}.key=${name}.value;",
            ]
            + [
                f"${{{name}}}$foreach.count",
                "#if($foreach.last)!#end",
                "$foreach.parent.index",
                "#break",
                "#if($foreach.first)^#end",
            ]
        )
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
        body = self.block() + self.pick(["", "$!bodyContent", "$p0", "[$p0|$!p1]", "$bodyContent", "#set($p0 = 5)$p0"])
        if self.chance(0.1):
            body += f"#{name}({' '.join(parameters)})"
        self.variables = before
        self.macros.append((name, count))
        declared = f"#macro({name}{''.join(separator + parameter for parameter in parameters)}){self.ending()}{body}{self.end()}"
        return declared + (self.macro_call() if self.chance(0.7) else "")

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
        return str(
            self.pick(
                [
                    self.reference,
                    self.reference,
                    self.string,
                    self.integer,
                    self.floating,
                    self.boolean,
                    self.list_literal,
                    self.map_literal,
                ]
            )()
        )

    def evaluate(self) -> str:
        inner = self.pick(
            [
                "$s",
                "$x",
                "a$!{i}b",
                "#set($x = 3)$x",
                "#if($t)yes#end",
                "#foreach($q in $l)$q#end",
                "#stop z",
                "#break z",
            ]
        )
        return str(
            self.pick(
                [
                    f"#evaluate('{inner}')",
                    f'#evaluate("{inner}")',
                    "#evaluate($s)",
                    f"#set($y = '{inner}')#evaluate($y)",
                ]
            )
        )

    def comment(self) -> str:
        return str(
            self.pick(
                ["## comment\n", "#* block *#", "#** doc *#", "#* $x #if *#", "##\n", "## $x #end\n", "#* a\nb *#\n"]
            )
        )

    def textblock(self) -> str:
        return str(self.pick(["#[[ $raw #set ]]#", "#[[#if($x)]]#", "#[[a\nb]]#", "#[[$]]#", "#[[\\]]#"]))

    def literal(self) -> str:
        return f"#literal(){self.pick(['$s', '#if($x)y#end', ' text ', '$m.get(1) '])}#end"

    def stop(self) -> str:
        return (
            str(self.pick(["", "", "", "", "#break", "#stop", "#{break}", "#break($foreach)", "#stop('why')"]))
            if self.chance(0.3)
            else self.text()
        )

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
            return "." + self.pick(
                [
                    "a",
                    "b",
                    "nest",
                    "x",
                    "key",
                    "value",
                    "size",
                    "empty",
                    "n",
                    "id",
                    "name",
                    "y",
                    "c-d",
                    "class.name",
                    "bytes",
                    "Foo",
                ]
            )
        if how < 0.5:
            return "[" + self.pick(["0", "1", "'a'", '"b"', "$i", "2", "'nest'", "$s", "-1", "5", "true", "$neg"]) + "]"
        return "." + self.method()

    def method(self) -> str:
        string, number = self.string, self.integer
        small = lambda: str(self.random.randint(-1, 4) if self.edgy else self.random.randint(0, 2))  # noqa: E731
        options: list[Callable[[], str]] = [
            lambda: "size()", lambda: "length()", lambda: "toString()", lambda: "isEmpty()", lambda: "trim()",
            lambda: "toUpperCase()", lambda: "toLowerCase()", lambda: "hashCode()", lambda: "keySet()", lambda: "values()",
            lambda: "entrySet()", lambda: f"get({small()})", lambda: f"get({string()})", lambda: f"get({self.reference()})",
            lambda: f"put({string()}, {self.argument()})", lambda: f"containsKey({self.argument()})", lambda: f"contains({self.argument()})",
            lambda: f"add({self.argument()})", lambda: f"remove({small()})", lambda: f"remove({string()})", lambda: f"indexOf({self.argument()})",
            lambda: f"lastIndexOf({self.argument()})", lambda: f"subList({small()}, {small()})", lambda: f"equals({self.argument()})",
            lambda: f"substring({small()})", lambda: f"substring({small()}, {small()})", lambda: f"charAt({small()})",
            lambda: f"replace({string()}, {string()})", lambda: self.regular(), lambda: f"concat({string()})",
            lambda: f"startsWith({string()})", lambda: f"endsWith({string()})", lambda: f"equalsIgnoreCase({string()})",
            lambda: f"compareTo({self.argument()})", lambda: f"getOrDefault({string()}, {self.argument()})", lambda: "intValue()",
            lambda: "doubleValue()", lambda: "longValue()", lambda: f"set({small()}, {self.argument()})", lambda: "clear()",
            lambda: f"addAll({self.list_literal()})", lambda: f"containsAll({self.list_literal()})", lambda: f"containsValue({self.argument()})",
            lambda: f"putAll({self.map_literal()})", lambda: f"repeat({small()})", lambda: "strip()", lambda: "isBlank()",
            lambda: "getKey()", lambda: "getValue()", lambda: "foo()", lambda: f"get({number()})", lambda: "getClass().getName()",
            lambda: f"removeAll({self.list_literal()})", lambda: f"retainAll({self.list_literal()})", lambda: f"add({small()}, {string()})",
            lambda: f"compareToIgnoreCase({string()})", lambda: f"putIfAbsent({string()}, {self.argument()})", lambda: "getClass().getSimpleName()",
        ]  # fmt: skip
        return str(self.pick(options)())

    def regular(self) -> str:
        pattern = self.pick(
            [
                "'l'",
                "'[a-z]'",
                "'\\d+'",
                "'\\s*,\\s*'",
                "'(.)(.)'",
                "'a|b'",
                "''",
                "'.'",
                "'^H'",
                "'\\w+?'",
                "'[^,]*+'",
                "'\\Q.\\E'",
                "'(?i)h'",
            ]
            + (
                ["'['", "'(?<n>l)'", "'*'", "'\\p{Lu}'", "'\\b'", "'x*'", "'(a'", "'[a-c&&b]'", "'\\'"]
                if self.edgy
                else []
            )
        )
        new = self.pick(
            ["'-'", "'$1'", "''", "'[$0]'", "'x'", "'$2$1'", "'\\$'", "'\\\\'", "'\\n'"]
            + (["'$'", "'$9'", "'${n}'", "'\\'"] if self.edgy else [])
        )
        return str(
            self.pick(
                [
                    f"replaceAll({pattern}, {new})",
                    f"replaceFirst({pattern}, {new})",
                    f"split({pattern}).size()",
                    f"matches({pattern})",
                ]
                + [f"split({pattern})[0]", f"split({pattern}, 2).get(0)", f"split({pattern}, -1).size()"]
            )
        )

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
            ["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||"]
            + ["eq", "ne", "lt", "le", "gt", "ge", "and", "or", "+", "==", "+"]
        )
        tight = operator in "+*/%==<=>=&&||" and self.chance(0.2)
        gap = "" if tight else " "
        return f"{self.expression(depth - 1)}{gap}{operator}{gap}{self.expression(depth - 1)}"

    def operand(self) -> str:
        maker = self.pick(
            [self.reference, self.reference, self.reference, self.string, self.integer, self.floating, self.boolean]
            + [self.list_literal, self.map_literal, self.range_literal, self.integer]
        )
        return str(maker())

    def string(self) -> str:
        if self.chance(0.5):
            return "'" + str(self.pick(STRINGS)).replace("'", "''") + "'"
        pieces = [
            self.pick([*STRINGS[:8], self.notated(self.pick(self.variables)), f"${{{self.pick(NAMES)}}}"])
            for _ in range(self.random.randint(0, 3))
        ]
        if self.chance(0.1):
            pieces.append(
                self.pick(
                    [
                        "#if($t)in#end",
                        '""',
                        "#set($w=1)",
                        "## c",
                        "#[[r]]#",
                        "#foreach($q in $l)$q#end",
                        "\\u0041",
                        "\\$s",
                    ]
                )
            )
        if self.edgy and self.chance(0.2):
            pieces.append(self.pick(EDGE_TEXTS))
        return '"' + "".join(str(piece).replace('"', '""') if piece != '""' else '""' for piece in pieces) + '"'

    def integer(self) -> str:
        usual = ["0", "1", "2", "3", "7", "10", "-1", "-5", "100"]
        bounds = [
            "2147483647",
            "2147483648",
            "-2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "007",
            "-0",
            "46341",
        ]
        return str(self.pick(usual + bounds if self.edgy or self.chance(0.2) else usual))

    def floating(self) -> str:
        usual = ["1.5", "0.1", "2.0", "-2.5", "3.14", "10.0", "0.5"]
        bounds = [
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
        ]
        return str(self.pick(usual + bounds if self.edgy or self.chance(0.2) else usual))

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
        bound = lambda: self.pick(
            ["0", "1", "3", "-2", "5", "$neg"]
            + (["$small", "$s", "$d", "$u"] if self.edgy and self.chance(0.3) else [])
        )
        space = self.space()
        return f"[{space}{bound()}{space}..{space}{bound()}]"

    def simple(self) -> str:
        return str(self.pick([self.reference, self.string, self.integer, self.boolean, self.floating])())

    # edges

    def escaped(self) -> str:
        slashes = "\\" * self.random.randint(1, 5)
        return slashes + str(
            self.pick(
                [
                    "$s",
                    "$u",
                    "${s}",
                    "$!s",
                    "$!u",
                    "${u}",
                    "#set($x=1)",
                    "#if($t)",
                    "#end",
                    "#foo",
                    "#mac",
                    "#{end}",
                    "#else",
                    "##c\n",
                    "#[[x]]#",
                    "$",
                    "#",
                ]
            )
        )

    def odd_directive(self) -> str:
        return str(
            self.pick(
                [
                    "#foreach($x in $l)",
                    "#end",
                    "#else",
                    "#if",
                    "#if()",
                    "#if $x",
                    "#set",
                    "#set()",
                    "#set($x)",
                    "#set($x=)",
                    "#set($x 1)",
                    "#macro",
                    "#macro()",
                    "#macro(q",
                    "#foreach()x#end",
                    "#foreach($x)y#end",
                    "#foreach($x in)y#end",
                    "#foreach $x in $l",
                    "#define()x#end",
                    "#define($q $r)x#end",
                    "#define('w')x#end",
                    "#literal()#end",
                    "#literal",
                    "#evaluate()",
                    "#evaluate(1)",
                    "#evaluate($u)",
                    "#evaluate('#if(')",
                    "#break($x)",
                    "#break(1)",
                    "#stop(1 2)",
                    "#foo",
                    "#foo()",
                    "#foo(bar)",
                    "#foo($s 'x')",
                    "#foo(\n$s)\n",
                    "#@foo",
                    "#@foo()b#end",
                    "#@foo($s)#end",
                    "#include('x')",
                    "#parse('y')",
                    "#parse($u)",
                    "#include($u)",
                    "#elseif(true)",
                    "#IF($t)x#end",
                    "#set ($x = 1)$x",
                    "#set  ($x=2)$x",
                    "#{set}($x = 1)$x",
                    "#set($x.y.z = 1)",
                    "#set('a' = 1)",
                    "#set($x = [1,])",
                    "#set($x = {'a'})",
                    "#set($x = {'a':})",
                    "#set($x = [1..])",
                    "#set($x = [..2])",
                    "#set($x = 1 2)",
                    "#set($x = 1 + )",
                    "#set($x = 'a)",
                    '#set($x = "a)',
                    "#set($x = $)",
                    "#set($x = -$i)",
                    "#set($x = 1-1)",
                    "#set($x = $i-1)",
                    "#set($x = $i -1)",
                    "#set($x = ! $t)$x",
                    "#set($x = !!$t)$x",
                    '#set($x = "$")$x',
                    '#set($x = "#")$x',
                    '#set($x = "a""b")$x',
                    "#set($x = 'a''b')$x",
                    '#set($x = "\\"")$x',
                    "$s.",
                    "$s.(",
                    "$s.1",
                    "$s..x",
                    "$m.get(",
                    "$m.get('a'",
                    "$m.get($s",
                    "$m.get( 'a' )",
                    "$m.get('a' )",
                    "$m .a",
                    "$m. a",
                    "$m.a.",
                    "$m['a",
                    "$m[ 'a' ]",
                    "$m[]",
                    "$m[1.5]",
                    "$l[1][0]",
                    "$l.get(0).x",
                    "${m.a",
                    "${m.a}.b",
                    "${m.get('a')}",
                    "${ s }",
                    "${s",
                    "$!!s",
                    "$!$s",
                    "$$!s",
                    "$s$i",
                    "${s}${i}",
                    "$s#if($t)y#end",
                    "$s##c\nz",
                    "$s#* c *#z",
                    "$s\\$i",
                    "$m.a#set($x=1)",
                    "$m.a #set($x=1)y",
                    "$s #set($x=1)$x",
                    "$s\n#set($x=1)\n$x",
                    "#set($x=1) \n$x",
                    "#if(true) \nx#end \ny",
                    "#if(true)\n\nx\n\n#end\n\ny",
                    "#foreach($x in [1..2])\n$x\n#end\n",
                    "$foo.bar(1,2)",
                    "$s.true",
                    "$true",
                    "$m.true",
                    "$false.x",
                    "$s-$i",
                    "$s_x",
                    "$s.length()-1",
                    "#set($x = $s.length() - 1)$x",
                    "$i.5",
                    "$m.get([1..2])",
                    "$m.get({})",
                    "$l.contains([1,2])",
                    '$s.concat("$i")',
                    '$s.concat( "a" , )',
                    "$s.foo(1+1)",
                    "$s.foo(!$t)",
                    "#set($x = $l.get(0 ))$x",
                    "#set($x = ($i))$x",
                    "#set($x = (1 + 2) * 3)$x",
                    "#set($x = 1 + 2 * 3 - 4 / 2 % 3)$x",
                    "#set($x = ($i + $d) + 's')$x",
                    "#if(($t && $f) || !$f)y#end",
                    "#if($t&&$f)n#end",
                    "#if($i==$i.toString())y#end",
                    "#if($big == $huge)y#end",
                    "#if($d < $huge)y#end",
                    "#if('a' == $s.charAt(0))y#end",
                    "#if($n)n#end",
                    "#set($x = $huge + $d)$x",
                    "#set($x = $huge * $huge)$x",
                    "#set($x = $big * $big)$x",
                    "#set($x = $huge % 7)$x",
                    "#set($x = $huge / $d)$x",
                    "#set($x = $i * $i)$x",
                    "#set($x = $d / 0)$x",
                    "#set($x = $d % 0.3)$x",
                    "#set($x = $big - 1)$x",
                    "#set($x = $huge - $big)$x",
                    "#set($x = 0.1 * 3)$x",
                ]  # fmt: skip
            )
        )


def language(seed: int) -> Json:
    """A template that could be somebody's, with its context."""
    generator = Generator(seed)
    return {"template": generator.template(), "context": context(generator.random)}


def edges(seed: int) -> Json:
    """A template from the language's edges, with its context."""
    generator = Generator(seed, edgy=True)
    return {"template": generator.template(), "context": context(generator.random)}
