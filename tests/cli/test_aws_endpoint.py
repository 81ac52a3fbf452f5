"""`--aws-endpoint`: where AWS services answer instead of the embedded emulator."""

import argparse

import pytest

from parity.cli.arguments.program import add_run_arguments, run_options
from parity.errors import UserError


def endpoints(*arguments: str) -> dict[str, str]:
    parser = argparse.ArgumentParser()
    add_run_arguments(parser)
    found: dict[str, str] = run_options(parser.parse_args(arguments))["aws_endpoints"]
    return found


def test_one_url_is_for_all_services_and_others_for_one_each() -> None:
    assert endpoints() == {}
    assert endpoints(
        "--aws-endpoint", "http://localhost:4566/", "--aws-endpoint", "DynamoDB=http://localhost:8000"
    ) == {
        "": "http://localhost:4566",
        "dynamodb": "http://localhost:8000",
    }


@pytest.mark.parametrize("wrong", ["localhost:4566", "dynamodb", "dynamodb=localhost:8000", "=x"])
def test_what_is_not_a_url_is_said_with_its_form(wrong: str) -> None:
    with pytest.raises(UserError, match="write a URL such as http://localhost:4566, or SERVICE=URL"):
        endpoints("--aws-endpoint", wrong)
