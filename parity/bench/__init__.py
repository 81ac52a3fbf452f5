"""Load on both backends, by Locust."""
