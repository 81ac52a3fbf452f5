"""From a Pulumi resource's inputs to the arguments of the SDK's client."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from parity.local.program.records import ASSET, SIGNATURE, ResourceRecord


def region_of(record: ResourceRecord) -> str:
    """The region that a resource is in: its own, or that of its ARN."""
    parts = str(record.outputs.get("arn") or "").split(":")
    from_arn = parts[3] if len(parts) > 5 else ""
    return str(record.outputs.get("region") or from_arn or "us-east-1")


def given(properties: Mapping[str, Any], **names: str) -> dict[str, Any]:
    """The properties that are set, under the SDK's names.

    Args:
        properties: a resource's inputs.
        names: the SDK's name by the resource's own, such as `billingMode="BillingMode"` turned around:
            `given(inputs, BillingMode="billingMode")`.
    """
    return {name: properties[own] for name, own in names.items() if properties.get(own) not in (None, "")}


def tags(record: ResourceRecord) -> list[dict[str, str]]:
    """The resource's tags, as most services take them."""
    found = record.outputs.get("tagsAll") or record.inputs.get("tags") or {}
    return [{"Key": key, "Value": str(value)} for key, value in found.items()]


def as_text(value: Any) -> str:
    """A document that a program may give as JSON text or as an object."""
    return value if isinstance(value, str) else json.dumps(value)


def content(inputs: Mapping[str, Any], directory: Path) -> bytes:
    """The content of an S3 object: `content`, `contentBase64`, or the asset in `source`.

    Args:
        inputs: the object's inputs.
        directory: the folder that relative paths begin at.

    Raises:
        OSError: the asset's file cannot be read.
    """
    if inputs.get("contentBase64"):
        return base64.b64decode(inputs["contentBase64"])
    source = inputs.get("source")
    if isinstance(source, Mapping) and source.get(SIGNATURE) == ASSET:
        if source.get("text") is not None:
            return str(source["text"]).encode()
        return (directory / str(source.get("path", ""))).read_bytes()
    return str(inputs.get("content") or "").encode()
