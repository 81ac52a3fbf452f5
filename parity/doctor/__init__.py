"""Checks a deployed stack: routes, error mapping, logs and VPC link, each failure with its cause and fix."""

from parity.doctor.check import Check, Outcome
from parity.doctor.deployed_api import DeployedApi
from parity.doctor.routes import check_routes
from parity.doctor.surroundings import check_surroundings

__all__ = ["Check", "DeployedApi", "Outcome", "check_routes", "check_surroundings"]
