"""A module beside the program."""

NAME = "beside"
