"""The Lambda backend."""
