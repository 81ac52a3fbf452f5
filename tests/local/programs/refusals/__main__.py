"""Declares a REST API for each case of cases.yaml, and the case's resources in it."""

import re
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import yaml

OF_METHOD = ("MethodResponse", "Integration", "IntegrationResponse")


def resolved(value: Any, made: dict[str, Any]) -> Any:
    """The value with `$key` replaced by the id of the resource of that key, and `9 * a` by so many letters."""
    if isinstance(value, dict):
        return {name: resolved(item, made) for name, item in value.items()}
    if isinstance(value, str) and value[1:] in made and value.startswith("$"):
        return made[value[1:]].id
    times = re.fullmatch(r"(\d+) \* a", value) if isinstance(value, str) else None
    return "a" * int(times[1]) if times else value


def served(entries: list[Any]) -> list[Any]:
    """What a case lacks to be deployed and served: integrations for its methods, a deployment and a stage."""
    kinds = {entry[0] for entry in entries}
    missing = [["Method", "added-m", {"http_method": "PUT"}]] if "Method" not in kinds else []
    methods = [dict(entry[2] if len(entry) > 2 else {}) for entry in [*entries, *missing] if entry[0] == "Method"]
    if "Integration" not in kinds:
        for number, method in enumerate(methods):
            integration = {"http_method": method.get("http_method", "GET"), "type": "MOCK"}
            missing.append(["Integration", f"added-{number}", integration])
    return [*missing, ["Deployment", "added-d"], ["Stage", "added-s", {"stage_name": "dev", "deployment": "$added-d"}]]


def declare(case: str, settings: dict[str, Any]) -> None:
    """Declares the API of one case, one resource after the other, as AWS would create them."""
    api = aws.apigateway.RestApi(f"{case}/api", **settings.get("api", {}))
    made: dict[str, Any] = {"api": api}
    entries = [*settings.get("resources", ())]
    if deploys:
        entries += served(entries)
    for entry in entries:
        kind, key, arguments = *entry[:2], dict(entry[2] if len(entry) > 2 else {})
        if kind in ("Response", "DocumentationPart"):
            arguments.setdefault("rest_api_id", api.id)
        elif kind not in ("ApiKey", "VpcLink"):
            arguments.setdefault("rest_api", api.id)
        if kind == "Resource":
            arguments.setdefault("parent_id", api.root_resource_id)
        if kind in ("Method", *OF_METHOD):
            arguments = {"resource_id": api.root_resource_id, "http_method": "GET", **arguments}
        if kind == "Method":
            arguments.setdefault("authorization", "NONE")
        made[key] = getattr(aws.apigateway, kind)(
            f"{case}/{key}",
            **resolved(arguments, made),
            opts=pulumi.ResourceOptions(depends_on=list(made.values())),
        )


config = pulumi.Config()
deploys = config.get_bool("deploys")
for case, settings in yaml.safe_load(Path(config.require("cases")).read_text()).items():
    if not deploys or "refused" not in settings:
        declare(case, settings)
