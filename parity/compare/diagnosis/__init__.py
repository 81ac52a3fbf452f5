"""Why an answer is not the expected one: the reason that the gateway has, the template that broke, and where."""
