"""Outputs of the services that programs use beside an API: identities, logs, storage, secrets, randomness."""

from __future__ import annotations

import base64
import string
import uuid
from typing import Any

from parity.local.resources.generic import CREATED
from parity.local.resources.identity import HEXADECIMAL, dns_suffix_of
from parity.local.resources.resource_context import Computer, ResourceContext


def _iam(kind: str, prefix: str) -> Computer:
    """A computer for an IAM entity with a path, such as `role` or `user`."""

    def computed(context: ResourceContext) -> dict[str, Any]:
        name, path = context.name(), context.text("path", "/")
        arn = context.arn("iam", f"{kind}{path}{name}", global_=True)
        unique = prefix + context.token(17, string.ascii_uppercase + "234567")
        identity = arn if kind == "policy" else name
        return {"id": identity, "name": name, "arn": arn, "uniqueId": unique, "policyId": unique, "createDate": CREATED}

    return computed


def _role_policy(context: ResourceContext) -> dict[str, Any]:
    return {"id": f"{context.text('role')}:{context.name()}", "name": context.name()}


def _log_group(context: ResourceContext) -> dict[str, Any]:
    name = context.name()
    return {"id": name, "name": name, "arn": context.arn("logs", f"log-group:{name}"), "logGroupClass": "STANDARD"}


def _bucket(context: ResourceContext) -> dict[str, Any]:
    name = context.name("bucket")
    suffix = dns_suffix_of(context.region)
    return {
        "id": name,
        "bucket": name,
        "arn": context.arn("s3", name, global_=True, account=False),
        "bucketDomainName": f"{name}.s3.{suffix}",
        "bucketRegionalDomainName": f"{name}.s3.{context.region}.{suffix}",
        "bucketRegion": context.region,
        "hostedZoneId": "Z3AQBSTGFYJSTF",
    }


def _bucket_object(context: ResourceContext) -> dict[str, Any]:
    key = context.text("key") or context.record.name
    return {"id": key, "key": key, "arn": context.arn("s3", f"{context.text('bucket')}/{key}", account=False)}


def _table(context: ResourceContext) -> dict[str, Any]:
    arn = context.arn("dynamodb", f"table/{context.name()}")
    outputs = {"id": context.name(), "name": context.name(), "arn": arn, "streamArn": "", "streamLabel": ""}
    if context.inputs.get("streamEnabled"):
        outputs["streamLabel"] = CREATED.replace("Z", ".000")
        outputs["streamArn"] = f"{arn}/stream/{outputs['streamLabel']}"
    return outputs


def _key(context: ResourceContext) -> dict[str, Any]:
    id_ = _uuid(context)
    return {"id": id_, "keyId": id_, "arn": context.arn("kms", f"key/{id_}")}


def _secret(context: ResourceContext) -> dict[str, Any]:
    arn = context.arn("secretsmanager", f"secret:{context.name()}-{context.token(6, string.ascii_letters)}")
    return {"id": arn, "arn": arn, "name": context.name()}


def _secret_version(context: ResourceContext) -> dict[str, Any]:
    version = _uuid(context)
    return {"id": f"{context.text('secretId')}|{version}", "arn": context.text("secretId"), "versionId": version}


def _parameter(context: ResourceContext) -> dict[str, Any]:
    name = context.name()
    return {"id": name, "name": name, "arn": context.arn("ssm", f"parameter/{name.lstrip('/')}"), "version": 1}


def _user_pool(context: ResourceContext) -> dict[str, Any]:
    id_ = f"{context.region}_{context.token(9, string.ascii_letters + string.digits)}"
    return {
        "id": id_,
        "name": context.name(),
        "arn": context.arn("cognito-idp", f"userpool/{id_}"),
        "endpoint": f"cognito-idp.{context.region}.{dns_suffix_of(context.region)}/{id_}",
    }


def _user_pool_client(context: ResourceContext) -> dict[str, Any]:
    id_ = context.token(26)
    has_secret = bool(context.inputs.get("generateSecret"))
    return {"id": id_, "name": context.name(), "clientSecret": context.token(51, salt="secret") if has_secret else ""}


