"""Outputs of the services that programs use beside an API: identities, logs, storage, queues, secrets, randomness."""

import base64
import string
import uuid
from typing import Any

from parity.local.creation import Computer, Creation
from parity.local.identity import HEXADECIMAL, dns_suffix_of
from parity.local.outputs_generic import CREATED


def _iam(kind: str, prefix: str) -> Computer:
    """A computer for an IAM entity with a path, such as `role` or `user`."""

    def computed(creation: Creation) -> dict[str, Any]:
        name, path = creation.name(), creation.text("path", "/")
        arn = creation.arn("iam", f"{kind}{path}{name}", global_=True)
        unique = prefix + creation.token(17, string.ascii_uppercase + "234567")
        identity = arn if kind == "policy" else name
        return {"id": identity, "name": name, "arn": arn, "uniqueId": unique, "policyId": unique, "createDate": CREATED}

    return computed


def _role_policy(creation: Creation) -> dict[str, Any]:
    return {"id": f"{creation.text('role')}:{creation.name()}", "name": creation.name()}


def _log_group(creation: Creation) -> dict[str, Any]:
    name = creation.name()
    return {"id": name, "name": name, "arn": creation.arn("logs", f"log-group:{name}"), "logGroupClass": "STANDARD"}


def _bucket(creation: Creation) -> dict[str, Any]:
    name = creation.name("bucket")
    suffix = dns_suffix_of(creation.region)
    return {
        "id": name,
        "bucket": name,
        "arn": creation.arn("s3", name, global_=True, account=False),
        "bucketDomainName": f"{name}.s3.{suffix}",
        "bucketRegionalDomainName": f"{name}.s3.{creation.region}.{suffix}",
        "bucketRegion": creation.region,
        "hostedZoneId": "Z3AQBSTGFYJSTF",
    }


def _bucket_object(creation: Creation) -> dict[str, Any]:
    key = creation.text("key") or creation.record.name
    return {"id": key, "key": key, "arn": creation.arn("s3", f"{creation.text('bucket')}/{key}", account=False)}


def _queue(creation: Creation) -> dict[str, Any]:
    fifo = ".fifo" if creation.inputs.get("fifoQueue") and not creation.inputs.get("name") else ""
    name = creation.name() + fifo
    url = f"https://sqs.{creation.region}.{dns_suffix_of(creation.region)}/{creation.account_id}/{name}"
    return {"id": url, "url": url, "name": name, "arn": creation.arn("sqs", name)}


def _topic(creation: Creation) -> dict[str, Any]:
    arn = creation.arn("sns", creation.name())
    return {"id": arn, "arn": arn, "name": creation.name(), "owner": creation.account_id}


def _table(creation: Creation) -> dict[str, Any]:
    return {"id": creation.name(), "name": creation.name(), "arn": creation.arn("dynamodb", f"table/{creation.name()}")}


def _key(creation: Creation) -> dict[str, Any]:
    id_ = _uuid(creation)
    return {"id": id_, "keyId": id_, "arn": creation.arn("kms", f"key/{id_}")}


def _secret(creation: Creation) -> dict[str, Any]:
    arn = creation.arn("secretsmanager", f"secret:{creation.name()}-{creation.token(6, string.ascii_letters)}")
    return {"id": arn, "arn": arn, "name": creation.name()}


def _secret_version(creation: Creation) -> dict[str, Any]:
    version = _uuid(creation)
    return {"id": f"{creation.text('secretId')}|{version}", "arn": creation.text("secretId"), "versionId": version}


def _parameter(creation: Creation) -> dict[str, Any]:
    name = creation.name()
    return {"id": name, "name": name, "arn": creation.arn("ssm", f"parameter/{name.lstrip('/')}"), "version": 1}


def _user_pool(creation: Creation) -> dict[str, Any]:
    id_ = f"{creation.region}_{creation.token(9, string.ascii_letters + string.digits)}"
    return {
        "id": id_,
        "name": creation.name(),
        "arn": creation.arn("cognito-idp", f"userpool/{id_}"),
        "endpoint": f"cognito-idp.{creation.region}.{dns_suffix_of(creation.region)}/{id_}",
    }


def _uuid(creation: Creation) -> str:
    return str(uuid.UUID(hex=creation.token(32, HEXADECIMAL), version=4))


def _random_string(creation: Creation) -> dict[str, Any]:
    alphabet = "".join(
        characters
        for option, characters in (
            ("lower", string.ascii_lowercase),
            ("upper", string.ascii_uppercase),
            ("numeric", string.digits),
            ("special", creation.text("overrideSpecial") or "!@#$%&*()-_=+[]{}<>:?"),
        )
        if creation.inputs.get(option) is not False
    )
    length = int(creation.inputs.get("length", 16))
    parts = [creation.token(50, alphabet, salt=str(index)) for index in range(length // 50 + 1)]
    result = "".join(parts)[:length]
    return {"id": result, "result": result}


def _random_id(creation: Creation) -> dict[str, Any]:
    count = int(creation.inputs.get("byteLength", 8))
    hexadecimal = "".join(creation.token(50, HEXADECIMAL, salt=str(i)) for i in range(count // 25 + 1))[: 2 * count]
    raw = bytes.fromhex(hexadecimal)
    prefix = creation.text("prefix")
    url_safe = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    return {
        "id": url_safe,
        "hex": prefix + hexadecimal,
        "dec": prefix + str(int.from_bytes(raw, "big")),
        "b64Std": prefix + base64.b64encode(raw).decode(),
        "b64Url": prefix + url_safe,
    }


def _random_pet(creation: Creation) -> dict[str, Any]:
    words = ("amber", "brave", "calm", "dear", "eager", "fair", "glad", "keen", "mild", "neat", "otter", "raven")
    count = int(creation.inputs.get("length", 2))
    indices = creation.token(count, "".join(chr(index) for index in range(len(words))))
    parts = [creation.text("prefix")] if creation.text("prefix") else []
    return {"id": creation.text("separator", "-").join([*parts, *(words[ord(index)] for index in indices)])}


def _random_uuid(creation: Creation) -> dict[str, Any]:
    return {"id": _uuid(creation), "result": _uuid(creation)}


def _random_integer(creation: Creation) -> dict[str, Any]:
    low, high = int(creation.inputs.get("min", 0)), int(creation.inputs.get("max", 100))
    result = low + int(creation.token(12, HEXADECIMAL), 16) % (high - low + 1)
    return {"id": str(result), "result": result}


COMPUTERS: dict[str, Computer] = {
    "aws:iam/role:Role": _iam("role", "AROA"),
    "aws:iam/user:User": _iam("user", "AIDA"),
    "aws:iam/group:Group": _iam("group", "AGPA"),
    "aws:iam/policy:Policy": _iam("policy", "ANPA"),
    "aws:iam/instanceProfile:InstanceProfile": _iam("instance-profile", "AIPA"),
    "aws:iam/rolePolicy:RolePolicy": _role_policy,
    "aws:cloudwatch/logGroup:LogGroup": _log_group,
    "aws:sqs/queue:Queue": _queue,
    "aws:sns/topic:Topic": _topic,
    "aws:dynamodb/table:Table": _table,
    "aws:kms/key:Key": _key,
    "aws:secretsmanager/secret:Secret": _secret,
    "aws:secretsmanager/secretVersion:SecretVersion": _secret_version,
    "aws:ssm/parameter:Parameter": _parameter,
    "aws:cognito/userPool:UserPool": _user_pool,
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
