"""Secrets, terminals and processes: what a command must not leave behind or let through."""
