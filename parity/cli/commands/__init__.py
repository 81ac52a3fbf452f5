"""The commands, a module each: `add_arguments(parser)` adds what a command takes, `run(options)` runs it."""
