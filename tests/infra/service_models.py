"""Holds a request to AWS's own model of the operation in botocore: members, types, enums, lengths, patterns."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import botocore.session
import regex

ELSEWHERE = {
    # EC2's model has no patterns; these are of its API reference.
    ("ec2", "Description"): r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{0,255}",
    ("ec2", "GroupDescription"): r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{0,255}",
    ("ec2", "GroupName"): r"(?!sg-)[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,255}",
    # Of API Gateway's: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html and its errors.
    ("apigateway", "stageName"): r"[a-zA-Z0-9_-]{1,128}",
    ("apigateway", "pathPart"): r"[a-zA-Z0-9._:@-]+|\{[a-zA-Z0-9._:-]+\+?\}",
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
    ("elbv2", "Name"): r"(?!internal-)(?!-)[a-zA-Z0-9-]{1,32}(?<!-)",
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html
    ("ecs", "clusterName"): r"[a-zA-Z0-9_-]{1,255}",
    ("ecs", "serviceName"): r"[a-zA-Z0-9_-]{1,255}",
    ("ecs", "family"): r"[a-zA-Z0-9_-]{1,255}",
}
"""Patterns that the models lack, by service and member."""
TAG_KEY, TAG_VALUE = r"(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}", r"[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}"
"""https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html"""


@cache
def input_shape(service: str, operation: str) -> Any:
    """The shape of an operation's input, such as `("wafv2", "CreateWebACL")`."""
    return botocore.session.get_session().get_service_model(service).operation_model(operation).input_shape


def problems(service: str, operation: str, request: Mapping[str, Any]) -> list[str]:
    """What AWS would refuse in a request, a line for each member."""
    return list(_problems(service, "", input_shape(service, operation), request))


def tag_problems(tags: Mapping[str, str]) -> list[str]:
    """Tags that some service would refuse."""
    return [
        f"tag {key!r}: {value!r}"
        for key, value in tags.items()
        if not regex.fullmatch(TAG_KEY, key) or not regex.fullmatch(TAG_VALUE, value)
    ]


def _problems(service: str, path: str, shape: Any, value: Any) -> Iterator[str]:
    kind = shape.type_name
    if kind == "structure":
        yield from _structure_problems(service, path, shape, value)
    elif kind == "list":
        yield from _size_problems(path, shape, value, len(value))
        for index, item in enumerate(value):
            yield from _problems(service, f"{path}[{index}]", shape.member, item)
    elif kind == "map":
        yield from _size_problems(path, shape, value, len(value))
        for key, item in value.items():
            yield from _problems(service, f"{path} key", shape.key, key)
            yield from _problems(service, f"{path}[{key}]", shape.value, item)
    elif kind == "string":
        yield from _string_problems(service, path, shape, value)
    elif kind in ("integer", "long", "float", "double"):
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield f"{path} is {value!r}, not a number"
        else:
            yield from _size_problems(path, shape, value, value)
    elif kind == "boolean" and not isinstance(value, bool):
        yield f"{path} is {value!r}, not a boolean"


def _structure_problems(service: str, path: str, shape: Any, value: Any) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{path} is {value!r}, not a structure"
        return
    for name in shape.required_members:
        if name not in value:
            yield f"{path}.{name} is missing"
    for name, item in value.items():
        if name not in shape.members:
            yield f"{path}.{name} is no member"
        else:
            yield from _problems(service, f"{path}.{name}".lstrip("."), shape.members[name], item)


def _string_problems(service: str, path: str, shape: Any, value: Any) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{path} is {value!r}, not a string"
        return
    yield from _size_problems(path, shape, value, len(value))
    if shape.enum and value not in shape.enum:
        yield f"{path} is {value!r}, not one of {shape.enum}"
    patterns = (shape.metadata.get("pattern"), ELSEWHERE.get((service, path.rpartition(".")[2])))
    for pattern in filter(None, patterns):
        # A range of characters beyond the basic plane is written in Java's surrogate pairs.
        if not regex.fullmatch(pattern.replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF"), value):
            yield f"{path} is {value!r}, which does not match {pattern}"


def _size_problems(path: str, shape: Any, value: Any, size: float) -> Iterator[str]:
    lowest, highest = shape.metadata.get("min"), shape.metadata.get("max")
    if lowest is not None and size < lowest:
        yield f"{path} is {value!r}, less than {lowest}"
    if highest is not None and size > highest:
        yield f"{path} is {value!r}, more than {highest}"
