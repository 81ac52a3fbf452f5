"""What the control plane of API Gateway refuses when a resource is created, in AWS's words.

The words were recorded on AWS (LocalStack's snapshots test_apigateway_api, _extended, _integrations and _lambda) unless
a comment says otherwise. What AWS takes is never refused here.
"""

from collections.abc import Iterator

from parity.gateway.checks.problem import Problem
from parity.local.program.resource_index import ResourceIndex
from parity.local.rest_api.refusals.account import refused_account
from parity.local.rest_api.refusals.apis import refused_apis
from parity.local.rest_api.refusals.declared_ids import DeclaredIds
from parity.local.rest_api.refusals.integrations import refused_integrations
from parity.local.rest_api.refusals.methods import refused_methods
from parity.local.rest_api.refusals.resources import refused_resources
from parity.local.rest_api.refusals.values import refused_values

__all__ = ["refusals"]


def refusals(resource_index: ResourceIndex) -> Iterator[Problem]:
    """The resources of a program that AWS would refuse to create: one error for each, the first that AWS reports.

    Args:
        resource_index: the program's resources.
    """
    ids = DeclaredIds(resource_index)
    yield from refused_apis(resource_index, ids)
    yield from refused_resources(resource_index, ids)
    yield from refused_methods(resource_index, ids)
    yield from refused_integrations(resource_index, ids)
    yield from refused_account(resource_index, ids)
    yield from refused_values(resource_index)
