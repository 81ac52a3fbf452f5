"""What a private integration leads to is found through the resources alone."""

from pathlib import Path
from typing import Any

import pytest

from parity.errors import UserError
from parity.local.containers.containers import image_source
from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import ResourceIndex
from parity.local.rest_api.private_endpoints import PrivateEndpoints, service_containers


def record(type_: str, id_: str, **inputs: Any) -> ResourceRecord:
    """A resource whose ARN is its id."""
    return ResourceRecord(type=type_, name=id_, urn=f"urn:{id_}", id=id_, inputs=inputs, outputs={**inputs, "arn": id_})


def listener(id_: str, port: int, group: str, balancer: str = "alb") -> ResourceRecord:
    """A listener that forwards to a target group."""
    action = {"type": "forward", "targetGroupArn": group}
    return record("aws:lb/listener:Listener", id_, loadBalancerArn=balancer, port=port, defaultActions=[action])


def groups(
    *records: ResourceRecord, link: str = "link", target: str | None = "alb", uri: str = "http://x/"
) -> list[str]:
    """The target groups behind a VPC link."""
    return PrivateEndpoints(ResourceIndex(records)).target_groups(link, target, uri)


def test_the_port_of_the_uri_chooses_the_listener() -> None:
    listeners = listener("a", 80, "plain"), listener("b", 8080, "other"), listener("c", 443, "secure")
    assert groups(*listeners) == ["plain"]
    assert groups(*listeners, uri="http://x:8080/") == ["other"]
    assert groups(*listeners, uri="https://x/") == ["secure"]


def test_a_vpc_link_of_version_1_names_its_load_balancer() -> None:
    link = record("aws:apigateway/vpcLink:VpcLink", "link", targetArn="nlb")
    assert groups(link, listener("a", 80, "group", balancer="nlb"), target=None) == ["group"]


def test_the_target_may_be_a_listener() -> None:
    assert groups(listener("a", 80, "group"), target="a") == ["group"]


def test_rules_come_after_the_default_action() -> None:
    fixed = record("aws:lb/listener:Listener", "a", loadBalancerArn="alb", port=80, defaultActions=[{"type": "fixed"}])
    forward = {"targetGroups": [{"arn": "one"}, {"arn": "two"}]}
    rule = record("aws:lb/listenerRule:ListenerRule", "r", listenerArn="a", actions=[{"forward": forward}])
    assert groups(fixed, rule) == ["one", "two"]


def test_what_leads_nowhere_has_no_target_group() -> None:
    assert groups() == []
    assert groups(listener("a", 80, "group"), target="another") == []


def test_the_container_of_a_service_is_the_one_that_its_load_balancer_names() -> None:
    definitions = '[{"name": "sidecar"}, {"name": "app", "image": "i"}]'
    task = record("aws:ecs/taskDefinition:TaskDefinition", "task", containerDefinitions=definitions)
    group = record("aws:lb/targetGroup:TargetGroup", "group", healthCheck={"path": "/up"})
    balanced = {"targetGroupArn": "group", "containerName": "app", "containerPort": 8080}
    service = record("aws:ecs/service:Service", "service", taskDefinition="task", loadBalancers=[balanced])
    (found,) = service_containers(ResourceIndex([task, group, service]), service)
    assert (found.definition["image"], found.port, found.health_check_path) == ("i", 8080, "/up")


@pytest.mark.parametrize(("given", "message"), [("[{", "is not JSON"), ('"app"', "write a list of containers")])
def test_container_definitions_that_aws_would_refuse_are_told(given: str, message: str) -> None:
    task = record("aws:ecs/taskDefinition:TaskDefinition", "task", containerDefinitions=given)
    service = record("aws:ecs/service:Service", "service", taskDefinition="task")
    with pytest.raises(UserError, match=message) as error:
        list(service_containers(ResourceIndex([task, service]), service))
    assert str(error.value).startswith('aws.ecs.TaskDefinition "task": container_definitions is ')


BUILT = record(
    "docker-build:index:Image",
    "image",
    tags=["registry/app:1"],
    context={"location": "./app"},
    dockerfile={"location": "./docker/App.dockerfile"},
    buildArgs={"VERSION": "1"},
    target="final",
    ref="registry/app:1@sha256:aa",
    digest="sha256:aa",
)


@pytest.mark.parametrize("reference", ["registry/app:1@sha256:aa", "registry/app:1", "elsewhere/app@sha256:aa"])
def test_an_image_is_found_by_reference_tag_or_digest(tmp_path: Path, reference: str) -> None:
    source = image_source(reference, ResourceIndex([BUILT]), tmp_path)
    assert (source.context, source.target) == (tmp_path / "app", "final")
    assert source.dockerfile == tmp_path / "docker" / "App.dockerfile"
    assert source.build_args == {"VERSION": "1"}


def test_another_image_is_only_a_name(tmp_path: Path) -> None:
    source = image_source("public/other:2", ResourceIndex([BUILT]), tmp_path)
    assert (source.context, source.reference) == (None, "public/other:2")
