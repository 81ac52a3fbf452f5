"""Reads the OpenAPI document with which an API is imported."""
