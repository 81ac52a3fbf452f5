"""What functions and containers reach when they call AWS: the given endpoints, or else an error; never AWS itself."""
