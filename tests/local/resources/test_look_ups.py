"""Look-ups are answered as AWS would, without AWS."""

import json
import re

import pytest

from parity.local.program.worker_process import ProgramResult
from parity.local.resources.iam_policy_document import policy_document
from tests.local.running_programs import PROGRAMS, run_program


@pytest.fixture(scope="module")
def result() -> ProgramResult:
    """What programs/look_ups exports."""
    return run_program(PROGRAMS / "look_ups", config={"aws:region": "eu-central-1"})


def test_the_account_and_its_place(result: ProgramResult) -> None:
    outputs = result.outputs
    assert (outputs["account"], outputs["partition"]) == ("123456789012", "aws")
    assert (outputs["region"], outputs["other_region"]) == ("eu-central-1", "eu-west-1")
    assert outputs["zones"] == ["eu-central-1a", "eu-central-1b", "eu-central-1c"]


def test_the_network(result: ProgramResult) -> None:
    outputs = result.outputs
    assert re.fullmatch(r"vpc-[0-9a-f]{17}", outputs["vpc"])
    assert outputs["vpc_cidr"] == "172.31.0.0/16"
    assert len(set(outputs["subnets"])) == 2
    assert outputs["subnet_zone"].startswith("eu-central-1")


def test_what_was_made_outside_of_the_program(result: ProgramResult) -> None:
    outputs, place = result.outputs, "eu-central-1:123456789012"
    assert re.fullmatch(r"Z[0-9A-Z]{20}", outputs["zone"])
    assert re.fullmatch(rf"arn:aws:acm:{place}:certificate/[0-9a-f-]{{36}}", outputs["certificate"])
    assert re.fullmatch(rf"arn:aws:secretsmanager:{place}:secret:password-[0-9a-z]{{6}}", outputs["secret"])
    assert outputs["bucket"] == "assets.s3.eu-central-1.amazonaws.com"
    assert re.fullmatch(rf"arn:aws:kms:{place}:key/[0-9a-f-]{{36}}", outputs["key"])
    assert not any("route53" in notice for notice in result.notices)


def test_a_policy_document_is_json(result: ProgramResult) -> None:
    (statement,) = json.loads(result.outputs["policy"])["Statement"]
    assert statement == {
        "Sid": "Read",
        "Effect": "Allow",
        "Action": ["s3:ListBucket", "s3:GetObject"],
        "Resource": next(r.outputs["arn"] for r in result.resources if r.type == "aws:s3/bucket:Bucket"),
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Condition": {"StringEquals": {"aws:SourceAccount": "1"}},
    }


def test_policy_documents_are_merged_by_sid() -> None:
    base = json.dumps({"Statement": [{"Sid": "A", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})
    override = json.dumps({"Statement": {"Sid": "A", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}})
    merged = policy_document(
        {
            "sourcePolicyDocuments": [base],
            "statements": [{"sid": "B", "actions": ["a:b"], "principals": [{"type": "*", "identifiers": ["*"]}]}],
            "overridePolicyDocuments": [override],
        }
    )
    statements = json.loads(merged["minifiedJson"])["Statement"]
    assert [(s["Sid"], s["Effect"]) for s in statements] == [("A", "Deny"), ("B", "Allow")]
    assert statements[1]["Principal"] == "*"
