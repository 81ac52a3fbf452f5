"""ECS services as running containers."""
