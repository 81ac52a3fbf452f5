"""From the registered resources to the definition of a REST API: API Gateway's control plane."""
