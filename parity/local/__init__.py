"""Runs a Pulumi program in process and makes the resources that it registers live."""
