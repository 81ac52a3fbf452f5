"""The data plane of an API Gateway REST API, one module a lifecycle stage. Knows nothing of Pulumi."""
