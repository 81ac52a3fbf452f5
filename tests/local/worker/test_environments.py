"""A program runs with whatever Python (from 3.9 on) and Pulumi its own environment has.

`PARITY_TEST_ENVIRONMENTS` names virtual environments to run it in, with `os.pathsep` between them; `make test-lowest`
makes some. Without it, it runs in the one that runs the tests.
"""

import os
import shutil
import sys
from pathlib import Path

import pytest

from parity.local.program.worker_process import ProgramError, ProgramResult
from tests.local.running_programs import PROGRAMS, resource, run_program

ENVIRONMENTS = os.environ.get("PARITY_TEST_ENVIRONMENTS", sys.prefix).split(os.pathsep)


def in_environment(environment: str, folder: Path, source: str | None = None) -> ProgramResult:
    """Runs the program of programs/older_python, or `source`, in a virtual environment."""
    project = folder / "project"
    shutil.copytree(PROGRAMS / "older_python", project)
    if source is not None:
        (project / "__main__.py").write_text(source)
    options = f"runtime:\n  name: python\n  options:\n    virtualenv: {environment}\n"
    (project / "Pulumi.yaml").write_text("name: older-python\n" + options)
    return run_program(project)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
class TestEnvironment:
    """One environment."""

    def test_a_program_runs(self, environment: str, tmp_path: Path) -> None:
        result = in_environment(environment, tmp_path)
        outputs = result.outputs
        assert outputs["url"] == outputs["composed"] == "http://local.test/dev"
        assert outputs["region"] == "123456789012 us-east-1"
        assert outputs["second"].startswith("orders-first-")
        assert outputs["late"].startswith("late-")
        assert len(set(outputs["many"])) == 20
        assert outputs["secret"] == {"a": [1, 2.5, None]}
        assert (outputs["read"], outputs["parameter"], outputs["stack"]) == ("existing", "postgres", "vpc-1")
        assert outputs["team"] == "api"
        assert result.secrets == {"secret"}
        assert resource(result, "aws:sqs/queue:Queue", "orders-second").parent.endswith("test:index:Queues::orders")

    def test_it_has_the_python_of_the_environment(self, environment: str, tmp_path: Path) -> None:
        version = ".".join(str(part) for part in in_environment(environment, tmp_path).outputs["python"])
        assert list(Path(environment, "lib").glob(f"python{version}"))

    def test_a_record_knows_its_line(self, environment: str, tmp_path: Path) -> None:
        queue = resource(in_environment(environment, tmp_path), "aws:sqs/queue:Queue", "orders-first")
        file, _, line = queue.declared_in.rpartition(":")
        assert file == "__main__.py"
        lines = (tmp_path / "project" / file).read_text().splitlines()
        assert lines[int(line) - 1].lstrip().startswith("self.first =")

    @pytest.mark.parametrize(
        ("source", "error"),
        [
            ("import pulumi_aws as aws\naws.sqs.Queue('q').url.apply(lambda url: url.nothing)\n", "nothing"),
            ("import pulumi_aws as aws\naws.sqs.Queue('q')\naws.sqs.Queue('q')\n", "Duplicate resource URN"),
            ("import pulumi\npulumi.Config().require('token')\n", "Missing required configuration variable"),
            (
                "import pulumi_aws as aws\naws.lambda_.get_function(function_name='f').arn\n",
                "aws.lambda_.get_function:\n    - with: ",
            ),
            ("import pulumi\npulumi.StackReference('a/b/c').get_output('d').apply(print)\n", "a/b/c:\n    d: VALUE"),
            ("1 / 0\n", "ZeroDivisionError: division by zero"),
        ],
    )
    def test_its_errors_are_its_own(self, environment: str, tmp_path: Path, source: str, error: str) -> None:
        with pytest.raises(ProgramError, match=error):
            in_environment(environment, tmp_path, source)
