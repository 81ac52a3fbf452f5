"""Reads a Dockerfile. Knows nothing of containers."""
