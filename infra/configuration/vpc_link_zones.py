"""The availability zones in which API Gateway makes VPC links V2."""

from collections.abc import Iterable

ZONES = {
    "ap-east-1": ("ape1", 2, 3),
    "ap-northeast-1": ("apne1", 1, 2, 4),
    "ap-northeast-2": ("apne2", 1, 2, 3),
    "ap-south-1": ("aps1", 1, 2, 3),
    "ap-southeast-1": ("apse1", 1, 2, 3),
    "ap-southeast-2": ("apse2", 1, 2, 3),
    "ca-central-1": ("cac1", 1, 2),
    "eu-central-1": ("euc1", 1, 2, 3),
    "eu-north-1": ("eun1", 1, 2, 3),
    "eu-south-2": ("eus2", 1, 2, 3),
    "eu-west-1": ("euw1", 1, 2, 3),
    "eu-west-2": ("euw2", 1, 2, 3),
    "eu-west-3": ("euw3", 1, 3),
    "me-south-1": ("mes1", 1, 2, 3),
    "sa-east-1": ("sae1", 1, 2, 3),
    "us-east-1": ("use1", 1, 2, 4, 5, 6),
    "us-east-2": ("use2", 1, 2, 3),
    "us-gov-west-1": ("usgw1", 1, 2, 3),
    "us-west-1": ("usw1", 1, 3),
    "us-west-2": ("usw2", 1, 2, 3, 4),
}
"""By region, how the ids of its zones begin and the numbers of those that have VPC links V2. A region that is not here
has none. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-links-v2.html
"""


def zones_with_links(region: str) -> frozenset[str]:
    """The ids of the zones with VPC links V2, such as `use1-az1`; names such as `us-east-1a` differ by account."""
    prefix, *numbers = ZONES.get(region, ("",))
    return frozenset(f"{prefix}-az{number}" for number in numbers)


def usable_zones(region: str, available: Iterable[str]) -> list[str]:
    """Those of the `available` zone ids that have VPC links V2, in their order."""
    return sorted(zones_with_links(region).intersection(available))
