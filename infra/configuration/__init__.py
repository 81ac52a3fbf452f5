"""The stack's settings and what the account must have before anything is made."""
