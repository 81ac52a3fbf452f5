"""The documents and expressions that are put to Jayway JsonPath, and to Parity's own JSONPath."""

import json
import random
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
EXPRESSIONS = [*(HERE / "expressions.txt").read_text().splitlines(), "", "   "]
_TEXTS = json.loads((HERE / "texts.json").read_text())
STORE = json.dumps(_TEXTS["store"])
TEXTS: list[str] = _TEXTS["texts"]
ESCAPED: list[str] = _TEXTS["escaped"]

_SCALARS = [0, 1, 2, -3, 10, 1.5, 2.0, 1e10, "a", "b", "10", "x/y", "", True, False, None]
_KEYS = ["a", "b", "c", "d", "k k"]
_STEPS = ".a|.b|.c|['k k']|[0]|[1]|[-1]|[0,1]|[1:]|[:1]|[0:2]|[-2:]|.*|[*]|..a|..b|['a','b']"
_LAST_STEPS = "..[0]|..*|..[1:]|..[?(@.a)]|..[0].a|..[1].b|..[0][1]|..[0]..a|..[1:]..b|..*[0]"
_FUNCTIONS = "length|min|max|sum|avg|concat|keys|first|last|size"
_OPERANDS = "@.a|@.b|@|@.a.b|@[0]|$.a|@.c[0]|@.length()|1|2|'a'|true|null|10|'10'"
_EXISTING = "@.a|@.b|@.a.b|@[0]|@..a|@.*"
_OPERATORS = "==|!=|<|>|<=|>=|===| == | > |!=="


def _one_of(source: random.Random, choices: str) -> str:
    return source.choice(choices.split("|"))


def _value(source: random.Random, depth: int) -> Any:
    kind = source.random()
    if depth and kind < 0.35:
        return {key: _value(source, depth - 1) for key in source.sample(_KEYS, source.randint(0, 4))}
    if depth and kind < 0.65:
        return [_value(source, depth - 1) for _ in range(source.randint(0, 4))]
    return source.choice(_SCALARS)


def _filter(source: random.Random) -> str:
    def relation() -> str:
        if source.random() < 0.35:
            return source.choice(["", "!"]) + _one_of(source, _EXISTING)
        return _one_of(source, _OPERANDS) + _one_of(source, _OPERATORS) + _one_of(source, _OPERANDS)

    text = relation()
    while source.random() < 0.3:
        text += source.choice(["&&", "||", " && "]) + source.choice(["", "!"]) + "(" + relation() + ")"
    return f"[?({text})]"


def _expression(source: random.Random) -> str:
    text = "$"
    for _ in range(source.randint(1, 4)):
        text += _filter(source) if source.random() < 0.15 else _one_of(source, _STEPS)
    if source.random() < 0.1:
        text += _one_of(source, _LAST_STEPS)
    elif source.random() < 0.15:
        text += f".{_one_of(source, _FUNCTIONS)}()"
    return text


def random_cases(count: int, seed: int) -> list[tuple[str, str]]:
    """Documents and expressions that fit them more or less.

    Args:
        count: how many.
        seed: the same seed gives the same cases.
    """
    source = random.Random(seed)
    cases = [(json.dumps(_value(source, 4)), _expression(source)) for _ in range(count)]
    return [case for case in cases if case[0] != "null"]


def damaged_texts(count: int, seed: int) -> list[tuple[str, str]]:
    """JSON texts with some characters removed, added or repeated, each with the expression `$`."""
    source = random.Random(seed)
    cases = []
    for _ in range(count):
        text = json.dumps(_value(source, 3))
        for _ in range(source.randint(1, 3)):
            at = source.randint(0, len(text))
            text = text[:at] + source.choice(["", "", *" {}[]:,\"'\\x1-.e/"]) + text[at + source.randint(0, 2) :]
        cases.append((text, "$"))
    return cases


def chosen_cases() -> list[tuple[str, str]]:
    """Every expression on the store, and every text as a document of its own."""
    expressions = [(STORE, expression) for expression in EXPRESSIONS]
    return expressions + [(text, "$") for text in TEXTS]
