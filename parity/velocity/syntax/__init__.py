"""From a template's text to its tree: lexer, parser, nodes, and the checks that Velocity makes before it renders."""
