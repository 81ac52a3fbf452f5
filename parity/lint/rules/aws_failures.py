"""What works locally and fails on AWS for want of a permission, or of what a deployment waits for."""

from collections.abc import Iterator

from parity.lint.finding import Finding
from parity.lint.registry import ProgramSubject, program_rule
from parity.local.aws_differences import failures


@program_rule(fails_on_aws="what fails on AWS alone: a permission that is missing, a deployment that waits for nothing")
def aws_failures(subject: ProgramSubject) -> Iterator[Finding]:
    """Looks at the permissions of functions and roles, and at deployments."""
    for failure in failures(subject.resource_index, subject.apis):
        yield Finding(
            rule="fails-on-aws",
            severity="error",
            declared_by=failure.declared_by,
            message=failure.message,
            fix=failure.fix,
        )
