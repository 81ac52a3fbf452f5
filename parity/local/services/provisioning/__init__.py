"""Creates a program's resources in the emulated services, with the names, ids and ARNs that the program sees."""
