"""How the names of this stack's resources begin, where Pulumi's own naming is not enough."""

import re

import pulumi

LONGEST = 100
"""Pulumi bounds a stack's name to 100 characters; CloudWatch and ECS take 255 with what is added."""


def stack_prefix() -> str:
    """The project and the stack, in characters that every AWS service takes: letters, digits, `-` and `_`."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", f"{pulumi.get_project()}-{pulumi.get_stack()}")[:LONGEST]
