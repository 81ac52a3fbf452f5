"""The HTTP backend's image, built and run for real where there is an engine that can."""
