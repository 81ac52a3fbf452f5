"""Arguments that several commands take, each defined once."""
