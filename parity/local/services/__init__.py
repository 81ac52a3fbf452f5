"""AWS services for a program's integrations, functions and containers: an emulator, its resources, event sources."""
