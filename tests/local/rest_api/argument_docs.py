"""The table of arguments in docs/compatibility.md: `python -m tests.local.rest_api.argument_docs` writes it anew."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from parity.local.rest_api.argument_table import ARGUMENTS
from parity.local.rest_api.arguments import Argument, State, class_name

PAGE = Path(__file__).parents[3] / "docs" / "compatibility.md"
HEADING = "## Arguments of `aws.apigateway` and `aws.apigatewayv2` resources"
_REPORTED = (State.IGNORED, State.SURROUNDINGS)


def section() -> str:
    """The section, up to the next heading."""
    lines = [
        HEADING,
        "",
        "Every argument of the SDK that a REST API can be made with; a test fails when the SDK has another.",
        "`parity serve` reports at startup those that a program gives and that are not emulated.",
        "",
        "| resource | argument | state | on AWS |",
        "|---|---|---|---|",
        *(row for type_, arguments in ARGUMENTS.items() for row in _rows(class_name(type_), arguments)),
        "",
    ]
    return "\n".join(lines)


def _rows(resource: str, arguments: Mapping[str, Argument]) -> Iterator[str]:
    """A row for the arguments of each state; each text about AWS has one of its own."""
    by_kind: dict[tuple[State, str], list[str]] = {}
    for name, argument in arguments.items():
        by_kind.setdefault((argument.state, argument.on_aws), []).append(f"`{name}`")
    order = list(State)
    for (state, on_aws), names in sorted(by_kind.items(), key=lambda item: order.index(item[0][0])):
        yield f"| {resource} | {', '.join(names)} | {state.value} | {on_aws if state in _REPORTED else ''} |"


def written(page: str) -> str:
    """The page with the section in place of the one that it has, or before `## Lambda` if it has none."""
    if HEADING in page:
        before, _, rest = page.partition(HEADING)
        _, found, after = rest.partition("\n## ")
        return before + section() + (f"{found}{after}" if found else "")
    before, found, after = page.partition("## Lambda\n")
    return before + section() + "\n" + found + after


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
