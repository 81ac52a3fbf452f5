"""What must be true of the account and the region, looked up before anything is made."""

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

import pulumi
import pulumi_aws as aws

from infra.configuration.account import Account
from infra.configuration.settings import Settings
from infra.configuration.vpc_link_zones import ZONES, usable_zones, zones_with_links

T = TypeVar("T")

CONCURRENCY_QUOTA = "L-B99A9384"
"""Lambda's quota "Concurrent executions", an account's in a region."""
UNRESERVED = 100
"""Concurrent executions that Lambda lets no function reserve.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
"""
ECS_ROLE = "AWSServiceRoleForECS"


class PrerequisiteError(pulumi.RunError):
    """What stands in the way of a deployment, a line each with its fix; Pulumi prints it without a traceback."""

    def __init__(self, problems: list[str]) -> None:
        lines = "".join(f"\n  {problem}" for problem in problems)
        super().__init__(f"this account or region cannot take the stack as it is configured:{lines}")
        self.problems = problems


def check_prerequisites(settings: Settings, account: Account) -> None:
    """Looks up what AWS would refuse only after some resources have been made.

    Raises:
        PrerequisiteError: with every problem at once.
    """
    problems = [*_concurrency_problems(settings, account)]
    if settings.has_container:
        problems += [*_image_problems(settings, account), *_ecs_role_problems()]
        problems += _subnet_problems(settings, account) if settings.vpc_id else _zone_problems(account)
    if problems:
        raise PrerequisiteError(problems)


def available_zones(account: Account) -> list[str]:
    """The ids of the zones that this account can use and that have VPC links V2; two or more once they are checked."""
    zones = aws.get_availability_zones(
        state="available", filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}]
    )
    return usable_zones(account.region, zones.zone_ids)


def _zone_problems(account: Account) -> Iterator[str]:
    if account.region not in ZONES:
        yield (
            f"{account.region} has no VPC links V2, by which the API reaches the container; set parity:httpEndpoint to "
            f"an existing service, set parity:backend to lambda, or set aws:region to one of {', '.join(ZONES)}"
        )
    elif len(zones := available_zones(account)) < 2:
        yield (
            f"the container needs two zones with VPC links V2, which in {account.region} are "
            f"{', '.join(sorted(zones_with_links(account.region)))}; this account can use "
            f"{', '.join(zones) or 'none of them'}: set aws:region to another region, or parity:httpEndpoint to an "
            "existing service"
        )


def _subnet_problems(settings: Settings, account: Account) -> Iterator[str]:
    """Existing subnets in zones without VPC links V2. Of a region that is not in the table, AWS decides."""
    for id_ in settings.subnet_ids if account.region in ZONES else ():
        subnet = _looked_up(lambda id_=id_: aws.ec2.get_subnet(id=id_))  # type: ignore[misc]
        if subnet is not None and subnet.availability_zone_id not in zones_with_links(account.region):
            yield (
                f"{id_} of parity:subnetIds is in the zone {subnet.availability_zone_id}, which has no VPC links V2; "
                f"name subnets in two of {', '.join(sorted(zones_with_links(account.region)))}"
            )


def _image_problems(settings: Settings, account: Account) -> Iterator[str]:
    """An image that tasks without a way to the internet cannot pull. In an existing VPC its owner decides."""
    registry = settings.image.partition("/")[0]
    match = re.fullmatch(r"\d{12}\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?", registry)
    if settings.image and not settings.vpc_id and match and match[1] != account.region:
        here = registry.replace(match[1], account.region)
        yield (
            f"parity:image is in ECR of {match[1]}, and the private subnets reach ECR of {account.region} alone; push "
            f"the image to {here}, or replicate the repository to this region"
        )


def _concurrency_problems(settings: Settings, account: Account) -> Iterator[str]:
    if not settings.has_lambda or not settings.lambda_concurrency:
        return
    quota = _looked_up(lambda: aws.servicequotas.get_service_quota(service_code="lambda", quota_code=CONCURRENCY_QUOTA))
    wanted = settings.lambda_concurrency + UNRESERVED
    if quota is not None and wanted > quota.value:
        yield (
            f"parity:lambdaConcurrency is {settings.lambda_concurrency}, and this account may run {quota.value:g} "
            f"functions at once in {account.region}, of which {UNRESERVED} stay unreserved; set it to "
            f"{max(0, int(quota.value) - UNRESERVED)}, or ask for more: aws service-quotas "
            f"request-service-quota-increase --service-code lambda --quota-code {CONCURRENCY_QUOTA} --desired-value "
            f"{max(wanted, 1000)} --region {account.region}"
        )


def _ecs_role_problems() -> Iterator[str]:
    """ECS makes its service-linked role with an account's first cluster, which fails as long as the role is new."""
    roles = _looked_up(
        lambda: aws.iam.get_roles(name_regex=f"^{ECS_ROLE}$", path_prefix="/aws-service-role/ecs.amazonaws.com/")
    )
    if roles is not None and not roles.names:
        yield (
            f"this account has no role {ECS_ROLE}, and ECS makes its first cluster fail while it makes the role; make "
            "it once, and try again: aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com"
        )


def _looked_up(look_up: Callable[[], T]) -> T | None:
    """What a look-up answers, or None with a warning where one may deploy but not look."""
    try:
        return look_up()
    except Exception as error:  # the SDK raises no narrower class for an invoke that failed
        pulumi.log.warn(f"a prerequisite was not checked: {error}")
        return None
