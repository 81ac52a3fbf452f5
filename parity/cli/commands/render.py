"""Renders one mapping template, as API Gateway would with the given body, parameters and context.

The output goes to standard output. When it begins like JSON and is none, or with --json, the place where it breaks is
told on standard error, with the likely cause, and the exit status is 1.

  parity render template.vtl --body '{"a": 1}' --params querystring.q=1 header.Accept=text/plain
  parity render template.vtl --body request.json --context context.json --stage-variable color=blue
  parity render template.vtl --python
"""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parity.errors import UserError

if TYPE_CHECKING:
    from parity.gateway.templates.mapping_template import TemplateError, TemplateInput

PLACES = ("path", "querystring", "header")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `parity render`."""
    parser.add_argument("template", metavar="TEMPLATE", help="the template's file, or - for standard input")
    parser.add_argument("--body", default="", metavar="FILE|TEXT", help="the body: a file that exists, else the text")
    parser.add_argument(
        "--params",
        nargs="+",
        action="extend",
        default=[],
        metavar="PLACE.NAME=VALUE",
        help=f"parameters of the method request; PLACE is one of {', '.join(PLACES)}",
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
    from parity.jsonpath.json_break import find_break

    name, source = _read_template(options.template)
    if options.python:
        print(_compiled_python(name, source))
        return 0
    template_input = _template_input(options)
    try:
        output = MappingTemplate(source, name=name).render(template_input)
    except TemplateError as error:
        raise UserError(_explained(error, source)) from error
    print(output, end="" if output.endswith("\n") else "\n")
    _print_overrides(template_input.context)
    if not options.json and output.lstrip()[:1] not in ("{", "["):
        return 0
    broken = find_break(output)
    if broken is None:
        return 0
    sys.stdout.flush()
    print(f"parity: the output of {name} is not JSON: {broken}", file=sys.stderr)
    return 1


def _read_template(path: str) -> tuple[str, str]:
    if path == "-":
        return "standard input", sys.stdin.read()
    try:
        return path, Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"the template {path} cannot be read: {error}") from error


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
    return TemplateInput(
        body=_body(options.body),
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


def _body(argument: str) -> bytes:
    """The content of the file of that name if there is one, else the argument itself."""
    try:
        return Path(argument).read_bytes() if argument and Path(argument).is_file() else argument.encode()
    except (OSError, ValueError):
        return argument.encode()


def _context(path: Path | None) -> dict[str, Any]:
    """A `$context` as a POST to `/` has it, with the members of the file, object by object, laid over it."""
    from parity.gateway.context import ContextFactory, new_extended_request_id, new_request_id
    from parity.gateway.model.definition import RestApi, Stage
    from parity.gateway.model.exchange import Request

    api = RestApi(id="a1b2c3d4e5", name="render")
    request = Request(method="POST", path="/", time=time.time())
    host = f"{api.id}.execute-api.{api.region}.amazonaws.com"
    factory = ContextFactory(api, Stage(name="dev", deployment_id="render"))
    context = factory.build(request, new_request_id(), new_extended_request_id(), host, "parity")
    context.update(resourceId="a1b2c3", resourcePath="/")
    if path is not None:
        try:
            given = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise UserError(f"--context {path}: {error}") from error
        if not isinstance(given, dict):
            raise UserError(f"--context {path}: not a JSON object")
        _lay_over(context, given)
    return context


def _lay_over(below: dict[str, Any], above: dict[str, Any]) -> None:
    for name, value in above.items():
        if isinstance(value, dict) and isinstance(below.get(name), dict):
            _lay_over(below[name], value)
        else:
            below[name] = value


def _print_overrides(context: dict[str, Any]) -> None:
    for name in ("requestOverride", "responseOverride"):
        for place, values in context.get(name, {}).items():
            for key, value in values.items() if isinstance(values, dict) else [("", values)]:
                target = f"{name}.{place}.{key}" if key else f"{name}.{place}"
                print(f"$context.{target} = {value}", file=sys.stderr)


def _explained(error: "TemplateError", source: str) -> str:
    """The error with the line of the template and a mark below the column."""
    from parity.jsonpath.json_break import excerpt

    place = f"{error.template}:{error.line}:{error.column}" if error.line else error.template
    shown = f"\n{excerpt(source, error.line, error.column)}" if error.line else ""
    return f"{place}: {error.message}{shown}"
