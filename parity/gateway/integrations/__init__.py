"""The integration types HTTP, HTTP_PROXY, AWS, AWS_PROXY and MOCK: each sends the integration request."""
