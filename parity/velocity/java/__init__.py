"""Java as templates meet it: its values, their text, comparison, arithmetic and regular expressions."""
