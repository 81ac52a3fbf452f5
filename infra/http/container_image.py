"""The container image of the HTTP backend: built from a folder, pushed to a registry of its own."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pulumi_docker_build as docker_build

PLATFORM = docker_build.Platform.LINUX_AMD64


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerImageArgs:
    """`context` is the folder that holds the Dockerfile, with a `.dockerignore` that lets only `built_from` in."""

    context: Path
    built_from: tuple[str, ...] = ("Dockerfile", "requirements.txt", "*.py")


class ContainerImage(pulumi.ComponentResource):
    """An ECR repository that scans what is pushed and never lets a tag move, and the image in it.

    `reference` names the image by its digest. The tag is a digest of the sources, since a tag that exists cannot be
    pushed again.
    """

    reference: pulumi.Output[str]
    repository_arn: pulumi.Output[str]

    def __init__(self, name: str, args: ContainerImageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("parity:infra:ContainerImage", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        repository = aws.ecr.Repository(
            f"{name}-repository",
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration={"scan_on_push": True},
            encryption_configurations=[{"encryption_type": "KMS"}],
            force_delete=True,
            opts=child,
        )
        aws.ecr.LifecyclePolicy(f"{name}-lifecycle", repository=repository.name, policy=_keep_images(10), opts=child)
        credentials = aws.ecr.get_authorization_token_output(registry_id=repository.registry_id)
        # Relative to the project's folder, so that another checkout of the same sources changes nothing.
        context = os.path.relpath(args.context)
        image = docker_build.Image(
            f"{name}-image",
            context={"location": context},
            dockerfile={"location": f"{context}/Dockerfile"},
            platforms=[PLATFORM],
            tags=[pulumi.Output.concat(repository.repository_url, ":", source_digest(args))],
            push=True,
            # A preview needs no Docker engine, and what it built could not be what is pushed later.
            build_on_preview=False,
            registries=[
                {
                    "address": repository.repository_url,
                    "username": credentials.user_name,
                    "password": pulumi.Output.secret(credentials.password),
                }
            ],
            opts=child,
        )
        self.reference = image.ref
        self.repository_arn = repository.arn
        self.register_outputs({"reference": self.reference})


def source_digest(args: ContainerImageArgs) -> str:
    """16 hexadecimal digits that change with the name, the mode or the content of any file the image is built from.

    The build's own digest covers the mode, so that another umask makes another image, which needs a tag of its own.
    """
    digest = hashlib.sha256(PLATFORM.encode())
    for path in sorted({path for pattern in args.built_from for path in args.context.glob(pattern)}):
        content = path.read_bytes()
        digest.update(f"{path.name} {path.stat().st_mode:o} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


def _keep_images(count: int) -> pulumi.Output[str]:
    """The lifecycle policy that keeps the newest images, so that storage does not grow with every change."""
    rule = {
        "rulePriority": 1,
        "description": f"Keep the newest {count} images",
        "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": count},
        "action": {"type": "expire"},
    }
    return pulumi.Output.json_dumps({"rules": [rule]})
