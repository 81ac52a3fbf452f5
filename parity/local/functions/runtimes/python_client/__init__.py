"""What runs within a function's process. It imports nothing of Parity, and runs on every Python that Lambda has."""
