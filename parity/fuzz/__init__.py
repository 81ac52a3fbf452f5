"""Searches for the request that breaks an API, and shrinks it."""
