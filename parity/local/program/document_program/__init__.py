"""The Pulumi program that `parity serve api.yaml` runs: an API from an OpenAPI document, and functions from folders."""
