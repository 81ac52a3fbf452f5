"""What AWS would answer to a program's look-ups (Pulumi's functions, such as `aws.get_caller_identity`)."""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from parity.local.program.older_python import dataclass
from parity.local.program.resource_index import text
from parity.local.resources.account import EmulatedAccount
from parity.local.resources.iam_policy_document import policy_document
from parity.local.resources.identity import HEXADECIMAL, arn, dns_suffix_of, partition_of, token

_REGION_NAMES = {
    "us-east-1": "US East (N. Virginia)",
    "us-east-2": "US East (Ohio)",
    "us-west-1": "US West (N. California)",
    "us-west-2": "US West (Oregon)",
    "eu-central-1": "Europe (Frankfurt)",
    "eu-west-1": "Europe (Ireland)",
    "eu-west-2": "Europe (London)",
    "eu-west-3": "Europe (Paris)",
    "ap-northeast-1": "Asia Pacific (Tokyo)",
    "ap-southeast-1": "Asia Pacific (Singapore)",
    "ap-southeast-2": "Asia Pacific (Sydney)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """One look-up: its arguments, the region it is made in, and the account around it."""

    arguments: Mapping[str, Any]
    region: str
    emulated_account: EmulatedAccount

    def text(self, name: str, default: str = "") -> str:
        """An argument as text."""
        return text(self.arguments, name, default)

    def id(self, prefix: str, seed: str) -> str:
        """An EC2-like id that depends on `seed`."""
        return f"{prefix}-{token(seed, 17, HEXADECIMAL)}"

    def arn(self, service: str, resource: str) -> str:
        """An ARN in the look-up's region and account."""
        return arn(service, resource, region=self.region, account_id=self.emulated_account.account_id)


def answer(function: str, arguments: Mapping[str, Any], region: str, emulated_account: EmulatedAccount) -> Any:
    """The answer to a look-up, in camelCase with its arguments, or None when nothing is known of the function.

    Args:
        function: the function's token, such as `aws:index/getRegion:getRegion`.
        arguments: its arguments in camelCase.
        region: the region that it is made in.
        emulated_account: the account.
    """
    module, _, name = function.rpartition(":")
    service = module.partition(":")[2].partition("/")[0]
    known = _ANSWERS.get(f"{service}.{name}") or _ANSWERS.get(name)
    if known is None:
        return None
    region = str(arguments.get("region") or region)
    found = known(LookUp(arguments=arguments, region=region, emulated_account=emulated_account))
    given = {name: value for name, value in arguments.items() if value is not None}
    return {"id": region, "region": region, **found, **{k: v for k, v in given.items() if k not in found}}


def _caller_identity(look_up: LookUp) -> dict[str, Any]:
    account = look_up.emulated_account.account_id
    user = arn("iam", "user/local", region=look_up.region, account_id=account, global_=True)
    return {"id": account, "accountId": account, "arn": user, "userId": "AIDAIOSFODNN7EXAMPLE"}


def _region(look_up: LookUp) -> dict[str, Any]:
    region = look_up.text("name") or look_up.region
    endpoint = f"ec2.{region}.{dns_suffix_of(region)}"
    description = _REGION_NAMES.get(region, region)
    return {"id": region, "name": region, "region": region, "endpoint": endpoint, "description": description}


def _partition(look_up: LookUp) -> dict[str, Any]:
    partition, suffix = partition_of(look_up.region), dns_suffix_of(look_up.region)
    reverse = ".".join(reversed(suffix.split(".")))
    return {"id": partition, "partition": partition, "dnsSuffix": suffix, "reverseDnsPrefix": reverse}


def _zone_id(region: str, number: int) -> str:
    """The id of a zone: `use1-az1`, `apne1-az2`, `usgw1-az1`, the region's name with the first letter of each word."""
    letters = re.sub("(north|south|east|west|central)", r"-\1-", region.rpartition("-")[0])
    area, *words = [word for word in letters.split("-") if word]
    short = {"gov": "g", "iso": "i", "isob": "b"}
    initials = "".join(short.get(word, word[0]) for word in words)
    return f"{area}{initials}{region.rpartition('-')[2]}-az{number}"


def _availability_zones(look_up: LookUp) -> dict[str, Any]:
    region = look_up.region
    letters = [letter for letter in "abc" if f"{region}{letter}" not in (look_up.arguments.get("excludeNames") or [])]
    return {
        "names": [region + letter for letter in letters],
        "zoneIds": [_zone_id(region, "abc".index(letter) + 1) for letter in letters],
        "groupNames": [region],
    }


def _vpc(look_up: LookUp) -> dict[str, Any]:
    id_ = look_up.text("id") or look_up.id("vpc", f"vpc {sorted(look_up.arguments.items(), key=str)}")
    main = look_up.id("rtb", id_)
    return {
        "id": id_,
        "arn": look_up.arn("ec2", f"vpc/{id_}"),
        "cidrBlock": look_up.text("cidrBlock", "172.31.0.0/16"),
        "cidrBlockAssociations": [],
        "default": bool(look_up.arguments.get("default")),
        "dhcpOptionsId": look_up.id("dopt", id_),
        "enableDnsHostnames": True,
        "enableDnsSupport": True,
        "enableNetworkAddressUsageMetrics": False,
        "instanceTenancy": "default",
        "ipv6AssociationId": "",
        "ipv6CidrBlock": "",
        "mainRouteTableId": main,
        "ownerId": look_up.emulated_account.account_id,
        "state": "available",
        "tags": look_up.arguments.get("tags") or {},
    }


def _vpc_of(look_up: LookUp) -> str:
    """The VPC that a look-up of subnets names by a filter."""
    filters = look_up.arguments.get("filters") or []
    values = [value for f in filters if f.get("name") == "vpc-id" for value in f.get("values", [])]
    return str(values[0]) if values else look_up.text("vpcId", "vpc")


def _subnets(look_up: LookUp) -> dict[str, Any]:
    vpc, own = _vpc_of(look_up), "aws:ec2/subnet:Subnet"
    registered = [
        entry["id"]
        for entry in look_up.emulated_account.by_urn.values()
        if entry["type"] == own and entry["outputs"].get("vpcId") == vpc
    ]
    return {"ids": registered or [look_up.id("subnet", f"{vpc} {zone}") for zone in "ab"]}


def _subnet(look_up: LookUp) -> dict[str, Any]:
    id_ = look_up.text("id") or look_up.id("subnet", f"subnet {sorted(look_up.arguments.items(), key=str)}")
    return {
        "id": id_,
        "arn": look_up.arn("ec2", f"subnet/{id_}"),
        "vpcId": look_up.text("vpcId") or look_up.id("vpc", id_),
        "cidrBlock": look_up.text("cidrBlock", "172.31.0.0/20"),
        "availabilityZone": look_up.text("availabilityZone", f"{look_up.region}a"),
        "availabilityZoneId": look_up.text("availabilityZoneId", _zone_id(look_up.region, 1)),
        "availableIpAddressCount": 4091,
        "assignIpv6AddressOnCreation": False,
        "defaultForAz": False,
        "mapPublicIpOnLaunch": False,
        "ownerId": look_up.emulated_account.account_id,
        "state": "available",
        "tags": look_up.arguments.get("tags") or {},
    }


def _security_group(look_up: LookUp) -> dict[str, Any]:
    id_ = look_up.text("id") or look_up.id("sg", f"sg {sorted(look_up.arguments.items(), key=str)}")
    name = look_up.text("name", "default")
    resource = look_up.arn("ec2", f"security-group/{id_}")
    vpc = look_up.text("vpcId") or look_up.id("vpc", id_)
    return {"id": id_, "arn": resource, "name": name, "description": name, "vpcId": vpc, "tags": {}}


def _identified_list(prefix: str, count: int) -> Callable[[LookUp], dict[str, Any]]:
    def answered(look_up: LookUp) -> dict[str, Any]:
        seed = f"{prefix} {sorted(look_up.arguments.items(), key=str)}"
        return {"ids": [look_up.id(prefix, f"{seed} {index}") for index in range(count)]}

    return answered


def _prefix_list(look_up: LookUp) -> dict[str, Any]:
    name = look_up.text("name", f"com.amazonaws.{look_up.region}.s3")
    id_ = look_up.text("id") or look_up.id("pl", name)
    return {"id": id_, "name": name, "arn": look_up.arn("ec2", f"prefix-list/{id_}"), "cidrBlocks": ["52.216.0.0/15"]}


def _registry(look_up: LookUp) -> str:
    account = look_up.text("registryId") or look_up.emulated_account.account_id
    return f"https://{account}.dkr.ecr.{look_up.region}.{dns_suffix_of(look_up.region)}"


def _registry_token(look_up: LookUp) -> dict[str, Any]:
    encoded = base64.b64encode(b"AWS:local").decode()
    registry = _registry(look_up)
    return {
        "authorizationToken": encoded,
        "userName": "AWS",
        "password": "local",
        "proxyEndpoint": registry,
        "expiresAt": "2035-01-01T00:00:00Z",
        "registryId": look_up.text("registryId") or look_up.emulated_account.account_id,
    }


def _ip_ranges(_: LookUp) -> dict[str, Any]:
    return {"cidrBlocks": ["3.5.140.0/22"], "ipv6CidrBlocks": [], "createDate": "2025-01-01-00-00-00", "syncToken": 1}


def _default_tags(_: LookUp) -> dict[str, Any]:
    return {"tags": {}}


def _service_principal(look_up: LookUp) -> dict[str, Any]:
    service = look_up.text("serviceName")
    return {"id": f"{service}.{look_up.region}", "name": f"{service}.amazonaws.com", "suffix": "amazonaws.com"}


def _regions(_: LookUp) -> dict[str, Any]:
    return {"names": sorted(_REGION_NAMES)}


def _image(look_up: LookUp) -> dict[str, Any]:
    id_ = look_up.id("ami", f"{sorted(look_up.arguments.items(), key=str)}")
    return {"id": id_, "imageId": id_, "arn": look_up.arn("ec2", f"image/{id_}"), "architecture": "x86_64"}


def _role(look_up: LookUp) -> dict[str, Any]:
    name = look_up.text("name")
    resource = arn(
        "iam", f"role/{name}", region=look_up.region, account_id=look_up.emulated_account.account_id, global_=True
    )
    return {"id": name, "arn": resource, "path": "/", "uniqueId": "AROAIOSFODNN7EXAMPLE"}


def _roles(look_up: LookUp) -> dict[str, Any]:
    """One role that the pattern describes: its letters, digits and hyphens."""
    name = re.sub(r"[^\w-]", "", look_up.text("nameRegex", "role"))
    path = look_up.text("pathPrefix", "/")
    account = look_up.emulated_account.account_id
    resource = arn("iam", f"role{path}{name}", region=look_up.region, account_id=account, global_=True)
    return {"names": [name], "arns": [resource]}


def _service_quota(look_up: LookUp) -> dict[str, Any]:
    """A quota that nothing here reaches: 1,000, Lambda's default for concurrent executions."""
    code, service = look_up.text("quotaCode", "L-00000000"), look_up.text("serviceCode")
    return {
        "arn": look_up.arn("servicequotas", f"{service}/{code}"),
        "quotaCode": code,
        "quotaName": look_up.text("quotaName", code),
        "adjustable": True,
        "defaultValue": 1000,
        "globalQuota": False,
        "serviceName": service,
        "usageMetrics": [],
        "value": 1000,
    }


def _managed_policy(look_up: LookUp) -> dict[str, Any]:
    resource = look_up.text("arn") or f"arn:{partition_of(look_up.region)}:iam::aws:policy/{look_up.text('name')}"
    return {"id": resource, "arn": resource, "name": resource.rpartition("/")[2], "path": "/"}


def _hosted_zone(look_up: LookUp) -> dict[str, Any]:
    name = look_up.text("name", "example.com").rstrip(".")
    id_ = look_up.text("zoneId") or "Z" + token(f"zone {name}", 20).upper()
    servers = [f"ns-{number}.awsdns-{number:02}.com" for number in range(1, 5)]
    return {
        "id": id_,
        "zoneId": id_,
        "arn": f"arn:{partition_of(look_up.region)}:route53:::hostedzone/{id_}",
        "name": name,
        "nameServers": servers,
        "primaryNameServer": servers[0],
        "privateZone": bool(look_up.arguments.get("privateZone")),
        "tags": look_up.arguments.get("tags") or {},
    }


def _uuid(seed: str) -> str:
    return str(uuid.UUID(token(seed, 32, HEXADECIMAL)))


def _certificate(look_up: LookUp) -> dict[str, Any]:
    resource = look_up.arn("acm", f"certificate/{_uuid('certificate ' + look_up.text('domain'))}")
    return {"id": resource, "arn": resource, "status": "ISSUED", "tags": {}}


def _secret(look_up: LookUp) -> dict[str, Any]:
    name = look_up.text("name") or look_up.text("arn").rpartition(":")[2]
    resource = look_up.text("arn") or look_up.arn("secretsmanager", f"secret:{name}-{token(name, 6)}")
    return {"id": resource, "arn": resource, "name": name}


def _bucket(look_up: LookUp) -> dict[str, Any]:
    name = look_up.text("bucket")
    return {
        "id": name,
        "arn": f"arn:{partition_of(look_up.region)}:s3:::{name}",
        "bucketDomainName": f"{name}.s3.{dns_suffix_of(look_up.region)}",
        "bucketRegionalDomainName": f"{name}.s3.{look_up.region}.{dns_suffix_of(look_up.region)}",
        "bucketRegion": look_up.region,
    }


def _key(look_up: LookUp) -> dict[str, Any]:
    id_ = _uuid(f"key {sorted(look_up.arguments.items(), key=str)}")
    resource = look_up.arn("kms", f"key/{id_}")
    if "name" in look_up.arguments:
        alias = look_up.arn("kms", look_up.text("name"))
        return {"id": alias, "arn": alias, "targetKeyId": id_, "targetKeyArn": resource}
    return {"id": id_, "arn": resource, "enabled": True}


def _policy_document(look_up: LookUp) -> dict[str, Any]:
    return policy_document(look_up.arguments)


_ANSWERS: dict[str, Callable[[LookUp], dict[str, Any]]] = {
    "getCallerIdentity": _caller_identity,
    "getRegion": _region,
    "getRegions": _regions,
    "getPartition": _partition,
    "getAvailabilityZones": _availability_zones,
    "getIpRanges": _ip_ranges,
    "getDefaultTags": _default_tags,
    "getServicePrincipal": _service_principal,
    "ec2.getVpc": _vpc,
    "ec2.getVpcs": _identified_list("vpc", 1),
    "ec2.getSubnets": _subnets,
    "ec2.getSubnet": _subnet,
    "ec2.getSecurityGroup": _security_group,
    "ec2.getSecurityGroups": _identified_list("sg", 1),
    "ec2.getRouteTables": _identified_list("rtb", 1),
    "ec2.getPrefixList": _prefix_list,
    "ec2.getManagedPrefixList": _prefix_list,
    "ec2.getAmi": _image,
    "ecr.getAuthorizationToken": _registry_token,
    "ecr.getCredentials": _registry_token,
    "acm.getCertificate": _certificate,
    "iam.getPolicyDocument": _policy_document,
    "iam.getRole": _role,
    "iam.getRoles": _roles,
    "iam.getPolicy": _managed_policy,
    "kms.getAlias": _key,
    "kms.getKey": _key,
    "route53.getZone": _hosted_zone,
    "s3.getBucket": _bucket,
    "secretsmanager.getSecret": _secret,
    "servicequotas.getServiceQuota": _service_quota,
}
