"""Measurements of what the README claims, each side by side in one run."""
