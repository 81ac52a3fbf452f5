"""Where requests come from: case files, recordings, HARs, access logs, OpenAPI documents and models."""
