"""What AWS would answer: the computed outputs of resources, and look-ups, by service."""
