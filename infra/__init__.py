"""The AWS resources of the stack, one component a file."""
