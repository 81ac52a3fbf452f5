"""What AWS makes of a resource's inputs: its id and the properties that only AWS knows."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.engine.argument_schema import computed_strings
from tests.engine.aws_rules import ACCOUNT, ID_IS_ARN, ID_PREFIXES, ID_PROPERTY, IDENTIFIED_BY, NAMED, REGION
from tests.engine.property_values import UNKNOWN, Properties, revealed


@dataclass(slots=True)
class LiveResource:
    """A resource that exists in the stand-in's account; its inputs and outputs keep the marks of secrets."""

    type: str
    urn: str
    id: str
    inputs: Properties
    outputs: Properties

    @property
    def name(self) -> str:
        """The resource's name in the program."""
        return self.urn.rpartition("::")[2]

    @property
    def references(self) -> set[str]:
        """The texts by which other resources refer to this one: those of its id and ARN that no other can have."""
        arn = revealed(self.outputs.get("arn"))
        return {text for text in (self.id, arn) if isinstance(text, str) and len(text) >= 16}


def resource_id(token: str, inputs: Mapping[str, Any], serial: int) -> str:
    """The Pulumi id of a new resource: its name, its ARN, or an id like AWS's own, `serial` making it unique."""
    if token in ID_IS_ARN:
        return arn(token, "", inputs, serial)
    if token in IDENTIFIED_BY:
        return "-".join(str(inputs[name]) for name in IDENTIFIED_BY[token])
    if token in ID_PROPERTY:
        return str(inputs[ID_PROPERTY[token]])
    if token == "aws:apigateway/stage:Stage":
        return f"ags-{inputs['restApi']}-{inputs['stageName']}"
    digits = hashlib.sha256(f"{token} {serial}".encode()).hexdigest()
    return f"{ID_PREFIXES[token]}{digits[:17]}" if token in ID_PREFIXES else digits[:16]


def arn(token: str, identifier: str, inputs: Mapping[str, Any], serial: int) -> str:
    """The ARN of a resource."""
    _, module, cls = token.split(":")
    service = module.partition("/")[0]
    name = inputs.get(NAMED.get(token, ("name", 0))[0]) or identifier
    own = f"arn:aws:{service}:{REGION}:{ACCOUNT}:"
    forms: dict[str, str] = {
        "aws:apigateway/restApi:RestApi": f"arn:aws:apigateway:{REGION}::/restapis/{identifier}",
        "aws:apigateway/stage:Stage": (
            f"arn:aws:apigateway:{REGION}::/restapis/{inputs.get('restApi')}/stages/{inputs.get('stageName')}"
        ),
        "aws:cloudwatch/logGroup:LogGroup": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}",
        "aws:cloudwatch/metricAlarm:MetricAlarm": f"{own}alarm:{name}",
        "aws:ecr/repository:Repository": f"{own}repository/{name}",
        "aws:ecs/taskDefinition:TaskDefinition": f"{own}task-definition/{inputs.get('family')}:{serial}",
        "aws:iam/policy:Policy": f"arn:aws:iam::{ACCOUNT}:policy/{name}",
        "aws:iam/role:Role": f"arn:aws:iam::{ACCOUNT}:role/{name}",
        "aws:kms/key:Key": f"{own}key/{identifier}",
        "aws:lambda/function:Function": f"{own}function:{name}",
        "aws:lb/listener:Listener": f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:listener/app/{serial:016x}",
        "aws:lb/loadBalancer:LoadBalancer": (
            f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/app/{name}/{serial:016x}"
        ),
        "aws:lb/targetGroup:TargetGroup": (
            f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/{name}/{serial:016x}"
        ),
        "aws:s3/bucket:Bucket": f"arn:aws:s3:::{inputs.get('bucket')}",
    }
    return forms.get(token, f"{own}{cls.lower()}/{name}")


def outputs(token: str, identifier: str, inputs: Properties, serial: int) -> Properties:
    """All properties of a resource after AWS has made it, the inputs among them."""
    plain: Properties = revealed(inputs)
    made: Properties = {name: f"{name}-{serial:08x}" for name in computed_strings(token)}
    if "arn" in made:
        made["arn"] = arn(token, identifier, plain, serial)
    if token in NAMED or token in SPECIAL_OUTPUTS:
        made |= SPECIAL_OUTPUTS.get(token, _nothing_more)(identifier, plain, made)
    if token.startswith("aws:"):
        made |= {"region": REGION, "tagsAll": plain.get("tags", {})}
    return {**made, **{name: value for name, value in inputs.items() if name != "__defaults"}}


def planned_outputs(token: str, inputs: Properties) -> Properties:
    """The properties of a resource that is yet to be made: what only AWS knows is unknown."""
    known = {"region", "tagsAll", *inputs}
    made = outputs(token, UNKNOWN, inputs, 0)
    return {name: value if name in known else UNKNOWN for name, value in made.items()}


Special = Callable[[str, Properties, Properties], Properties]


def _nothing_more(identifier: str, inputs: Properties, made: Properties) -> Properties:
    return {}


def _api_key(identifier: str, inputs: Properties, made: Properties) -> Properties:
    return {"value": hashlib.sha256(f"value of {identifier}".encode()).hexdigest()[:40]}


def _rest_api(identifier: str, inputs: Properties, made: Properties) -> Properties:
    return {
        "executionArn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{identifier}",
        "rootResourceId": f"root-{identifier}",
    }


def _stage(identifier: str, inputs: Properties, made: Properties) -> Properties:
    api, stage = inputs["restApi"], inputs["stageName"]
    return {
        "executionArn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api}/{stage}",
        "invokeUrl": f"https://{api}.execute-api.{REGION}.amazonaws.com/{stage}",
    }


def _function(identifier: str, inputs: Properties, made: Properties) -> Properties:
    path = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{made['arn']}/invocations"
    return {"invokeArn": path, "qualifiedArn": f"{made['arn']}:$LATEST", "version": "$LATEST"}


def _load_balancer(identifier: str, inputs: Properties, made: Properties) -> Properties:
    address = f"internal-{inputs['name']}.{REGION}.elb.amazonaws.com"
    return {"dnsName": address, "arnSuffix": made["arn"].partition("loadbalancer/")[2]}


def _target_group(identifier: str, inputs: Properties, made: Properties) -> Properties:
    return {"arnSuffix": made["arn"].rpartition(":")[2]}


def _repository(identifier: str, inputs: Properties, made: Properties) -> Properties:
    host = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
    return {"registryId": ACCOUNT, "repositoryUrl": f"{host}/{inputs['name']}"}


def _image(identifier: str, inputs: Properties, made: Properties) -> Properties:
    digest = f"sha256:{hashlib.sha256(made['digest'].encode()).hexdigest()}"
    tag = next(iter(inputs.get("tags") or ["image"]))
    return {"digest": digest, "ref": f"{tag}@{digest}", "contextHash": digest[7:23]}


SPECIAL_OUTPUTS: dict[str, Special] = {
    "aws:apigateway/apiKey:ApiKey": _api_key,
    "aws:apigateway/restApi:RestApi": _rest_api,
    "aws:apigateway/stage:Stage": _stage,
    "aws:ecr/repository:Repository": _repository,
    "aws:lambda/function:Function": _function,
    "aws:lb/loadBalancer:LoadBalancer": _load_balancer,
    "aws:lb/targetGroup:TargetGroup": _target_group,
    "docker-build:index:Image": _image,
}
