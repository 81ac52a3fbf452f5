"""Parity: the two custom integrations of an Amazon API Gateway REST API, side by side, on AWS and on a laptop."""
