"""The Lambda functions of a program: from their records to functions that can be invoked locally."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from parity.local.containers.containers import image_source
from parity.local.functions.assets import AssetError, AssetStore
from parity.local.functions.concurrency import AccountConcurrency
from parity.local.functions.configuration import LambdaConfiguration
from parity.local.functions.function import LambdaFunction
from parity.local.functions.runtimes.image import FunctionImage
from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import ResourceIndex, text, texts, whole_number

FUNCTION = "aws:lambda/function:Function"
LAYER = "aws:lambda/layerVersion:LayerVersion"
EVENT_INVOKE_CONFIG = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
ALIAS = "aws:lambda/alias:Alias"
OBJECTS = ("aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2")

_DEFAULT_TIMEOUT_SECONDS = 3
_DEFAULT_MEMORY_MB = 128


class UnavailableFunctionError(Exception):
    """A function cannot be run here; its text says which and why."""


def lambda_function(
    record: ResourceRecord,
    resource_index: ResourceIndex,
    assets: AssetStore,
    *,
    log: Callable[[str], None],
    account: AccountConcurrency,
    aws_variables: Mapping[str, str] | None = None,
) -> LambdaFunction:
    """A function as its record declares it, not yet started.

    Args:
        record: the function's record.
        resource_index: the resources that it may refer to: layers, and objects that hold code.
        assets: unpacks its code.
        log: gets each event of the function's log.
        account: the account whose concurrency it uses.
        aws_variables: the environment variables that send its calls to AWS elsewhere.

    Raises:
        UnavailableFunctionError: its code is not a local file.
    """
    inputs, outputs = record.inputs, record.outputs
    image = _image(record, resource_index, assets) if text(inputs, "packageType") == "Image" else None
    arn = text(outputs, "arn")
    configuration = LambdaConfiguration(
        name=text(outputs, "name"),
        arn=arn,
        code=Path() if image else _code(record, resource_index, assets),
        handler=text(inputs, "handler"),
        runtime=text(inputs, "runtime"),
        environment={**_logging(inputs), **(aws_variables or {}), **_environment(inputs)},
        timeout_seconds=float(inputs.get("timeout") or _DEFAULT_TIMEOUT_SECONDS),
        memory_size_mb=int(inputs.get("memorySize") or _DEFAULT_MEMORY_MB),
        layers=_layers(record, resource_index, assets, log),
        region=arn.split(":")[3],
        image=image,
        project=assets.directory,
        log_group=log_group_of(record),
    )
    return LambdaFunction(
        configuration,
        concurrency=account.of_function(whole_number(inputs, "reservedConcurrentExecutions")),
        log=log,
    )


def log_group_of(record: ResourceRecord) -> str:
    """The log group that a function writes to: the one that it names, or its own."""
    own = text(record.inputs.get("loggingConfig") or {}, "logGroup")
    return own or f"/aws/lambda/{text(record.outputs, 'name')}"


def _logging(inputs: Mapping[str, Any]) -> dict[str, str]:
    """What tells the runtimes how to log: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html"""
    configuration = inputs.get("loggingConfig") or {}
    level = text(configuration, "applicationLogLevel")
    if text(configuration, "logFormat") != "JSON":
        return {}
    return {"AWS_LAMBDA_LOG_FORMAT": "JSON", **({"AWS_LAMBDA_LOG_LEVEL": level} if level else {})}


def _environment(inputs: Mapping[str, Any]) -> dict[str, str]:
    return texts(inputs.get("environment") or {}, "variables")


def _image(record: ResourceRecord, resource_index: ResourceIndex, assets: AssetStore) -> FunctionImage:
    configuration = record.inputs.get("imageConfig") or {}

    def words(name: str) -> list[str] | None:
        return [str(word) for word in configuration.get(name) or ()] or None

    return FunctionImage(
        source=image_source(text(record.inputs, "imageUri"), resource_index, assets.directory),
        command=words("commands"),
        entry_point=words("entryPoints"),
        scratch=assets.new_folder(),
    )


def _code(record: ResourceRecord, resource_index: ResourceIndex, assets: AssetStore) -> Path:
    archive = _archive(record, "code", resource_index)
    try:
        return assets.folder(archive, record.declared_by)
    except AssetError as error:
        raise UnavailableFunctionError(str(error)) from error


def _archive(record: ResourceRecord, property_name: str, resource_index: ResourceIndex) -> Any:
    """The archive with a function's or a layer's code: its own, or that of an object in a bucket."""
    if record.inputs.get(property_name) is not None:
        return record.inputs[property_name]
    bucket, key = text(record.inputs, "s3Bucket"), text(record.inputs, "s3Key")
    for candidate in resource_index.of_type(*OBJECTS):
        if text(candidate.outputs, "key") == key and text(candidate.inputs, "bucket") == bucket:
            return candidate.inputs.get("source")
    where = f"s3://{bucket}/{key}, which this program does not declare" if key else "nowhere: it has no code"
    raise UnavailableFunctionError(f"{record.declared_by} has its code in {where}; give it a local archive")


def _layers(
    record: ResourceRecord, resource_index: ResourceIndex, assets: AssetStore, log: Callable[[str], None]
) -> list[Path]:
    folders = []
    for arn in record.inputs.get("layers") or []:
        layer = resource_index.find(str(arn), LAYER)
        if layer is None:
            log(f"{record.declared_by} uses the layer {arn}, which this program does not declare: it is left out")
            continue
        try:
            folders.append(assets.folder(_archive(layer, "code", resource_index), layer.declared_by))
        except (AssetError, UnavailableFunctionError) as error:
            log(f"{record.declared_by}: a layer is left out: {error}")
    return folders
