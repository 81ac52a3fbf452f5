"""The comparison as a terminal table, JSON and JUnit, and its progress."""
