"""Sends the same requests to both integrations and explains each difference."""
