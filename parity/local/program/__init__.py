"""A Pulumi program as data: project, configuration, resource records, and the process that registers them."""
