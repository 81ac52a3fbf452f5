"""What runs inside the program's process, with the Pulumi SDK. The serving side imports none of it."""
