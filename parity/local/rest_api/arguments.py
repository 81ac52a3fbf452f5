"""What becomes of each argument of the resources that a REST API is made from: nothing is ignored in silence.

Each argument of the provider's SDK has one of four states. `EMULATED` takes effect locally; `NO_EFFECT` takes part in
no request, neither locally nor on AWS; `IGNORED` would change an answer on AWS and does not change it locally;
`SURROUNDINGS` concerns what is around a request on AWS (certificates, networks, logs), which is not there locally.
The last two are reported at startup where a program gives them. A dotted name is an argument within an argument.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import ResourceIndex

MOST_NAMES = 3
"""How many resources a report names; the others are counted."""


class State(Enum):
    """What becomes of an argument; the value is how docs/compatibility.md calls it."""

    EMULATED = "emulated"
    NO_EFFECT = "no effect on requests"
    IGNORED = "reported: answers may differ"
    SURROUNDINGS = "reported"


@dataclass(frozen=True, slots=True)
class Argument:
    """What becomes of one argument.

    Attributes:
        state: its state.
        on_aws: what AWS does with it, for the states that are reported.
        harmless: values that change nothing, so that they are not reported.
        unless: another argument with which this one takes effect; empty for none.
    """

    state: State
    on_aws: str = ""
    harmless: tuple[Any, ...] = ()
    unless: str = ""


def emulated(names: str) -> dict[str, Argument]:
    """Arguments, separated by spaces, that take effect locally."""
    return dict.fromkeys(names.split(), Argument(State.EMULATED))


def no_effect(names: str) -> dict[str, Argument]:
    """Arguments, separated by spaces, that take part in no request."""
    return dict.fromkeys(names.split(), Argument(State.NO_EFFECT))


def ignored(on_aws: str, *harmless: Any) -> Argument:
    """An argument without which answers differ; see `Argument`."""
    return Argument(State.IGNORED, on_aws, harmless)


def ignored_unless(other: str, on_aws: str) -> Argument:
    """An argument that takes effect only if `other` is given too; see `Argument`."""
    return Argument(State.IGNORED, on_aws, unless=other)


def surroundings(on_aws: str, *harmless: Any) -> Argument:
    """An argument about what is around a request; see `Argument`."""
    return Argument(State.SURROUNDINGS, on_aws, harmless)


Table = Mapping[str, Mapping[str, Argument]]
"""Arguments by resource type, such as `aws:apigateway/stage:Stage`, then by name."""


def unemulated_arguments(resource_index: ResourceIndex, table: Table, earlier: Table) -> Iterator[str]:
    """What the program gives that is not emulated: a line for what changes answers, and one for all the rest.

    Args:
        resource_index: the program's resources.
        table: the arguments of the installed SDK.
        earlier: those that only earlier versions of the provider have.
    """
    table = {type_: {**arguments, **earlier.get(type_, {})} for type_, arguments in table.items()}
    surrounding: list[str] = []
    for type_, arguments in table.items():
        for argument, (names, resources) in _given(resource_index.of_type(type_), arguments).items():
            if argument.state is State.IGNORED:
                who = f"{class_name(type_)} {_listed(list(resources))}"
                yield f"{who}: {', '.join(names)} not emulated, and answers may differ: {argument.on_aws}"
            else:
                surrounding += [f"{class_name(type_)}.{name}" for name in names]
        known = {pulumi_name(name.partition(".")[0]) for name in arguments}
        for record in resource_index.of_type(type_):
            unknown = [name for name, value in record.inputs.items() if name not in known and value is not None]
            if unknown:
                yield f"{record.declared_by}: {', '.join(unknown)} ignored; Parity does not know such arguments"
    if surrounding:
        yield (
            f"not emulated, and no answer depends on it: {', '.join(surrounding)} "
            "(docs/compatibility.md says what AWS does with each)"
        )


def _given(
    records: list[ResourceRecord], arguments: Mapping[str, Argument]
) -> dict[Argument, tuple[list[str], dict[str, None]]]:
    """The arguments that are given and not emulated; for those of one kind, their names and their resources'."""
    given: dict[Argument, tuple[list[str], dict[str, None]]] = {}
    for name, argument in arguments.items() if records else ():
        if argument.state in (State.IGNORED, State.SURROUNDINGS):
            givers = [record.name for record in records if _gives(record.inputs, name, argument)]
            if givers:
                names, resources = given.setdefault(argument, ([], {}))
                names.append(name)
                resources.update(dict.fromkeys(givers))
    return given


def class_name(type_: str) -> str:
    """A resource type as Python programs name it: `aws.apigateway.Stage`."""
    package, module, name = type_.split(":")
    return f"{package}.{module.partition('/')[0]}.{name}"


def pulumi_name(name: str) -> str:
    """The name of an argument in Pulumi's wire format: `cacheClusterSize` for `cache_cluster_size`."""
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)


def _gives(inputs: Mapping[str, Any], name: str, argument: Argument) -> bool:
    """Whether a program gives an argument a value that would take effect on AWS alone."""
    if argument.unless and inputs.get(pulumi_name(argument.unless)):
        return False
    values: list[Any] = [inputs]
    for part in name.split("."):
        found = (value.get(pulumi_name(part)) for value in values if isinstance(value, Mapping))
        values = [item for value in found for item in (value if isinstance(value, list) else [value])]
    return any(value not in (None, "", False, 0, {}) and value not in argument.harmless for value in values)


def _listed(names: list[str]) -> str:
    shown = ", ".join(f'"{name}"' for name in names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return f"{shown} and {more} more" if more > 0 else shown
