"""Tags on every resource that takes them."""

from collections.abc import Mapping
from typing import Any, cast

import pulumi


def tag_everything(tags: Mapping[str, str]) -> None:
    """Adds `tags` to each AWS resource that is registered from now on; a resource's own tags of the same name stay."""

    def add_tags(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if not args.type_.startswith("aws:") or "tags" not in args.props:
            return None
        props = dict(cast(Mapping[str, Any], args.props))
        props["tags"] = {**tags, **(props["tags"] or {})}
        return pulumi.ResourceTransformationResult(props, args.opts)

    pulumi.runtime.register_stack_transformation(add_tags)
