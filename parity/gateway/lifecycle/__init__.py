"""The stages of a request, in AWS's words: method request, integration request and response, method response."""