def _uuid(context: ResourceContext) -> str:
    return str(uuid.UUID(hex=context.token(32, HEXADECIMAL), version=4))


def _random_string(context: ResourceContext) -> dict[str, Any]:
    alphabet = "".join(
        characters
        for option, characters in (
            ("lower", string.ascii_lowercase),
            ("upper", string.ascii_uppercase),
            ("numeric", string.digits),
            ("special", context.text("overrideSpecial") or "!@#$%&*()-_=+[]{}<>:?"),
        )
        if context.inputs.get(option) is not False
    )
    length = int(context.inputs.get("length", 16))
    parts = [context.token(50, alphabet, salt=str(index)) for index in range(length // 50 + 1)]
    result = "".join(parts)[:length]
    return {"id": result, "result": result}


def _random_id(context: ResourceContext) -> dict[str, Any]:
    count = int(context.inputs.get("byteLength", 8))
    hexadecimal = "".join(context.token(50, HEXADECIMAL, salt=str(i)) for i in range(count // 25 + 1))[: 2 * count]
    raw = bytes.fromhex(hexadecimal)
    prefix = context.text("prefix")
    url_safe = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    return {
        "id": url_safe,
        "hex": prefix + hexadecimal,
        "dec": prefix + str(int.from_bytes(raw, "big")),
        "b64Std": prefix + base64.b64encode(raw).decode(),
        "b64Url": prefix + url_safe,
    }


def _random_pet(context: ResourceContext) -> dict[str, Any]:
    words = ("amber", "brave", "calm", "dear", "eager", "fair", "glad", "keen", "mild", "neat", "otter", "raven")
    count = int(context.inputs.get("length", 2))
    indices = context.token(count, "".join(chr(index) for index in range(len(words))))
    parts = [context.text("prefix")] if context.text("prefix") else []
    return {"id": context.text("separator", "-").join([*parts, *(words[ord(index)] for index in indices)])}


def _random_uuid(context: ResourceContext) -> dict[str, Any]:
    return {"id": _uuid(context), "result": _uuid(context)}


def _random_integer(context: ResourceContext) -> dict[str, Any]:
    low, high = int(context.inputs.get("min", 0)), int(context.inputs.get("max", 100))
    result = low + int(context.token(12, HEXADECIMAL), 16) % (high - low + 1)
    return {"id": str(result), "result": result}


COMPUTERS: dict[str, Computer] = {
    "aws:iam/role:Role": _iam("role", "AROA"),
    "aws:iam/user:User": _iam("user", "AIDA"),
    "aws:iam/group:Group": _iam("group", "AGPA"),
    "aws:iam/policy:Policy": _iam("policy", "ANPA"),
    "aws:iam/instanceProfile:InstanceProfile": _iam("instance-profile", "AIPA"),
    "aws:iam/rolePolicy:RolePolicy": _role_policy,
    "aws:cloudwatch/logGroup:LogGroup": _log_group,
    "aws:dynamodb/table:Table": _table,
    "aws:kms/key:Key": _key,
    "aws:secretsmanager/secret:Secret": _secret,
    "aws:secretsmanager/secretVersion:SecretVersion": _secret_version,
    "aws:ssm/parameter:Parameter": _parameter,
    "aws:cognito/userPool:UserPool": _user_pool,
    "aws:cognito/userPoolClient:UserPoolClient": _user_pool_client,
    "random:index/randomString:RandomString": _random_string,
    "random:index/randomPassword:RandomPassword": _random_string,
    "random:index/randomId:RandomId": _random_id,
    "random:index/randomPet:RandomPet": _random_pet,
    "random:index/randomUuid:RandomUuid": _random_uuid,
    "random:index/randomInteger:RandomInteger": _random_integer,
}
for _type in ("bucket:Bucket", "bucketV2:BucketV2"):
    COMPUTERS[f"aws:s3/{_type}"] = _bucket
for _type in ("bucketObject:BucketObject", "bucketObjectv2:BucketObjectv2"):
    COMPUTERS[f"aws:s3/{_type}"] = _bucket_object
