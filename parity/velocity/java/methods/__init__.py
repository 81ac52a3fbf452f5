"""The methods of Java's classes, one table for each class."""
