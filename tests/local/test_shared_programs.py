"""The programs of ../shared/programs, beside the checkout: small ones, each for one thing that public programs do.

Most have a test of their kind in this repository, which `PROVEN` names; the others are served here.
"""

import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from parity.local import Session, running

TESTS = Path(__file__).parents[1]
SHARED = TESTS.parents[1] / "shared" / "programs"
PROVEN = {
    "boto3-dynamodb": "local/services/test_services.py::test_a_tables_stream_invokes_a_function",
    "component-restapi": "local/worker/test_rest_api_component.py::test_its_resources_are_outputs",
    "deployment-invoke-url-v6": "local/worker/test_local_urls.py::test_a_deployment_with_a_stage_of_its_own",
    "foreign-packages": "local/functions/test_served_functions.py::test_a_package_that_the_archive_lacks_is_a_502",
    "lint-gaps": "lint/rules/test_references.py::test_a_reference_that_renders_nothing_is_found",
    "lookups": "local/worker/test_answers.py::test_what_is_not_answered_says_what_to_write",
    "nodejs": "local/functions/test_served_functions.py::test_what_runs",
    "python310-venv": "local/worker/test_environments.py::test_a_program_runs",
    "service-integrations": "local/services/test_services.py::test_sqs_takes_a_form_and_answers_in_json",
    "stack-reference": "local/worker/test_answers.py::test_other_stacks_have_their_outputs",
    "url-composed": "local/worker/test_local_urls.py::test_a_composed_url_is_the_local_one",
    "uv-toolchain": "local/program/test_interpreter.py::test_uv_and_poetry_have_a_folder_of_their_own",
}
SERVED = {"code-sources"}

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason=f"there are no programs in {SHARED}")


def test_each_program_has_a_test_of_its_kind() -> None:
    assert {folder.name for folder in SHARED.iterdir() if folder.is_dir()} <= PROVEN.keys() | SERVED
    for where in PROVEN.values():
        file, _, name = where.partition("::")
        assert f"def {name}" in (TESTS / file).read_text()


@pytest.fixture(scope="module")
def code_sources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """The program of functions from everywhere, with the tests' own environment."""
    folder = tmp_path_factory.mktemp("shared") / "program"
    shutil.copytree(SHARED / "code-sources", folder, ignore=shutil.ignore_patterns("venv"))
    (folder / "Pulumi.yaml").write_text("name: code-sources\nruntime: python\n")
    with running(folder) as session:
        yield session


@pytest.mark.parametrize(
    ("path", "end"),
    [
        ("s3", ":function:from-s3-"),
        ("plain", ":function:plain"),
        ("alias", ":function:plain:live"),
        ("qualified", ":function:plain:1"),
        ("stage-variable", ":function:plain"),
        ("archive", "archive"),
    ],
)
def test_a_function_has_its_code_from_wherever_the_program_says(code_sources: Session, path: str, end: str) -> None:
    with urllib.request.urlopen(f"{code_sources.outputs['url']}/{path}", timeout=30) as response:
        body = response.read().decode()
    assert body.endswith(end) if path != "s3" else end in body
