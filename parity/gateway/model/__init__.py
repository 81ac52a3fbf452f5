"""What a REST API is, what passes between the lifecycle stages, AWS's quotas, and the ports to the backends."""
