"""The HTTP backend: the container, its service, and the private network in front of it."""
