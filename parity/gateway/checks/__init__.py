"""What AWS refuses or accepts although it fails, reported before the first request."""
