"""The program under the real Pulumi engine, with a provider that stands in for AWS.

These tests run wherever `pulumi` and its Python language host are on the PATH, and are skipped, saying so, elsewhere.
`test_arguments.py` needs no Pulumi CLI.
"""
