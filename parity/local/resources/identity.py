"""Names, ids and ARNs as AWS forms them; the same program gets the same ones each time."""

from __future__ import annotations

import hashlib
import string

LOWER_ALPHANUMERIC = string.digits + string.ascii_lowercase
HEXADECIMAL = "0123456789abcdef"


def token(seed: str, length: int, alphabet: str = LOWER_ALPHANUMERIC) -> str:
    """A random-looking text that depends on `seed` alone.

    Args:
        seed: what to derive it from, such as a URN.
        length: number of characters, at most 50.
        alphabet: the characters to choose from.
    """
    number = int.from_bytes(hashlib.sha512(seed.encode()).digest(), "big")
    characters = []
    for _ in range(length):
        number, index = divmod(number, len(alphabet))
        characters.append(alphabet[index])
    return "".join(characters)


def automatic_name(urn: str, name: str, prefix: str | None = None) -> str:
    """The physical name that Pulumi makes up: the logical one and seven hexadecimal digits.

    https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming
    """
    digits = token(urn, 7, HEXADECIMAL)
    return f"{prefix}{digits}" if prefix else f"{name}-{digits}"


def partition_of(region: str) -> str:
    """The partition of a region, the second part of an ARN."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def dns_suffix_of(region: str) -> str:
    """The domain of a region's endpoints."""
    return "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"


def arn(service: str, resource: str, *, region: str, account_id: str, global_: bool = False) -> str:
    """An ARN. `global_` leaves the region out, as IAM and S3 do."""
    return f"arn:{partition_of(region)}:{service}:{'' if global_ else region}:{account_id}:{resource}"


def kebab(name: str) -> str:
    """`camelCase` or `PascalCase` as `kebab-case`, for the resource part of an ARN."""
    return "".join(f"-{c.lower()}" if c.isupper() and index else c.lower() for index, c in enumerate(name))
