"""Exports what it was configured with, and where it runs."""

from pathlib import Path

import pulumi
import pulumi_aws as aws
from beside import NAME

config = pulumi.Config()
pulumi.export("size", config.require_int("size"))
pulumi.export("names", config.require_object("names"))
pulumi.export("verbose", config.require_bool("verbose"))
pulumi.export("label", config.require("label"))
pulumi.export("region", aws.get_region().region)
pulumi.export("folder", Path.cwd().name)
pulumi.export("beside", NAME)
pulumi.export("identity", f"{pulumi.get_project()}/{pulumi.get_stack()}")
