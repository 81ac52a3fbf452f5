"""Static checks of mapping templates and APIs, without a request."""
