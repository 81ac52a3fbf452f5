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
from parity.local.program.resource_index import text, texts


@program_rule(
    function_refused="a function that Lambda refuses: a reserved environment variable, or no handler or runtime",
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
    reserved = sorted(RESERVED_VARIABLES & set(texts(record.inputs.get("environment") or {}, "variables")))
    if reserved:
        message = f"Lambda reserves the environment variable {reserved[0]}"
        yield _refusal(record, message, "rename it; Lambda sets it itself")
    if text(record.inputs, "packageType", "Zip") == "Zip":
        for name in ("handler", "runtime"):
            if not text(record.inputs, name):
                yield _refusal(
                    record, f"a function of a Zip archive has a {name}, and this one has none", f"set {name}"
                )


def _refusal(record: ResourceRecord, message: str, fix: str) -> Finding:
    return Finding(rule="function-refused", severity="error", declared_by=record.declared_by, message=message, fix=fix)
