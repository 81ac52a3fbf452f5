"""Whatever the template and the context: text, or a Velocity error."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from parity.velocity import NullRule, Template, VelocityError, java_string
from tests.velocity.generator import edges, language
from tests.velocity.vocabulary import EDGE_TEXTS, METHODS, STRINGS, TEXTS, oddities

PIECES = st.sampled_from([*TEXTS, *EDGE_TEXTS, *STRINGS, *oddities(), *(f"$x.{method}" for method in METHODS)])
TEMPLATES = st.one_of(st.text(), st.lists(PIECES, max_size=6).map("".join))
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.complex_numbers())
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner), st.dictionaries(st.one_of(st.text(), st.integers()), inner), st.tuples(inner, inner)
    ),
    max_leaves=8,
)
CONTEXTS = st.dictionaries(st.sampled_from([*"xyslmide", "big", "rows"]), VALUES)


def outcome(template: str, context: dict[str, Any], rule: NullRule) -> str:
    try:
        return Template(template, null_rule=rule).render(context)
    except VelocityError as error:
        return str(error)


@settings(max_examples=400, deadline=1000)
@given(TEMPLATES, CONTEXTS, st.sampled_from(NullRule))
def test_any_input_ends_in_text_or_in_a_velocity_error(template: str, context: dict[str, Any], rule: NullRule) -> None:
    assert isinstance(outcome(template, context, rule), str)


@settings(max_examples=150, deadline=1000)
@given(st.integers(0, 10**9), st.booleans(), st.sampled_from(NullRule))
def test_random_templates_end_in_text_or_in_a_velocity_error(seed: int, edgy: bool, rule: NullRule) -> None:
    case = edges(seed) if edgy else language(seed)
    assert isinstance(outcome(case["template"], case["context"], rule), str)


@settings(max_examples=150, deadline=1000)
@given(VALUES)
def test_every_value_has_a_text(value: Any) -> None:
    assert isinstance(java_string(value), str)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="$#\\")))
def test_plain_text_renders_as_it_stands(text: str) -> None:
    assert Template(text).render({}) == text
