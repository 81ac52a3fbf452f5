"""The REST API: its methods, integrations, stage, authorization and firewall."""
