"""Who may call: authorizers, IAM signatures, API keys, usage plans, throttling and resource policies."""
