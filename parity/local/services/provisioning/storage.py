"""S3 buckets and objects, Step Functions state machines, parameters, secrets and keys."""

import base64
from pathlib import Path
from typing import Any

from parity.local.program.records import ResourceRecord
from parity.local.services.emulator.clients import Clients
from parity.local.services.provisioning.arguments import as_text, content, given, region_of, tags


def create_bucket(record: ResourceRecord, clients: Clients) -> None:
    """Creates a bucket."""
    region = region_of(record)
    where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    client, name = clients.of("s3", region), record.outputs["bucket"]
    client.create_bucket(Bucket=name, **where)
    if (record.inputs.get("versioning") or {}).get("enabled"):
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


def set_versioning(record: ResourceRecord, clients: Clients) -> None:
    """Sets the versioning of a bucket."""
    status = record.inputs["versioningConfiguration"]["status"]
    clients.of("s3", region_of(record)).put_bucket_versioning(
        Bucket=record.inputs["bucket"], VersioningConfiguration={"Status": status}
    )


def put_object(record: ResourceRecord, clients: Clients) -> None:
    """Puts an object into its bucket."""
    inputs = record.inputs
    arguments = given(
        inputs,
        ContentType="contentType",
        ContentEncoding="contentEncoding",
        CacheControl="cacheControl",
        Metadata="metadata",
    )
    clients.of("s3", region_of(record)).put_object(
        Bucket=inputs["bucket"], Key=record.outputs["key"], Body=content(inputs, Path.cwd()), **arguments
    )


def create_state_machine(record: ResourceRecord, clients: Clients) -> None:
    """Creates a state machine."""
    clients.of("stepfunctions", region_of(record)).create_state_machine(
        name=record.outputs["name"],
        definition=as_text(record.inputs["definition"]),
        roleArn=record.inputs["roleArn"],
        type=record.inputs.get("type") or "STANDARD",
    )


def put_parameter(record: ResourceRecord, clients: Clients) -> None:
    """Creates a parameter."""
    inputs = record.inputs
    arguments: dict[str, Any] = given(inputs, Description="description", KeyId="keyId", DataType="dataType")
    value = inputs.get("value") or inputs.get("insecureValue") or ""
    clients.of("ssm", region_of(record)).put_parameter(
        Name=record.outputs["name"], Value=value, Type=inputs.get("type") or "String", Overwrite=True, **arguments
    )


def create_secret(record: ResourceRecord, clients: Clients) -> None:
    """Creates a secret without a value, under the ARN that the program sees."""
    name, arn = str(record.outputs["name"]), str(record.outputs["arn"])
    client = clients.of("secretsmanager", region_of(record))
    created = client.create_secret(Name=name, Tags=tags(record), **given(record.inputs, Description="description"))
    if created["ARN"] != arn:
        _give_arn_to_secret(arn, created["ARN"])


def _give_arn_to_secret(arn: str, made_up: str) -> None:
    """moto ends a secret's ARN at random; in its own process it can be given the one that is known."""
    from moto.secretsmanager.models import secretsmanager_backends

    for backend in secretsmanager_backends[arn.split(":")[4]].values():
        for secret in backend.secrets.values():
            if secret.arn == made_up:
                secret.arn = arn


def put_secret_value(record: ResourceRecord, clients: Clients) -> None:
    """Gives a secret a value."""
    inputs = record.inputs
    arguments = given(inputs, SecretString="secretString", VersionStages="versionStages")
    if inputs.get("secretBinary"):
        arguments["SecretBinary"] = base64.b64decode(inputs["secretBinary"])
    region = str(inputs["secretId"]).split(":")[3] if ":" in str(inputs["secretId"]) else region_of(record)
    version = record.outputs.get("versionId")
    clients.of("secretsmanager", region).put_secret_value(
        SecretId=inputs["secretId"], **({"ClientRequestToken": version} if version else {}), **arguments
    )


def create_key(record: ResourceRecord, clients: Clients) -> None:
    """Creates a key, under the id that the program sees."""
    region, arn = region_of(record), str(record.outputs["arn"])
    arguments = given(record.inputs, Description="description", KeyUsage="keyUsage", KeySpec="customerMasterKeySpec")
    created = clients.of("kms", region).create_key(**arguments)["KeyMetadata"]
    _give_id_to_key(str(record.outputs["keyId"]), arn, created["KeyId"], region)


def _give_id_to_key(id_: str, arn: str, made_up: str, region: str) -> None:
    """moto makes up a key's id; in its own process it can be given the one that is known."""
    from moto.kms.models import kms_backends

    backend = kms_backends[arn.split(":")[4]][region]
    key = backend.keys.pop(made_up, None)
    if key is not None:
        key.id, key.arn = id_, arn
        backend.keys[id_] = key


def create_alias(record: ResourceRecord, clients: Clients) -> None:
    """Gives a key an alias."""
    clients.of("kms", region_of(record)).create_alias(
        AliasName=record.outputs["name"], TargetKeyId=str(record.inputs["targetKeyId"]).rpartition("/")[2]
    )
