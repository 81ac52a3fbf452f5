"""Runs the Pulumi program against Pulumi's own mocks and collects what it registers."""

import asyncio
import json
import runpy
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast

import pulumi
from pulumi.runtime import mocks, rpc
from pulumi.runtime.settings import get_root_resource, set_root_resource
from pulumi.runtime.stack import Stack, run_in_stack

PROGRAM = Path(__file__).resolve().parents[2]
ACCOUNT, REGION = "123456789012", "us-east-1"

_LOOK_UPS: dict[str, dict[str, Any]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": {
        "accountId": ACCOUNT,
        "arn": f"arn:aws:iam::{ACCOUNT}:user/tester",
        "id": ACCOUNT,
        "userId": "AIDATESTER",
    },
    "aws:index/getRegion:getRegion": {"region": REGION, "name": REGION, "id": REGION},
    "aws:index/getPartition:getPartition": {"partition": "aws", "dnsSuffix": "amazonaws.com"},
    "aws:index/getAvailabilityZones:getAvailabilityZones": {
        "names": [f"{REGION}{zone}" for zone in "abc"],
        "zoneIds": ["use1-az3", "use1-az6", "use1-az1"],
    },
    "aws:ec2/getSubnet:getSubnet": {"availabilityZoneId": "use1-az1"},
    "aws:iam/getRoles:getRoles": {"names": ["AWSServiceRoleForECS"]},
    "aws:servicequotas/getServiceQuota:getServiceQuota": {"value": 1000},
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": {"userName": "AWS", "password": "registry-password"},
    "aws:ec2/getPrefixList:getPrefixList": {"id": "pl-63a5400a"},
    "aws:ec2/getVpc:getVpc": {"cidrBlock": "10.1.0.0/16"},
}


@dataclass(frozen=True, slots=True)
class Resource:
    """A registered resource: its type token, logical name, id and inputs (camelCase, as Pulumi sends them)."""

    type: str
    name: str
    id: str
    inputs: dict[str, Any]


@dataclass(slots=True)
class Deployed:
    """What one run of the program registered, and its outputs."""

    resources: list[Resource] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)

    def of(self, token: str) -> list[Resource]:
        """The resources whose type ends with `token`, such as `apigateway/method:Method`."""
        return [resource for resource in self.resources if resource.type.split(":", 1)[-1] == token]

    def one(self, token: str) -> Resource:
        """The only resource of a type."""
        found = self.of(token)
        assert len(found) == 1, f"{token}: {[each.name for each in found]}"
        return found[0]

    def copy(self) -> "Deployed":
        """A copy whose resources can be changed without changing this one's."""
        plain = json.loads(json.dumps([[r.type, r.name, r.id, r.inputs] for r in self.resources]))
        return Deployed([Resource(*each) for each in plain], dict(self.outputs))


class Recorder(mocks.Mocks):
    """Answers as AWS would, and keeps what is registered."""

    def __init__(self, look_ups: Mapping[str, dict[str, Any]] | None = None, account_role: str = "role") -> None:
        self.resources: list[Resource] = []
        self._look_ups = {**_LOOK_UPS, **(look_ups or {})}
        self._account_role = account_role

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        return {**self._look_ups[args.token], **{key: value for key, value in args.args.items() if key == "id"}}, []

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        inputs = _plain(args.inputs)
        if args.resource_id:  # read, not made
            return args.resource_id, {"cloudwatchRoleArn": self._account_role}
        if args.typ.startswith(("aws:", "docker-build:")):
            self.resources.append(Resource(args.typ, args.name, f"{args.name}-id", inputs))
        name = inputs.get("name") or f"{args.name}-1234567"
        outputs = {
            "name": name,
            "arn": _arn(args.typ, name),
            "executionArn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{args.name}-id",
            "invokeArn": f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{args.name}/invocations",
            "invokeUrl": f"https://api.execute-api.{REGION}.amazonaws.com/{inputs.get('stageName', '')}",
            "rootResourceId": "root",
            "dnsName": f"internal-{args.name}.{REGION}.elb.amazonaws.com",
            "repositoryUrl": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{name}",
            "registryId": ACCOUNT,
            "ref": f"{(inputs.get('tags') or ['image'])[0]}@sha256:{'0' * 64}" if "docker-build" in args.typ else "",
            "prefixListId": "pl-63a5400a",
            "value": "generated-secret",
        }
        return f"{args.name}-id", {**outputs, **args.inputs}


def _arn(token: str, name: str) -> str:
    """The ARN of a resource, in the form that its service gives it where a test looks at that."""
    service, _, kind = token.partition(":")[2].rpartition(":")
    service = service.partition("/")[0]
    if kind == "Role":
        return f"arn:aws:iam::{ACCOUNT}:role/{name}"
    if kind == "LogGroup":
        return f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}"
    if kind == "WebAcl":
        return f"arn:aws:wafv2:{REGION}:{ACCOUNT}:regional/webacl/{name}/00000000-0000-0000-0000-000000000000"
    service = {"lb": "elasticloadbalancing"}.get(service, service)
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{kind.lower()}/{name}"


def _plain(value: Any) -> Any:
    """Inputs as JSON: an asset as its path, an archive as its files."""
    if isinstance(value, pulumi.FileAsset):
        return value.path
    if isinstance(value, pulumi.AssetArchive):
        return {name: _plain(asset) for name, asset in value.assets.items()}
    if isinstance(value, Mapping) and rpc._special_sig_key in value:
        return _plain(value["value"])  # a secret
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def deployed(config: Mapping[str, str] | None = None) -> Deployed:
    """The same, run once for all tests that ask for the same configuration; not to be changed."""
    return _deployed_once(frozenset((config or {}).items()))


@cache
def _deployed_once(config: frozenset[tuple[str, str]]) -> Deployed:
    return deploy(dict(config))


def _run_program() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of resource types beside the program's
        runpy.run_path(str(PROGRAM / "__main__.py"), run_name="__main__")


def deploy(
    config: Mapping[str, str] | None = None,
    *,
    stack: str = "dev",
    project: str = "parity",
    look_ups: Mapping[str, dict[str, Any]] | None = None,
    account_role: str = "role",
) -> Deployed:
    """Runs the program with a configuration, as `pulumi up` would on an empty stack.

    Args:
        config: values by key, without the project's name; lists as JSON.
        stack: the stack's name.
        project: the project's name.
        look_ups: answers of AWS that differ from the usual ones, by the token of the look-up.
        account_role: the account's role for API Gateway's logs, empty if it has none.
    """
    recorder = Recorder(look_ups, account_role)
    deployed = Deployed(recorder.resources)

    async def run() -> None:
        mocks.set_mocks(recorder, project=project, stack=stack, preview=False)
        set_root_resource(cast(Any, None))  # set_mocks makes one; run_in_stack makes its own, as the Pulumi CLI does
        pulumi.runtime.set_all_config({f"{project}:{key}": value for key, value in (config or {}).items()})
        await run_in_stack(_run_program)
        stack_resource = get_root_resource()
        assert isinstance(stack_resource, Stack)
        outputs = await pulumi.Output.from_input(dict(stack_resource.outputs)).future()
        deployed.outputs.update(outputs or {})

    asyncio.run(run())
    return deployed
