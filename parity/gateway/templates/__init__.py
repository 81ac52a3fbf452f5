"""Mapping templates: `$input`, `$util` and `$context` as a template sees them."""
