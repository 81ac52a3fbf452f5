"""Renders one mapping template, as API Gateway would with the given body, parameters and context.

The output goes to standard output. When it begins like JSON and is none, or with --json, the place where it breaks is
told on standard error, with the likely cause, and the exit status is 1.

  parity render template.vtl --body '{"a": 1}' --params querystring.q=1 header.Accept=text/plain
  parity render template.vtl --body @request.json --context context.json --stage-variable color=blue
  parity render template.vtl --python
"""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parity.cli.arguments.pair import headers_of
from parity.cli.arguments.request import add_request_arguments, body_of, query_of
from parity.errors import UserError
from parity.terminal import printable

if TYPE_CHECKING:
    from parity.gateway.templates.mapping_template import TemplateError, TemplateInput

PLACES = ("path", "querystring", "header")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `parity render`."""
    parser.add_argument("template", metavar="TEMPLATE", help="the template's file, or - for standard input")
    add_request_arguments(parser)
    parser.add_argument(
        "--params",
        nargs="+",
        action="extend",
        default=[],
        metavar="PLACE.NAME=VALUE",
        help=f"parameters of the method request; PLACE is one of {', '.join(PLACES)}; --query and -H add to them",
    )
    parser.add_argument("--context", type=Path, metavar="FILE", help="a JSON file laid over a sample $context")
    parser.add_argument(
        "--stage-variable", action="append", default=[], metavar="NAME=VALUE", help="a stage variable; repeatable"
    )
    parser.add_argument("--json", action="store_true", help="require JSON output")
    parser.add_argument("--python", action="store_true", help="print the Python that the template is compiled to")


def run(options: argparse.Namespace) -> int:
    """Renders the template.

    Returns:
        0, or 1 when the output should be JSON and is not.

    Raises:
        UserError: the template fails, or an argument cannot be used.
    """
    from parity.gateway.templates.mapping_template import MappingTemplate, TemplateError
    from parity.jsonpath.json_fault import describe_json_fault

    name, source = _read_template(options.template)
    if options.python:
        print(_shown(_compiled_python(name, source)))
        return 0
    template_input = _template_input(options)
    try:
        output = MappingTemplate(source, name=name).render(template_input)
    except TemplateError as error:
        raise UserError(_explained(error, source)) from error
    shown = _shown(output)
    print(shown, end="" if shown.endswith("\n") else "\n")
    _print_overrides(template_input.context)
    if not options.json and output.lstrip()[:1] not in ("{", "["):
        return 0
    broken = describe_json_fault(output)
    if broken is None:
        return 0
    sys.stdout.flush()
    print(printable(f"parity: the output of {name} is not JSON: {broken}"), file=sys.stderr)
    return 1


def _shown(text: str) -> str:
    """What is printed of a text: on a terminal nothing that it would act on; a pipe gets the text as it is."""
    return printable(text) if sys.stdout.isatty() else text


def _read_template(path: str) -> tuple[str, str]:
    if path == "-":
        return "standard input", sys.stdin.read()
    try:
        return path, Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UserError(f"{path}: the template cannot be read ({reason})") from error


def _compiled_python(name: str, source: str) -> str:
    from parity.gateway.templates.mapping_template import TemplateError
    from parity.velocity import NullRule, Template, VelocityError

    try:
        return Template(source, name=name, null_rule=NullRule.API_GATEWAY).python
    except VelocityError as error:
        raise UserError(_explained(TemplateError.of(error, name), source)) from error


def _template_input(options: argparse.Namespace) -> "TemplateInput":
    from parity.gateway.templates.mapping_template import TemplateInput

    parameters: dict[str, dict[str, str]] = {place: {} for place in PLACES}
    for name, value in _pairs(options.params, "--params"):
        place, dot, name = name.partition(".")
        if place not in PLACES or not dot or not name:
            raise UserError(f"--params {place}{dot}{name}={value}: write path.NAME, querystring.NAME or header.NAME", 2)
        parameters[place][name] = value
    parameters["querystring"] |= dict(query_of(options))
    parameters["header"] |= dict(headers_of(options.header))
    return TemplateInput(
        body=body_of(options.body),
        path=parameters["path"],
        querystring=parameters["querystring"],
        header=parameters["header"],
        context=_context(options.context),
        stage_variables=dict(_pairs(options.stage_variable, "--stage-variable")),
    )


def _pairs(values: list[str], option: str) -> list[tuple[str, str]]:
    pairs = []
    for text in values:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UserError(f"{option} {text}: write NAME=VALUE", 2)
        pairs.append((name, value))
    return pairs


def _context(path: Path | None) -> dict[str, Any]:
    """A sample `$context`, with the members of the file laid over it."""
    from parity.gateway.context import sample_context

    if path is None:
        return sample_context()
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"--context {path}: {error.strerror}; name a file that can be read") from error
    except ValueError as error:
        raise UserError(f"--context {path}: {error}") from error
    if not isinstance(given, dict):
        raise UserError(f"--context {path}: not a JSON object")
    return sample_context(given)


def _print_overrides(context: dict[str, Any]) -> None:
    for name in ("requestOverride", "responseOverride"):
        for place, values in context.get(name, {}).items():
            for key, value in values.items() if isinstance(values, dict) else [("", values)]:
                target = f"{name}.{place}.{key}" if key else f"{name}.{place}"
                print(printable(f"$context.{target} = {value}"), file=sys.stderr)


def _explained(error: "TemplateError", source: str) -> str:
    """The error with the line of the template and a mark below the column."""
    from parity.jsonpath.json_fault import excerpt

    place = f"{error.template}:{error.line}:{error.column}" if error.line else error.template
    shown = f"\n{excerpt(source, error.line, error.column)}" if error.line else ""
    return f"{place}: {error.message}{shown}"
