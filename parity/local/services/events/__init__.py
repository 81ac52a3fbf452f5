"""What brings events to the program's functions: event source mappings, subscriptions to topics, targets of rules."""
