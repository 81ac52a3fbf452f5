"""The static content of an `aws-apigateway.RestAPI`: files as S3 objects, and the operations that serve them."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from parity.local.program.records import ASSET, SIGNATURE
from parity.local.worker.component import (
    ComponentError,
    Registered,
    Registrar,
    assume_role_policy,
    is_reference,
    short_hash,
)

_CONTENT_TYPES = {
    ".ico": "image/vnd.microsoft.icon",
    ".js": "application/javascript",
    ".map": "application/json",
    ".md": "text/markdown",
    ".mjs": "application/javascript",
    ".webmanifest": "application/manifest+json",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".yaml": "text/yaml",
    ".yml": "text/yaml",
}
"""Where the component's own table (npm's `mime`) differs from Python's, or Python's from version to version."""
_S3_FULL_ACCESS = "arn:{partition}:iam::aws:policy/AmazonS3FullAccess"

Operation = tuple[str, str, dict[str, Any]]
"""A path, a method as Swagger names it, and the operation."""


class StaticContent:
    """The bucket of a component and what its routes put into it.

    Args:
        name: the component's name.
        arguments: its inputs; `staticRoutesBucket` is a bucket to use, which is made otherwise.
        registrar: registers its children.
    """

    def __init__(self, name: str, arguments: Mapping[str, Any], registrar: Registrar) -> None:
        self._name = name
        self._given_bucket = arguments.get("staticRoutesBucket")
        self._tags = arguments.get("tags")
        self._registrar = registrar
        self._bucket: Registered | None = None

    def operations(self, path: str, route: Mapping[str, Any]) -> Iterator[Operation]:
        """Registers what a route's `localPath` holds, and yields the operations that serve it.

        Raises:
            ComponentError: there is nothing at its `localPath`.
        """
        local = Path(str(route["localPath"]))
        if local.is_file():
            yield from self._file(path, local, route.get("contentType"))
        elif local.is_dir():
            yield from self._folder(path if path.endswith("/") else f"{path}/", local, route.get("index"))
        else:
            raise ComponentError(f"the route {path} serves local_path={str(local)!r}, which is not in {Path.cwd()}")

    def _file(self, path: str, file: Path, content_type: str | None) -> Iterator[Operation]:
        key = self._name + short_hash(f"get:{path}")
        role = self._role(key)
        self._object(key, file, content_type)
        yield path, "get", self._operation(key, role)

    def _folder(self, path: str, folder: Path, index: Any) -> Iterator[Operation]:
        key = self._name + short_hash(f"get:{path}")
        role = self._role(key)
        index_file = None if index is False else index if isinstance(index, str) else "index.html"
        for file in _files(folder):
            relative = file.relative_to(folder).as_posix()
            self._object(f"{key}/{relative}", file, None)
            if relative == index_file:
                yield path, "get", self._operation(f"{key}/{relative}", role)
        yield path + "{proxy+}", "x-amazon-apigateway-any-method", self._operation(key, role, greedy=True)

    def _role(self, key: str) -> Registered:
        policy = assume_role_policy("apigateway.amazonaws.com")
        role = self._registrar.register("aws:iam/role:Role", key, {"assumeRolePolicy": policy, "tags": self._tags})
        self._registrar.register(
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            key,
            {"role": role.id, "policyArn": _S3_FULL_ACCESS.format(partition=self._registrar.partition)},
        )
        return role

    def _bucket_name(self) -> str:
        if self._bucket is None:
            if is_reference(self._given_bucket):
                self._bucket = self._registrar.resource(self._given_bucket)
            else:
                name = "".join(c for c in self._name.lower() if c.isascii() and (c.isalnum() or c == "-"))
                self._bucket = self._registrar.register("aws:s3/bucket:Bucket", name, self._given_bucket or {})
        return str(self._bucket.outputs["bucket"])

    def _object(self, key: str, file: Path, content_type: str | None) -> None:
        self._registrar.register(
            "aws:s3/bucketObject:BucketObject",
            key,
            {
                "bucket": self._bucket_name(),
                "key": key,
                "tags": self._tags,
                "source": {SIGNATURE: ASSET, "path": str(file)},
                "contentType": content_type or _content_type(file),
            },
        )

    def _operation(self, key: str, role: Registered, *, greedy: bool = False) -> dict[str, Any]:
        place = f"{self._bucket_name()}/{key}{'/{proxy}' if greedy else ''}"
        integration: dict[str, Any] = {
            "credentials": role.outputs["arn"],
            "uri": f"arn:{self._registrar.partition}:apigateway:{self._registrar.region}:s3:path/{place}",
            "passthroughBehavior": "when_no_match",
            "httpMethod": "GET",
            "type": "aws",
            "responses": {
                "4\\d{2}": {"statusCode": "400"},
                "default": {
                    "statusCode": "200",
                    "responseParameters": {
                        f"method.response.header.{name}": f"integration.response.header.{name}"
                        for name in ("Content-Type", "content-type")
                    },
                },
                "5\\d{2}": {"statusCode": "500"},
            },
        }
        headers = {name: {"type": "string"} for name in ("Content-Type", "content-type")}
        operation: dict[str, Any] = {
            "responses": {
                "200": {"description": "200 response", "schema": {"type": "object"}, "headers": headers},
                "400": {"description": "400 response"},
                "500": {"description": "500 response"},
            },
            "x-amazon-apigateway-integration": integration,
        }
        if greedy:
            operation["parameters"] = [{"name": "proxy", "in": "path", "required": True, "type": "string"}]
            integration["requestParameters"] = {"integration.request.path.proxy": "method.request.path.proxy"}
        return operation


def _files(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.is_dir():
            yield from _files(entry)
        elif entry.is_file():
            yield entry


def _content_type(file: Path) -> str | None:
    suffix = file.suffix.lower()
    return _CONTENT_TYPES.get(suffix) or mimetypes.guess_type(f"a{suffix}")[0]
