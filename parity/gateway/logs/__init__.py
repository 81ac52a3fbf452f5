"""The access log, the execution log and the trace of a request."""
