"""Checks mapping templates and parameters without sending a request.

It runs the program locally, starts none of its backends, and looks for what AWS would refuse, and for what a
request could break:

  syntax                     a template that does not compile
  unknown-name               a $context, $input or $util name that API Gateway does not have
  unset-reference            a reference to a variable that the template does not set: it renders as nothing
  missing-parentheses        a function of $input or $util without its parentheses: $input.params.x
  text-has-no-fields         a field of text, such as $input.body.name or $input.json('$').name: there is none
  stage-variable             a stage variable that no stage has
  unescaped                  request data in a JSON string, where a quote or a backslash breaks it
  unquoted                   request data outside a JSON string, where it becomes JSON of the client's making
  apostrophe                 $util.escapeJavaScript in JSON without .replaceAll("\\\\'","'")
  java-text                  $input.path(...) where JSON is due; it prints {a=1}
  quoted-json                $input.json(...) within quotes
  unclosed                   a JSON string that its line does not close
  event-not-json             a request template for a Lambda function whose text is not JSON: Lambda refuses every event
  else-if                    #else if(...), where Velocity has #elseif(...): the condition is printed
  unknown-directive          a directive that Velocity does not have, such as #return: it is printed as text
  loop-over-text             #foreach over $input.json(...), $input.body and the like, which are text: it never runs
  override-twice             a parameter that a template overrides twice, which is a 5XX
  unused-parameter           a parameter that is declared, but never mapped, read, required or a cache key
  cache-key                  a cached method whose cache key lacks a path parameter, or the body: answers get mixed up
  pattern-takes-success      a selection pattern that matches the empty string: it takes every success of a Lambda
                             function
  pattern-overflow           a selection pattern that overflows the stack of Java's matcher, such as (.|\\n)*
  gateway-response-velocity  Velocity in a gateway response's template, where it is printed as text
  gateway-response-json      an error's text within quotes in a gateway response's JSON, which it breaks
  deployment-triggers        a deployment whose triggers miss a part of the API: a change of it is never deployed
  service-action             an action that the AWS service does not have
  service-target             an action of an AWS service whose X-Amz-Target has to be mapped, and is not
  service-field              a field that an action of an AWS service needs and does not get, or one that it does not
                             have
  form-encoding              request data in a form without $util.urlEncode: an ampersand ends it
  form-content-type          a form that is sent to an AWS service as something else
  function-refused           a function that Lambda refuses: a reserved environment variable, a missing handler, a limit
  function-runtime           a function whose runtime is not emulated locally: its requests fail there
  fails-on-aws               what fails on AWS alone: a permission that is missing, a deployment that waits for nothing
  definition                 what API Gateway refuses at deploy time, or fails on at request time

The exit status is 1 when something was found.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from parity.cli.arguments.program import add_program_arguments, config_of, program_of, stack_of
from parity.terminal import printable, safe_json, visible

if TYPE_CHECKING:
    from parity.compare.diagnosis.template_files import TemplateFiles
    from parity.lint.finding import Finding
    from parity.local.rest_api.rest_apis import DeployedApi


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `parity lint`."""
    add_program_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(options: argparse.Namespace) -> int:
    """Prints what was found.

    Returns:
        0 when nothing was found, else 1.
    """
    from parity.compare.diagnosis.template_files import TemplateFiles
    from parity.lint.linter import lint_program
    from parity.local.declared import declared
    from parity.local.program.resource_index import ResourceIndex

    path = program_of(options)
    running = declared(path, stack=stack_of(options), config=config_of(options), answers=options.answers)
    program = asyncio.run(running)
    files = TemplateFiles(program.root)
    findings = [finding for api in program.apis for finding in _findings(api)]
    findings += lint_program(ResourceIndex(program.resources), program.apis)
    found = [(_place(finding, files), finding) for finding in findings]
    if options.json:
        rows = [
            {"place": place, **{key: value for key, value in asdict(finding).items() if key != "template"}}
            for place, finding in found
        ]
        print(safe_json(json.dumps(rows, ensure_ascii=False, indent=2)))
    else:
        _print(found, len(program.apis), path.absolute())
    return int(bool(found))


def _findings(api: "DeployedApi") -> "Iterator[Finding]":
    from parity.lint.linter import Finding, lint

    found = lint(api.definition, api.stages)
    uncompiled = {finding.declared_by.partition(" (")[0] for finding in found if finding.rule == "syntax"}
    for problem in api.problems():
        if problem.declared_by.partition(" (")[0] not in uncompiled:
            yield Finding(
                rule="definition",
                severity=problem.severity,
                declared_by=problem.declared_by,
                message=problem.message,
                fix=problem.fix,
            )
    yield from found


def _place(finding: "Finding", files: "TemplateFiles") -> str:
    """Where a finding is: `file:line:column` if the template, or a part of it, is in a file of the project."""
    if not finding.line:
        return finding.declared_by
    place = files.place(finding.template, finding.line)
    if place is None:
        return f"{finding.declared_by}:{finding.line}:{finding.column}"
    text = finding.template.rstrip()
    at_end = finding.line > text.count("\n") + 1  # the place is then that of the last line that has text
    return f"{place}:{len(text) - text.rfind(chr(10)) if at_end else finding.column}"


def _print(found: "list[tuple[str, Finding]]", apis: int, program: Path) -> None:
    from rich.text import Text

    from parity.compare.output.table import console_for

    console = console_for(sys.stdout)
    colours = {"error": "red", "warning": "yellow"}
    for place, finding in found:
        line = Text.assemble(
            (visible(place), "bold"), " ", (f"{finding.severity} {finding.rule}", colours[finding.severity])
        )
        console.print(line, soft_wrap=True)
        if finding.line and finding.declared_by not in place:
            console.print(Text(f"  in {printable(finding.declared_by)}"), soft_wrap=True)
        console.print(Text(f"  {printable(finding.message)}"), soft_wrap=True)
        if finding.fix:
            console.print(Text(f"  fix: {printable(finding.fix)}"), soft_wrap=True)
    counted = f"{len(found)} finding{'' if len(found) == 1 else 's'}" if found else "nothing found"
    counted += f" in {apis} REST API{'' if apis == 1 else 's'} of {printable(str(program))}"
    console.print(Text(counted), soft_wrap=True)
