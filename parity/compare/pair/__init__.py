"""Two routes that are compared: any methods, resources, stages, APIs or stacks, local or deployed."""
