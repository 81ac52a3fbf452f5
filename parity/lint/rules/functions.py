"""Lambda functions: what Lambda refuses of them, and what `parity serve` cannot run.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
"""

from collections.abc import Iterator

from parity.lint.finding import Finding
from parity.lint.registry import ProgramSubject, program_rule
from parity.local.functions.configuration import RESERVED_VARIABLES
from parity.local.functions.functions import FUNCTION
from parity.local.functions.runtimes.selection import is_emulated
from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import number, text, texts

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_MOST_VARIABLE_BYTES = 4096
_MOST_LAYERS = 5
_LIMITS = {"timeout": (1, 900, "seconds"), "memorySize": (128, 10_240, "MB")}


@program_rule(
    function_refused="a function that Lambda refuses: a reserved environment variable, a missing handler, a limit",
    function_runtime="a function whose runtime is not emulated locally: its requests fail there",
)
def functions(subject: ProgramSubject) -> Iterator[Finding]:
    """Looks at the configuration of each function."""
    for record in subject.resource_index.of_type(FUNCTION):
        yield from _refused(record)
        runtime = text(record.inputs, "runtime")
        if runtime and not is_emulated(runtime):
            yield Finding(
                rule="function-runtime",
                severity="warning",
                declared_by=record.declared_by,
                message=f"the runtime {runtime} is not emulated: locally its requests fail, and all others are served",
                fix="test it deployed (parity compare --stack NAME)",
            )


def _refused(record: ResourceRecord) -> Iterator[Finding]:
    variables = texts(record.inputs.get("environment") or {}, "variables")
    reserved = sorted(RESERVED_VARIABLES & set(variables))
    if reserved:
        message = f"Lambda reserves the environment variable {reserved[0]}"
        yield _refusal(record, message, "rename it; Lambda sets it itself")
    size = sum(len(name.encode()) + len(value.encode()) for name, value in variables.items())
    if size > _MOST_VARIABLE_BYTES:
        message = f"its environment variables have {size} bytes, and Lambda takes {_MOST_VARIABLE_BYTES}"
        yield _refusal(record, message, "keep long values in SSM Parameter Store or in the code")
    layers = len(record.inputs.get("layers") or ())
    if layers > _MOST_LAYERS:
        yield _refusal(record, f"it has {layers} layers, and Lambda takes {_MOST_LAYERS}", "merge some of them")
    for name, (least, most, unit) in _LIMITS.items():
        value = number(record.inputs, name)
        if value is not None and not least <= value <= most:
            message = f"its {name} is {value:g} {unit}, and Lambda takes {least} to {most}"
            yield _refusal(record, message, f"choose one from {least} to {most}")
    if text(record.inputs, "packageType", "Zip") == "Zip":
        for name in ("handler", "runtime"):
            if not text(record.inputs, name):
                yield _refusal(
                    record, f"a function of a Zip archive has a {name}, and this one has none", f"set {name}"
                )


def _refusal(record: ResourceRecord, message: str, fix: str) -> Finding:
    return Finding(rule="function-refused", severity="error", declared_by=record.declared_by, message=message, fix=fix)
