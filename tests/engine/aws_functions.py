"""The look-ups that the stand-in provider answers."""

import json
import uuid
from collections.abc import Callable
from typing import Any

from tests.engine.aws_rules import ACCOUNT, REGION
from tests.engine.property_values import Properties


def call_function(token: str, arguments: Properties) -> Properties:
    """The answer to a look-up such as `aws:index/getRegion:getRegion`; KeyError for one that is not known."""
    answers: dict[str, Callable[[Properties], Properties]] = {
        "aws:ec2/getManagedPrefixList:getManagedPrefixList": _prefix_list,
        "aws:ec2/getPrefixList:getPrefixList": _prefix_list,
        "aws:ec2/getSubnets:getSubnets": lambda _: {"ids": ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"]},
        "aws:ec2/getSubnet:getSubnet": lambda _: {"availabilityZoneId": "euw1-az1", "vpcId": "vpc-0cccccccccccccccc"},
        "aws:ec2/getVpc:getVpc": _vpc,
        "aws:ecr/getAuthorizationToken:getAuthorizationToken": _authorization_token,
        "aws:iam/getPolicyDocument:getPolicyDocument": _policy_document,
        "aws:iam/getRoles:getRoles": lambda _: {"names": ["AWSServiceRoleForECS"], "arns": []},
        "aws:index/getAvailabilityZones:getAvailabilityZones": _availability_zones,
        "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
        "aws:index/getPartition:getPartition": _partition,
        "aws:index/getRegion:getRegion": _region,
        "aws:servicequotas/getServiceQuota:getServiceQuota": lambda _: {"value": 1000},
    }
    return {"id": REGION, **answers[token](arguments)}


def _prefix_list(arguments: Properties) -> Properties:
    return {"id": "pl-6da54004", "name": arguments.get("name"), "cidrBlocks": ["52.218.0.0/17"]}


def _vpc(arguments: Properties) -> Properties:
    return {"id": arguments.get("id", "vpc-0cccccccccccccccc"), "cidrBlock": "10.0.0.0/16"}


def _authorization_token(arguments: Properties) -> Properties:
    registry = f"https://{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
    return {
        "userName": "AWS",
        "password": f"valid for hours {uuid.uuid4()}",
        "proxyEndpoint": registry,
        "authorizationToken": "QVdT",
    }


def _availability_zones(arguments: Properties) -> Properties:
    names = [f"{REGION}{letter}" for letter in "abc"]
    return {"names": names, "zoneIds": ["euw1-az1", "euw1-az2", "euw1-az3"], "groupNames": [REGION]}


def _caller_identity(arguments: Properties) -> Properties:
    return {"accountId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:user/tester", "userId": "AIDAEXAMPLE"}


def _partition(arguments: Properties) -> Properties:
    return {"partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws"}


def _region(arguments: Properties) -> Properties:
    return {"name": REGION, "region": REGION, "description": "Europe (Ireland)", "endpoint": "ec2.amazonaws.com"}


def _policy_document(arguments: Properties) -> Properties:
    statements = [_statement(statement) for statement in arguments.get("statements", [])]
    document = {"Version": arguments.get("version", "2012-10-17"), "Statement": statements}
    return {"json": json.dumps(document), "minifiedJson": json.dumps(document, separators=(",", ":"))}


def _statement(statement: Properties) -> Properties:
    made: dict[str, Any] = {"Effect": statement.get("effect", "Allow")}
    made |= {key.capitalize(): statement[key] for key in ("sid",) if statement.get(key)}
    lists = {"actions": "Action", "notActions": "NotAction", "resources": "Resource", "notResources": "NotResource"}
    made |= {lists[key]: statement[key] for key in lists if statement.get(key)}
    for key, name in (("principals", "Principal"), ("notPrincipals", "NotPrincipal")):
        if statement.get(key):
            made[name] = {item["type"]: item["identifiers"] for item in statement[key]}
    conditions: dict[str, dict[str, Any]] = {}
    for condition in statement.get("conditions", []):
        conditions.setdefault(condition["test"], {})[condition["variable"]] = condition["values"]
    return made | ({"Condition": conditions} if conditions else {})
